package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays the experiments that the course published, and shows our numbers beside its own. */
@Command(
    name = "course",
    description = "Replays the course's published experiments, ours beside the published numbers.")
final class Course implements Callable<Integer> {

  private static final List<String> EXPERIMENTS =
      List.of("football", "circles", "moons", "batch-norm", "trajectories");

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with the course's sets in football, circles and moons. What is absent is"
              + " generated.")
  private Path data;

  @Option(
      names = "--only",
      paramLabel = "NAMES",
      description = "Some of football,circles,moons,batch-norm,trajectories. Default: all.")
  private String only = String.join(",", EXPERIMENTS);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Seeds that football is repeated with. Default: ${DEFAULT-VALUE}.")
  private int seeds = 20;

  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<String> chosen = List.of(only.split(",", -1));
    for (String name : chosen) {
      Usage.require(
          spec,
          EXPERIMENTS.contains(name),
          "--only: %s; expected some of %s",
          only,
          String.join(",", EXPERIMENTS));
    }
    Usage.require(
        spec,
        seeds >= 0 && seeds <= 10_000,
        "--seeds: %d; expected a number from 0 to 10000",
        seeds);
    engine.check(spec);
    CourseSets sets = CourseSets.in(data);
    CourseRuns runs = new CourseRuns(engine.engine(), spec.commandLine().getErr());
    CourseReport report = new CourseReport(spec.commandLine().getOut(), json);
    for (String name : EXPERIMENTS) {
      if (chosen.contains(name)) {
        replay(name, sets, runs, report);
      }
    }
    report.end(runs.engine().kernels().name());
    return 0;
  }

  private void replay(String name, CourseSets sets, CourseRuns runs, CourseReport report)
      throws IOException {
    switch (name) {
      case "football" ->
          report.add(
              new FootballReplay(sets.football(), FootballReplay.ITERATIONS, seeds).run(runs));
      case "circles" ->
          report.add(new CirclesReplay(sets.circles(), CirclesReplay.ITERATIONS).run(runs));
      case "moons" -> report.add(new MoonsReplay(sets.moons(), MoonsReplay.EPOCHS).run(runs));
      case "batch-norm" -> report.add(BatchNormReplay.run(runs.engine()));
      case "trajectories" -> report.add(TrajectoryReplay.run(runs.engine()));
      default -> throw new AssertionError(name);
    }
  }
}
