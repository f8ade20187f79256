package dev.lanewise.update;

import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * An {@link Optimizer} compiled for a network, with its state. A step is one pass over the
 * parameters.
 *
 * <p>The trained range is cut into segments that fit the first-level cache; all links run over a
 * segment before the next one is touched, so that parameters, gradient and state are read from
 * memory once. Every link works element by element, so the result depends neither on the segments
 * nor on the number of threads. A segment lies within one run of tensors with the same {@link
 * dev.lanewise.optim.Rates factor} on the rate. A soft threshold (see {@link
 * dev.lanewise.net.Penalty.L1Form}) follows on the same segment. Limits on the length of weight
 * columns come last, in a pass over the layers that have one. Clipping by the global norm reads the
 * gradient once more, before all links. The running statistics of batch norm are averaged with
 * those of the batch, which the plan leaves in their part of the gradient.
 *
 * <p>For one thread at a time; uses the engine's helpers during a step. A step allocates nothing.
 */
public final class Updater {

  /**
   * The parameters of one task: enough to be worth a hand-over, and a multiple of the block of a
   * sum.
   */
  private static final int TASK = 16 * Segment.LENGTH;

  /** The block of a sum; see {@link dev.lanewise.kernel.SumKernels}. */
  private static final int SUM = 4096;

  private final Layout layout;
  private final Schedule schedule;

  /** The engine whose kernels compute a step: asked anew for each, since a plan may go over. */
  private final Supplier<Engine> engine;

  private Kernels kernels;
  private final Team team;
  private final Team.Task chain = this::chain;
  private final Team.Task squares = this::squares;
  private final int tasks;
  private final Runs runs;
  private final Link[] links;
  private final Map<String, float[]> moments;
  private final Statistic[] statistics;

  /** Null without a soft threshold. */
  private final SoftThreshold softThreshold;

  /** Null without a limit on the length of weight columns. */
  private final MaxNorm maxNorm;

  private final Team.Task limit = this::limit;
  private final Segment[] segments;
  private final double[] sums;

  private long step;

  /** The steps that had been done when the links began anew. */
  private long restarted;

  private OptionalDouble rateByHand = OptionalDouble.empty();
  private double rateFactor = 1;
  private double lastRate = Double.NaN;
  private float[] theta;
  private float[] gradient;

  /** The learning rate of each run in this step. */
  private final float[] rates;

  /** A running statistic and the share of its old value that stays. */
  private record Statistic(Slot slot, float decay, float share) {}

