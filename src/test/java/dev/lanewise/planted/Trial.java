package dev.lanewise.planted;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One bug on trial: a copy of the sources with the bug in it, compiled, under the suite of the
 * tests as they are. The suite runs with the vector kernels; what survives that faces the tests of
 * kernels once more without the Vector API, and at 128 bits, as in a build.
 */
final class Trial {

  private static final String SUITE = "suite.txt";
  private static final String MODULE = "module-info.class";
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private static final List<Jvm> JVMS =
      List.of(
          new Jvm("vector", "all", List.of(VECTORS, "-Dlanewise.expectedKernels=preferred")),
          new Jvm("scalar", "kernels", List.of("-Dlanewise.expectedKernels=scalar")),
          new Jvm(
              "vector128",
              "kernels",
              List.of(
                  VECTORS,
                  "-Dlanewise.kernels=vector128",
                  "-Dlanewise.expectedKernels=vector128")));

  private final Bug bug;
  private final Path folder;
  private final Path target;
  private final SuiteOrder order;
  private final long limitSeconds;

  /** A run of the suite. */
  private record Jvm(String kernels, String tests, List<String> options) {}

  /** What can come of a trial. */
  enum Outcome {
    CAUGHT,
    HUNG,
    SURVIVED,
    ERROR
  }

  /**
   * What has come of a trial.
   *
   * @param by the test, and the kernels if not the vectors; or what went wrong
   * @param seconds from the start of the JVMs to their end, all together
   */
  record Verdict(Outcome outcome, String by, double seconds) {}

  /**
   * @param bug the bug; without edits, the trial is of the sources as they are
   * @param folder where copies and logs go
   * @param target the folder of what is built
   * @param order in what order tests are run
   * @param limitSeconds after which a JVM counts as hung
   */
  Trial(Bug bug, Path folder, Path target, SuiteOrder order, long limitSeconds) {
    this.bug = bug;
    this.folder = folder;
    this.target = target;
    this.order = order;
    this.limitSeconds = limitSeconds;
  }

  /** Copies, edits, compiles and runs. */
  Verdict verdict() throws IOException, InterruptedException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    try {
      compile(copy(), classes);
      // The sources are compiled without it, on the class path, as the suite is.
      Files.copy(target.resolve("classes").resolve(MODULE), classes.resolve(MODULE));
    } catch (IllegalStateException e) {
      return new Verdict(Outcome.ERROR, e.getMessage(), 0);
    }
    Files.write(folder.resolve(SUITE), order.classes(bug));
    double seconds = 0;
    String passed = "";
    for (Jvm jvm : JVMS) {
      Verdict verdict = run(jvm, classes);
      seconds += verdict.seconds;
      if (verdict.outcome != Outcome.SURVIVED) {
        return new Verdict(verdict.outcome, verdict.by, seconds);
      }
      passed += (passed.isEmpty() ? "" : ", ") + verdict.by;
    }
    return new Verdict(Outcome.SURVIVED, passed, seconds);
  }

  /** {@return the copied sources, the bug among them} */
  private List<Path> copy() throws IOException {
    List<Path> originals;
    try (Stream<Path> files = Files.walk(Catalogue.SOURCES)) {
      originals = files.filter(f -> f.toString().endsWith(".java")).toList();
    }
    List<Path> copies = new ArrayList<>();
    for (Path original : originals) {
      Path relative = Catalogue.SOURCES.relativize(original);
      String name = relative.toString().replace(File.separatorChar, '/');
      String source = Files.readString(original);
      for (Edit edit : bug.edits()) {
        source = edit.file().equals(name) ? edit.applyTo(source) : source;
      }
      Path copy = folder.resolve("src").resolve(relative);
      Files.createDirectories(copy.getParent());
      copies.add(Files.writeString(copy, source));
    }
    return copies;
  }

  /** Compiles all, since constants of one class live on in others. */
  private static void compile(List<Path> sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "--add-modules",
            "jdk.incubator.vector",
            "-proc:none",
            "-parameters",
            "-nowarn");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new IllegalStateException("does not compile: " + said);
      }
    }
  }

  /** Runs the suite once. */
  private Verdict run(Jvm jvm, Path classes) throws IOException, InterruptedException {
    Path report = folder.resolve(jvm.kernels + ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm.options);
    command.addAll(
        List.of(
            "-cp",
            classes + File.pathSeparator + System.getProperty("java.class.path"),
            FirstFailure.class.getName(),
            report.toString(),
            jvm.tests,
            folder.resolve(SUITE).toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(jvm.kernels + ".log").toFile())
            .start();
    boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String said = Files.exists(report) ? Files.readString(report) : "";
    return ended
        ? verdict(jvm, said)
        : new Verdict(Outcome.HUNG, said.split("\t")[0], limitSeconds);
  }

  private static Verdict verdict(Jvm jvm, String line) {
    String[] words = line.split("\t");
    if (words.length != 3) {
      return new Verdict(Outcome.ERROR, "JVM ended in " + line, 0);
    }
    double seconds = Double.parseDouble(words[2]);
    String kernels = jvm.kernels.equals("vector") ? "" : " (%s)".formatted(jvm.kernels);
    return words[0].isEmpty()
        ? new Verdict(Outcome.SURVIVED, words[1] + kernels, seconds)
        : new Verdict(Outcome.CAUGHT, words[0] + kernels, seconds);
  }
}
