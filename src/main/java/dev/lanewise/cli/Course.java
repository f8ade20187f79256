package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.course.BatchNormReplay;
import dev.lanewise.course.CirclesReplay;
import dev.lanewise.course.CoursePoints;
import dev.lanewise.course.CourseRuns;
import dev.lanewise.course.CourseSection;
import dev.lanewise.course.CourseSet;
import dev.lanewise.course.CourseTrajectory;
import dev.lanewise.course.FootballReplay;
import dev.lanewise.course.MoonsReplay;
import dev.lanewise.course.TrajectoryReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays the experiments that the course published, and prints our numbers beside its own. */
@Command(
    name = "course",
    description = "Replays the course's published experiments, ours beside the published numbers.")
final class Course implements Callable<Integer> {

  private static final String NAMES = "football,circles,moons,batch-norm,trajectories";

  /** The experiments, in the order of {@link #NAMES}. */
  private enum Experiment {
    FOOTBALL(CourseSet.FOOTBALL),
    CIRCLES(CourseSet.CIRCLES),
    MOONS(CourseSet.MOONS),
    BATCH_NORM(null),
    TRAJECTORIES(null);

    /** Null where there are no points. */
    private final CourseSet set;

    Experiment(CourseSet set) {
      this.set = set;
    }
  }

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
      description = "Some of " + NAMES + ". Default: all.")
  private String only = NAMES;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Seeds that football is repeated with. Default: ${DEFAULT-VALUE}.")
  private int seeds = 20;

  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final ReportOptions pages = new ReportOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Set<Experiment> chosen = chosen();
    Usage.require(
        spec,
        seeds >= 0 && seeds <= 10_000,
        "--seeds: %d; expected a number from 0 to 10000",
        seeds);
    engine.check(spec);
    CourseFiles files = CourseFiles.in(data);
    Stream<Given> inputs = files.given(chosen.stream().map(e -> e.set).filter(Objects::nonNull));
    List<Given> read = inputs.toList();
    FileChecks.requireDistinct(read, pages.written().toList());
    ReportFiles reported = pages.open(read.stream());
    Map<Experiment, CoursePoints> points = points(files, chosen);
    CoursePage page = new CoursePage();
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      CourseRuns runs = new CourseRuns(engine.engine(), progress::begin);
      CourseReport report = new CourseReport(spec.commandLine().getOut(), json);
      for (Experiment experiment : chosen) {
        replay(experiment, points.get(experiment), runs, report, page);
      }
      report.end(runs.engine().kernels().name());
      if (reported.wanted()) {
        progress.begin("writing the report");
        reported.write(page.report(runs));
      }
    }
    return 0;
  }

  private Set<Experiment> chosen() {
    List<String> names = List.of(NAMES.split(","));
    Set<Experiment> chosen = EnumSet.noneOf(Experiment.class);
    for (String name : only.split(",", -1)) {
      Usage.require(spec, names.contains(name), "--only: %s; expected some of %s", only, NAMES);
      chosen.add(Experiment.values()[names.indexOf(name)]);
    }
    return chosen;
  }

  /** All files are read before the first training, which may take minutes. */
  private Map<Experiment, CoursePoints> points(CourseFiles files, Set<Experiment> chosen)
      throws IOException {
    Map<Experiment, CoursePoints> points = new EnumMap<>(Experiment.class);
    for (Experiment experiment : chosen) {
      if (experiment.set != null) {
        points.put(experiment, files.points(experiment.set));
      }
    }
    return points;
  }

  private void replay(
      Experiment experiment,
      CoursePoints points,
      CourseRuns runs,
      CourseReport report,
      CoursePage page) {
    if (experiment == Experiment.TRAJECTORIES) {
      List<CourseTrajectory> trajectories = TrajectoryReplay.run(runs.engine());
      report.add(trajectories);
      page.add(trajectories);
    } else {
      CourseSection section = section(experiment, points, runs);
      report.add(section);
      page.add(section);
    }
  }

  private CourseSection section(Experiment experiment, CoursePoints points, CourseRuns runs) {
    return switch (experiment) {
      case FOOTBALL -> new FootballReplay(points, FootballReplay.ITERATIONS, seeds).run(runs);
      case CIRCLES -> new CirclesReplay(points, CirclesReplay.ITERATIONS).run(runs);
      case MOONS -> new MoonsReplay(points, MoonsReplay.EPOCHS).run(runs);
      case BATCH_NORM -> BatchNormReplay.run(runs.engine());
      case TRAJECTORIES -> throw new AssertionError(experiment);
    };
  }
}
