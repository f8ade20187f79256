package dev.lanewise.planted;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One bug on trial: a copy of the engine with the bug in it, under the suite of the tests as they
 * are. First in a warm JVM, quickly; what survives that faces the suite as in a build: with the
 * vector kernels, then the tests of kernels once more without the Vector API, and at 128 bits.
 */
final class Trial {

  /**
   * Test classes of the second round alone: the first ones start JVMs of their own, which would not
   * see the bug, and the others take as long as all the rest together.
   */
  static final Set<String> SECOND_ROUND =
      Set.of(
          "dev.lanewise.ModulePathTest",
          "dev.lanewise.OtherJvmsTest",
          "dev.lanewise.cli.InstalledLauncherTest",
          "dev.lanewise.cli.KillTest",
          "dev.lanewise.cli.SignalsTest",
          "dev.lanewise.hostile.LargeHeadersTest",
          "dev.lanewise.kernel.WidthsTest",
          "dev.lanewise.check.GradientFiguresTest",
          "dev.lanewise.cli.GradCheckTest",
          "dev.lanewise.course.CourseReplayTest",
          "dev.lanewise.hostile.FuzzTest",
          "dev.lanewise.random.WordBatteryTest");

  private static final String SUITE = "suite.txt";
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private static final List<Jvm> JVMS =
      List.of(
          new Jvm(
              "vector",
              "all",
              List.of(
                  VECTORS, "-Dlanewise.kernels=vector", "-Dlanewise.expectedKernels=preferred")),
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
   * @param bug the bug
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

  /** Builds the engine with the bug in it. */
  private Path build() throws IOException {
    Path classes = folder.resolve("classes");
    if (!Files.exists(classes)) {
      copy(target.resolve("classes"), classes);
      // Apart, because a module descriptor beside them would ask for modules.
      Path changed = Files.createDirectories(folder.resolve("changed"));
      compile(broken(), changed);
      copy(changed, classes);
    }
    return classes;
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** {@return copies of the sources to be compiled, the bug among them} */
  private List<Path> broken() throws IOException {
    boolean constant = bug.edits().stream().anyMatch(Edit::changesConstant);
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Catalogue.SOURCES)) {
      for (Path original : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Path relative = Catalogue.SOURCES.relativize(original);
        String name = relative.toString().replace(File.separatorChar, '/');
        String source = Files.readString(original);
        String broken = bug.applyTo(name, source);
        if (constant || !broken.equals(source)) {
          Path copy = folder.resolve("src").resolve(relative);
          Files.createDirectories(copy.getParent());
          copies.add(Files.writeString(copy, broken));
        }
      }
    }
    return copies;
  }

  /** Compiles what the bug changes; all, if that may be a constant, which lives on in others. */
  private void compile(List<Path> sources, Path classes) throws IOException {
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
            "-g", // messages name arguments by the names of variables
            "-parameters",
            "-nowarn");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new IllegalStateException("%s does not compile: %s".formatted(bug.id(), said));
      }
    }
  }

  /**
   * {@return what comes of the suite in a warm JVM, with scalar kernels and few tries} A JVM that
   * hangs or ends counts as survival here: on a busy machine, time alone convicts nobody.
   */
  Verdict quick(WarmJvm jvm) throws IOException, InterruptedException {
    Path report = folder.resolve("quick.txt");
    Path suite = Files.createDirectories(folder).resolve(SUITE);
    List<String> classes =
        order.classes(bug).stream().filter(name -> !SECOND_ROUND.contains(name)).toList();
    Files.write(suite, classes);
    String said = jvm.run(build(), report, suite);
    Verdict verdict = verdict("", said);
    return verdict.outcome == Outcome.ERROR
        ? new Verdict(Outcome.SURVIVED, "stopped in " + said.split("\t")[0], 0)
        : verdict;
  }

  /** {@return whether only kernels of the Vector API are changed} */
  boolean onlyVectors() {
    return bug.edits().stream().allMatch(edit -> edit.className().startsWith("Vector"));
  }

  /** {@return what comes of the suite as in a build, in JVMs of its own} */
  Verdict thorough() throws IOException, InterruptedException {
    Path classes = build();
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
        ? verdict(jvm.kernels.equals("vector") ? "" : " (%s)".formatted(jvm.kernels), said)
        : new Verdict(Outcome.HUNG, said.split("\t")[0], limitSeconds);
  }

  private static Verdict verdict(String kernels, String line) {
    String[] words = line.split("\t");
    if (words.length != 3) {
      return new Verdict(Outcome.ERROR, "JVM ended in " + line, 0);
    }
    double seconds = Double.parseDouble(words[2]);
    return words[0].isEmpty()
        ? new Verdict(Outcome.SURVIVED, words[1] + kernels, seconds)
        : new Verdict(Outcome.CAUGHT, words[0] + kernels, seconds);
  }
}
