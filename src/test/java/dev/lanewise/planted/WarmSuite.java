package dev.lanewise.planted;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The suite again and again in one JVM, which knows JUnit and jqwik by heart after the first time:
 * each time a class loader of its own has the tests and a bug's classes.
 */
final class WarmSuite {

  private WarmSuite() {}

  /**
   * Runs the suite for each line of the standard input: a folder with the engine's classes, one
   * with the tests', where the report goes, and a file with the names of test classes, separated by
   * tabs.
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split("\t");
      FirstFailure suite = new FirstFailure(Path.of(words[2]), false, System.currentTimeMillis());
      run(suite, new BugFirst(words[0], words[1]), Files.readAllLines(Path.of(words[3])));
    }
    Runtime.getRuntime().halt(0);
  }

  private static void run(FirstFailure suite, BugFirst loader, List<String> names)
      throws IOException, ClassNotFoundException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try (loader) {
      suite.run(names, loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Has our classes from two folders, all others from the JVM's class path. */
  private static final class BugFirst extends URLClassLoader {

    BugFirst(String classes, String tests) throws MalformedURLException {
      super(new URL[] {url(classes), url(tests)}, WarmSuite.class.getClassLoader());
    }

    private static URL url(String folder) throws MalformedURLException {
      return Path.of(folder).toUri().toURL();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.lanewise.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
