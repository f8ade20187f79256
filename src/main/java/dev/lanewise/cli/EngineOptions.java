package dev.lanewise.cli;

import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options of {@code train} that say what computes. They change its speed, never its results.
 */
@Command(optionListHeading = "Speed; the results are the same:%n")
final class EngineOptions {

  private static final List<String> KERNELS =
      List.of("auto", "scalar", "vector", "vector128", "vector256", "vector512");

  @Option(names = "--threads", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int threads = 1;

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      description = "auto, scalar, vector, vector128, vector256 or vector512. Default: auto.")
  private String kernels;

  /** Checks the options. */
  void check(CommandSpec spec) {
    Usage.require(
        spec,
        threads >= 1 && threads <= 1024,
        "--threads: %d; expected a number from 1 to 1024",
        threads);
    Usage.require(
        spec,
        kernels == null || KERNELS.contains(kernels),
        "--kernels: %s; expected one of %s",
        kernels,
        String.join(", ", KERNELS));
  }

  /** {@return the engine; its helper threads end with the JVM} */
  Engine engine() {
    Engine engine = kernels();
    if (threads == 1) {
      return engine;
    }
    ExecutorService helpers =
        Executors.newFixedThreadPool(threads - 1, Thread.ofPlatform().daemon().factory());
    return engine.withParallel(Parallel.on(helpers, threads));
  }

  /** Not every machine has the kernels that an option may name. */
  private Engine kernels() {
    if (kernels == null) {
      return Engine.standard();
    }
    try {
      return Engine.of(kernels);
    } catch (UnsupportedOperationException e) {
      throw new UnsupportedOperationException(
          "--kernels %s; expected kernels that this machine has, or auto".formatted(e.getMessage()),
          e);
    }
  }
}
