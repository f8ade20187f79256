package dev.lanewise.jmh.fresh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Starts many fresh JVMs, every other one beside two busy loops, and prints how they spread: the
 * first call, the wait until calls allocate nothing, the speed after that. What C2 makes of a
 * kernel depends on what it saw first, so that one JVM says nothing about the next.
 */
final class FreshJvms {

  /** The slowest JVM's speed beside the median, at least. */
  private static final double BAR = 0.9;

  private static final String USAGE =
      """
      usage: jmh/fresh [options] [work...]
      work: %s; A, B, row and rows without any
      --jvms     how many of each, every other one beside busy loops (20)
      --kernels  as the command line has them (auto)
      --busy     how many loops (2)
      --hold     seconds of the processor without a byte, after which a JVM ends (3)
      --longest  seconds of the processor after which it ends without (60)
      --classes  the engine's classes, where they are not this working tree's
      --options  for the JVMs, in one word ("")\
      """
          .formatted(String.join(", ", FreshWork.NAMES));

  private final Map<String, String> options =
      new HashMap<>(
          Map.of(
              "--jvms",
              "20",
              "--kernels",
              "auto",
              "--busy",
              "2",
              "--hold",
              "3",
              "--longest",
              "60",
              "--classes",
              "",
              "--options",
              ""));
  private final List<String> work = new ArrayList<>();

  private FreshJvms(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (options.containsKey(arguments[i]) && i + 1 < arguments.length) {
        options.put(arguments[i], arguments[++i]);
      } else if (FreshWork.NAMES.contains(arguments[i])) {
        work.add(arguments[i]);
      } else {
        throw new IllegalArgumentException(arguments[i]);
      }
    }
    if (work.isEmpty()) {
      work.addAll(List.of("A", "B", "row", "rows"));
    }
  }

  /** What a JVM printed. */
  private record Result(Map<String, String> values) {

    boolean arrived() {
      return Boolean.parseBoolean(values.get("arrived"));
    }

    double value(String name) {
      return Double.parseDouble(values.get(name));
    }
  }

  /** Ends with 1 if a bar is missed, with 2 if the arguments are wrong. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    FreshJvms jvms;
    int count;
    int busy;
    try {
      jvms = new FreshJvms(arguments);
      count = Integer.parseInt(jvms.options.get("--jvms"));
      busy = Integer.parseInt(jvms.options.get("--busy"));
      Double.parseDouble(jvms.options.get("--hold"));
      Double.parseDouble(jvms.options.get("--longest"));
    } catch (IllegalArgumentException e) {
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    boolean met = true;
    for (String name : jvms.work) {
      List<Result> quiet = new ArrayList<>();
      List<Result> beside = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        boolean loaded = i % 2 == 1 && busy > 0;
        (loaded ? beside : quiet).add(jvms.run(name, loaded ? busy : 0));
      }
      System.out.println(HEADER);
      met &= print(name, "alone", quiet);
      if (!beside.isEmpty()) {
        met &= print(name, "beside " + busy, beside);
      }
      System.out.println();
    }
    System.exit(met ? 0 : 1);
  }

  private Result run(String name, int loops) throws IOException, InterruptedException {
    String own = System.getProperty("java.class.path");
    String classes = options.get("--classes");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(
        Arrays.stream(options.get("--options").split("\\s+"))
            .filter(option -> !option.isEmpty())
            .toList());
    command.add("-cp");
    command.add(classes.isEmpty() ? own : classes + System.getProperty("path.separator") + own);
    command.add(FreshJvm.class.getName());
    command.addAll(
        List.of(name, options.get("--kernels"), options.get("--hold"), options.get("--longest")));
    Busy beside = new Busy(loops);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      List<String> lines;
      try (var reader = process.inputReader()) {
        lines = reader.readAllLines();
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join("\n", command) + "\n" + lines);
      }
      Map<String, String> values = new HashMap<>();
      for (String line : lines) {
        if (line.startsWith("fresh ")) {
          for (String pair : line.substring(6).split(" ")) {
            String[] sides = pair.split("=");
            values.put(sides[0], sides[1]);
          }
        } else {
          System.out.println(line);
        }
      }
      System.out.printf(
          "%s%s: %s%n", name, loops > 0 ? ", busy" : "", lines.getFirst().substring(6));
      return new Result(values);
    } finally {
      beside.end();
    }
  }

  private static final String HEADER =
      """
      | work | beside | JVMs | not arrived | first call, ms | ms of clock | clean after, s | s of clock | bytes a call | µs a call | slowest |
      |---|---|---:|---:|---|---|---|---|---|---|---:|\
      """;

  /** Prints least, median and most; {@return whether all arrived at nearly the same speed} */
  private static boolean print(String name, String where, List<Result> results) {
    long lost = results.stream().filter(result -> !result.arrived()).count();
    double[] calls = sorted(results, result -> result.value("call"));
    double slowest = median(calls) / calls[calls.length - 1];
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %d | %s | %s | %s | %s | %s | %s | %.2f |%n",
        name,
        where,
        results.size(),
        lost,
        spread(results, "first"),
        spread(results, "firstWall"),
        spread(results, "until"),
        spread(results, "untilWall"),
        spread(results, "bytes"),
        spread(results, "call"),
        slowest);
    return lost == 0 && slowest >= BAR;
  }

  private static String spread(List<Result> results, String name) {
    double[] values = sorted(results, result -> result.value(name));
    return String.format(
        Locale.ROOT, "%.4g, %.4g, %.4g", values[0], median(values), values[values.length - 1]);
  }

  private static double[] sorted(List<Result> results, ToDoubleFunction<Result> value) {
    return results.stream().mapToDouble(value).sorted().toArray();
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Threads of this JVM that keep processors busy until they are ended, or for ten minutes. */
  private static final class Busy {
    private final List<Thread> threads = new ArrayList<>();
    private final long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    private volatile boolean ended;

    Busy(int count) {
      for (int i = 0; i < count; i++) {
        threads.add(Thread.ofPlatform().daemon().start(this::spin));
      }
    }

    private void spin() {
      while (!ended && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }

    void end() {
      ended = true;
    }
  }
}