  private Updater(Optimizer optimizer, Network network, Supplier<Engine> engine, Team team) {
    layout = network.layout();
    schedule = optimizer.schedule();
    this.engine = engine;
    this.team = team;
    tasks = Math.ceilDiv(layout.trained(), TASK);
    runs = Runs.ofRate(optimizer.rates(), network, layout);
    rates = new float[runs.count()];
    links =
        optimizer.transforms().stream()
            .map(transform -> Link.compile(transform, optimizer.rates(), network, layout))
            .toArray(Link[]::new);
    moments = moments(links);
    statistics = statistics(network, layout);
    softThreshold = SoftThreshold.compile(network, layout, runs);
    maxNorm = MaxNorm.compile(network, layout, team.width());
    segments = new Segment[team.width()];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new Segment();
    }
    boolean clips =
        !optimizer.transforms().isEmpty()
            && optimizer.transforms().getFirst() instanceof Transform.ClipByGlobalNorm;
    sums = new double[clips ? Math.ceilDiv(layout.trained(), SUM) : 0];
  }

  /**
   * {@return the links' state arrays, live, named by their place in the chain: {@code
   * link1.velocity}}
   */
  private static Map<String, float[]> moments(Link[] links) {
    Map<String, float[]> moments = new LinkedHashMap<>();
    for (int i = 0; i < links.length; i++) {
      String prefix = "link" + (i + 1) + ".";
      links[i].state().forEach((name, values) -> moments.put(prefix + name, values));
    }
    return moments;
  }

  private static Statistic[] statistics(Network network, Layout layout) {
    List<Statistic> statistics = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof BatchNorm norm) {
        for (Slot.Role role : List.of(Slot.Role.MEAN, Slot.Role.VARIANCE)) {
          float share = (float) (1 - norm.decay());
          statistics.add(new Statistic(node.slot(layout, role), (float) norm.decay(), share));
        }
      }
    }
    return statistics.toArray(Statistic[]::new);
  }

  /**
   * {@return a new updater, before its first step}
   *
   * @param optimizer the optimiser
   * @param network the network whose parameters are updated
   * @param engine the kernels and the helpers
   */
  public static Updater compile(Optimizer optimizer, Network network, Engine engine) {
    Engine own = engine.hot();
    return new Updater(optimizer, network, () -> own, engine.parallel().team());
  }

  /**
   * {@return a new updater, before its first step, that shares the threads of a plan} A step that
   * opens the plan's team once has the same helpers for gradient and update.
   *
   * @param optimizer the optimiser
   * @param plan what computes the gradients
   */
  public static Updater compile(Optimizer optimizer, TrainingPlan plan) {
    return new Updater(optimizer, plan.network(), plan::now, plan.team());
  }

  /**
   * Does one step.
   *
   * @param theta the parameters, {@code layout.size()} floats, updated in place
   * @param dTheta the gradient, and in the range of the running statistics the batch's; only read
   * @param epoch the number of epochs completed, which the schedule takes unless it counts steps
   * @throws IllegalArgumentException if a length is wrong, both arrays are one or the epoch is
   *     negative; nothing is changed then
   */
  public void update(float[] theta, float[] dTheta, int epoch) {
    check("theta", theta);
    check("dTheta", dTheta);
    if (theta == dTheta) {
      throw new IllegalArgumentException("dTheta: the array theta itself; expected one of its own");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch: %d; expected at least 0".formatted(epoch));
    }
    kernels = engine.get().kernels();
    boolean share = tasks > 1;
    if (share) {
      team.open();
    }
    try {
      this.theta = theta;
      gradient = dTheta;
      lastRate = rate(epoch);
      for (int run = 0; run < rates.length; run++) {
        rates[run] = (float) (lastRate * runs.factor(run));
      }
      for (Link link : links) {
        link.schedule(epoch, step);
      }
      step++;
      double norm = norm();
      for (Link link : links) {
        link.begin(step - restarted, norm);
      }
      if (softThreshold != null) {
        softThreshold.begin(lastRate);
      }
      run(chain);
      if (maxNorm != null) {
        limitNorms(share);
      }
    } finally {
      if (share) {
        team.close();
      }
      this.theta = null;
      gradient = null;
    }
    for (Statistic s : statistics) {
      int from = s.slot.offset();
      kernels.blend(dTheta, from, s.share, theta, from, s.decay, theta, from, s.slot.size());
    }
  }

  private void check(String name, float[] values) {
    Objects.requireNonNull(values, name);
    if (values.length != layout.size()) {
      throw new IllegalArgumentException(
          "%s: %d floats; expected the layout's %d".formatted(name, values.length, layout.size()));
    }
  }

  private void run(Team.Task task) {
    if (tasks == 1) {
      task.run(0, 0);
    } else {
      team.run(task, tasks);
    }
  }

  /** {@return the length of the trained part of the gradient, or 0 if no link asks for it} */
  private double norm() {
    if (sums.length == 0) {
      return 0;
    }
    run(squares);
    double sum = 0;
    for (double block : sums) {
      sum += block;
    }
    return Math.sqrt(sum);
  }

  /** Sums the squares of a task's blocks; the blocks are those of one sum over the whole range. */
  private void squares(int task, int worker) {
    int end = Math.min((task + 1) * (TASK / SUM), sums.length);
    for (int block = task * (TASK / SUM); block < end; block++) {
      int from = block * SUM;
      sums[block] = kernels.sumOfSquares(gradient, from, Math.min(SUM, layout.trained() - from));
    }
  }

  /** Takes a task's segments through the links and descends. */
  private void chain(int task, int worker) {
    Segment s = segments[worker];
    int from = task * TASK;
    int end = from + Math.min(TASK, layout.trained() - from);
    int run = runs.at(from);
    for (; from < end; from += s.length) {
      if (from == runs.end(run)) {
        run++;
      }
      int length = Math.min(Segment.LENGTH, Math.min(end, runs.end(run)) - from);
      s.begin(theta, gradient, from, length);
      for (int i = 0; i < links.length - 1; i++) {
        links[i].apply(kernels, s);
      }
      if (links.length == 0) {
        s.descend(kernels, rates[run]);
      } else {
        links[links.length - 1].descend(kernels, s, rates[run]);
      }
      if (softThreshold != null) {
        softThreshold.apply(kernels, s);
      }
    }
  }

  private void limitNorms(boolean share) {
    if (share) {
      team.run(limit, maxNorm.tasks());
      return;
    }
    for (int task = 0; task < maxNorm.tasks(); task++) {
      maxNorm.apply(kernels, theta, task, 0);
    }
  }

  private void limit(int task, int worker) {
    maxNorm.apply(kernels, theta, task, worker);
  }

  /** {@return the number of steps done} */
  public long step() {
    return step;
  }

  /**
   * {@return the learning rate of the next step, at least 0, before factors of single tensors}
   *
   * @param epoch the number of epochs completed, at least 0; a schedule that counts steps takes
   *     those done instead
   * @throws IllegalArgumentException if the epoch is negative
   */
  public double rate(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch: %d; expected at least 0".formatted(epoch));
    }
    return rateFactor
        * (rateByHand.isPresent() ? rateByHand.getAsDouble() : rate(schedule, epoch, step));
  }

  /**
   * {@return what a schedule says after so many epochs and steps}
   *
   * @param schedule the schedule
   * @param epoch the epochs completed
   * @param steps the steps done
   */
  public static double rate(Schedule schedule, int epoch, long steps) {
    return schedule.rate(schedule instanceof Schedule.PerStep ? steps : epoch);
  }

  /** {@return the learning rate of the last step; NaN before this updater's first} */
  public double lastRate() {
    return lastRate;
  }

  /**
   * Changes the learning rate of a live run: from the next step on it takes the place of the
   * schedule.
   *
   * @param rate α, above 0
   * @throws IllegalArgumentException if the rate is not above 0
   */
  public void changeRate(double rate) {
    rateByHand = OptionalDouble.of(new Schedule.Constant(rate).rate());
    rateFactor = 1;
  }

  /**
   * Multiplies the learning rate of all steps to come, whether it is the schedule's or was set by
   * hand.
   *
   * @param factor what to multiply with, above 0 and finite; factors accumulate until the rate is
   *     changed by hand
   * @throws IllegalArgumentException if the factor is not above 0 and finite
   */
  public void scaleRate(double factor) {
    rateFactor = State.checkedFactor(rateFactor * factor);
  }

  /**
   * Begins anew: what the links remember is 0, and they count their steps from 1 again, as they do
   * in a new updater. The steps done, the schedule and the rate go on.
   */
  public void restart() {
    moments.values().forEach(values -> Arrays.fill(values, 0));
    restarted = step;
  }

  /** {@return the number of steps that had been done when this last began anew; 0 if never} */
  public long restarted() {
    return restarted;
  }

  /** {@return a copy of everything that a step changes besides the parameters} */
  public State state() {
    Map<String, float[]> copies = new LinkedHashMap<>();
    moments.forEach((name, values) -> copies.put(name, values.clone()));
    return new State(step, restarted, rateByHand, rateFactor, copies);
  }

  /**
   * Goes on from a state, which is copied.
   *
   * @param state a state of an updater with the same optimiser and layout
   * @throws IllegalArgumentException if the state is of another optimiser or layout; nothing is
   *     changed then
   */
  public void restore(State state) {
    take(state.moments, state.step, state.restarted, state.rateByHand, state.rateFactor);
  }

  /**
   * Goes on from where another updater stands, whose state is copied.
   *
   * @param other an updater with the same optimiser and layout
   * @throws IllegalArgumentException if it is of another optimiser or layout; nothing is changed
   *     then
   */
  public void restore(Updater other) {
    take(other.moments, other.step, other.restarted, other.rateByHand, other.rateFactor);
  }

  private void take(
      Map<String, float[]> from,
      long itsStep,
      long itsRestart,
      OptionalDouble itsRate,
      double itsFactor) {
    if (!from.keySet().equals(moments.keySet())) {
      throw new IllegalArgumentException(
          "optimiser state: %s; expected %s"
              .formatted(
                  from.size() > 20 ? from.size() + " arrays" : from.keySet(), moments.keySet()));
    }
    moments.forEach(
        (name, values) -> {
          int length = from.get(name).length;
          if (length != values.length) {
            throw new IllegalArgumentException(
                "optimiser state %s: %d floats; expected %d"
                    .formatted(name, length, values.length));
          }
        });
    moments.forEach(
        (name, values) -> System.arraycopy(from.get(name), 0, values, 0, values.length));
    step = itsStep;
    restarted = itsRestart;
    rateByHand = itsRate;
    rateFactor = itsFactor;
  }

  /**
   * The state of an updater between steps.
   *
   * @param step the number of steps done, at least 0
   * @param restarted the number of them that had been done when the links last began anew
   * @param rateByHand the learning rate that was set by hand, if any
   * @param rateFactor what the rate is multiplied with, above 0 and finite
   * @param moments the links' arrays by name, in the shape of the trained parameters
   */
  public record State(
      long step,
      long restarted,
      OptionalDouble rateByHand,
      double rateFactor,
      Map<String, float[]> moments) {
    /**
     * Creates a state.
     *
     * @throws IllegalArgumentException if a number of steps is negative or too large, or the rate
     *     or the factor is not above 0
     */
    public State {
      if (step < 0) {
        throw new IllegalArgumentException("step: %d; expected at least 0".formatted(step));
      }
      if (restarted < 0 || restarted > step) {
        throw new IllegalArgumentException(
            "restarted: %d; expected a number from 0 to the %d steps".formatted(restarted, step));
      }
      rateByHand.ifPresent(Schedule.Constant::new);
      checkedFactor(rateFactor);
      moments =
          Collections.unmodifiableMap(
              new LinkedHashMap<>(Objects.requireNonNull(moments, "moments")));
    }

    private static double checkedFactor(double factor) {
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "rateFactor: %s; expected a finite number above 0".formatted(factor));
      }
      return factor;
    }
  }
}
