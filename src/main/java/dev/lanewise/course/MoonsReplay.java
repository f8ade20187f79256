package dev.lanewise.course;

import dev.lanewise.course.MoonsReference.Costs;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Schedule;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.report.Axis;
import dev.lanewise.report.Beside;
import dev.lanewise.report.Chart;
import dev.lanewise.report.Part;
import dev.lanewise.update.Updater;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The optimisation lab: net 2-5-2-1, batches of 64 dealt in the course's orders, three optimisers,
 * 10 000 epochs with a constant rate and 5000 with each of four ways to let it decay.
 */
public final class MoonsReplay {

  /** The course's epochs with a constant rate. */
  public static final int EPOCHS = 10_000;

  private static final int BATCH = 64;

  /** A published share of 300 rows, and ours, may differ by this. */
  private static final double SHARE_ALLOWED = 0.01;

  /** An epoch's first cost is one of five steps: nothing but rounding. */
  private static final double FIRST_ALLOWED = 1e-6;

  private static final CourseNet NET = CourseNet.plain(5, 2);

  private record Way(MoonsRule rule, MoonsDecay decay) {

    String name() {
      return decay == MoonsDecay.NONE
          ? rule.title + " 0.0007"
          : "%s %s%s".formatted(rule.title, rule.initial, decay.formula);
    }
  }

  /**
   * The result of a training.
   *
   * @param costs an epoch's mean cost, each row's before its batch's step
   * @param halfway how the rows are predicted after half of the epochs
   * @param training how they are in the end
   */
  private record Outcome(double[] costs, Verdict halfway, Verdict training) {}

  private final CoursePoints points;
  private final int epochs;

  /**
   * Creates a replay.
   *
   * @param points the moons
   * @param epochs the epochs of the longer trainings, the course's {@link #EPOCHS}; the others have
   *     half as many
   */
  public MoonsReplay(CoursePoints points, int epochs) {
    this.points = points;
    this.epochs = epochs;
  }

  /** {@return the order in which the course dealt the rows in an epoch} */
  static int[] order(int epoch, int rows) {
    return new LegacyRandom(11 + epoch).permutation(rows);
  }

  /**
   * {@return the results}
   *
   * @param runs where to train
   */
  public CourseSection run(CourseRuns runs) {
    List<Way> ways = new ArrayList<>();
    List<Function<Engine, Outcome>> trainings = new ArrayList<>();
    for (MoonsRule rule : MoonsRule.values()) {
      for (MoonsDecay decay : MoonsDecay.values()) {
        Way way = new Way(rule, decay);
        ways.add(way);
        trainings.add(engine -> train(way, engine));
      }
    }
    List<Outcome> outcomes = runs.all("moons", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      figures.addAll(figures(ways.get(i), outcomes.get(i)));
    }
    return new CourseSection(
        "moons",
        "net 2-5-2-1, batches of 64; momentum 0.9 in the averaging form",
        points.source(),
        points.original(),
        figures,
        charts(ways, outcomes));
  }

  private static List<Part> charts(List<Way> ways, List<Outcome> outcomes) {
    List<Part> charts = new ArrayList<>();
    for (MoonsDecay decay : MoonsDecay.values()) {
      Map<String, double[]> costs = new LinkedHashMap<>();
      for (int i = 0; i < ways.size(); i++) {
        if (ways.get(i).decay() == decay) {
          costs.put(ways.get(i).rule().title, outcomes.get(i).costs());
        }
      }
      boolean constant = decay == MoonsDecay.NONE;
      charts.add(
          Drawing.costs(
              constant ? "moons-cost" : "moons-cost-decay-" + decay.ordinal(),
              constant ? "Cost of three optimisers." : "Rate " + decay.formula + ".",
              "The mean cost of an epoch, each row's before its batch's step.",
              "epoch",
              Axis.of("cost"),
              costs));
    }
    return List.of(
        charts.getFirst(), new Beside(charts.stream().skip(1).map(Chart.class::cast).toList()));
  }

  private Outcome train(Way way, Engine engine) {
    Network network = NET.network();
    TrainingPlan plan = TrainingPlan.compile(network, BATCH, engine);
    Schedule schedule = way.decay().from(way.rule().initial);
    Updater updater = Updater.compile(way.rule().optimizer().withSchedule(schedule), plan);
    int rows = points.training().rows();
    IntFunction<int[]> orders = epoch -> order(epoch, rows);
    Batches batches = Batches.inOrder(points.training(), BATCH, orders);
    float[] theta = NET.given(in -> Math.sqrt(2.0 / in));
    float[] gradient = new float[theta.length];
    double[] costs = new double[way.decay().epochs(epochs)];
    Verdict halfway = null;
    for (int epoch = 0; epoch < costs.length; epoch++) {
      if (epoch == costs.length / 2) {
        halfway = NET.judge(theta, points.training(), engine);
      }
      batches.start(epoch);
      for (int i = 0; i < batches.count(); i++) {
        Batch batch = batches.get(i);
        costs[epoch] += plan.gradients(theta, batch, 0, gradient) * batch.rows() / rows;
        // The lab takes the decayed rate of an epoch at its end: the next one trains with it.
        updater.update(theta, gradient, Math.max(0, epoch - 1));
      }
    }
    return new Outcome(costs, halfway, NET.judge(theta, points.training(), engine));
  }

  private List<CourseFigure> figures(Way way, Outcome outcome) {
    Costs costs = MoonsReference.costs(way.rule(), way.decay());
    List<CourseFigure> figures = new ArrayList<>();
    for (int epoch = 0; epoch < outcome.costs().length; epoch += 1000) {
      CourseFigure ours =
          CourseFigure.of(way.name(), "cost at " + epoch, 6, outcome.costs()[epoch]);
      double allowed = epoch == 0 ? FIRST_ALLOWED : costs.drift();
      if (costs.published().containsKey(epoch)) {
        figures.add(ours.against(costs.published().get(epoch), allowed));
      } else if (costs.computed().containsKey(epoch)) {
        figures.add(
            ours.against(costs.computed().get(epoch), allowed).withNote("NumPy's, not published"));
      } else {
        figures.add(ours);
      }
    }
    int length = outcome.costs().length;
    if (way.decay() == MoonsDecay.NONE) {
      figures.add(accuracy(way, length / 2, outcome.halfway()));
    }
    figures.add(accuracy(way, length, outcome.training()));
    return figures;
  }

  private CourseFigure accuracy(Way way, int after, Verdict verdict) {
    boolean halfway = after < way.decay().epochs(epochs);
    CourseFigure ours =
        CourseFigure.of(way.name(), "accuracy after " + after, 4, verdict.accuracy());
    return MoonsReference.accuracy(way.rule(), way.decay(), halfway)
        .map(share -> ours.against(share.value(), SHARE_ALLOWED).withNote(share.note()))
        .orElse(ours);
  }
}
