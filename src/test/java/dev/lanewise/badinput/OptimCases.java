package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;
import static java.lang.Double.NaN;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.MovingAverage;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.train.Lbfgs;
import dev.lanewise.update.Updater;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Bad input to the package {@code optim}. */
final class OptimCases {

  private static final Schedule ONE = new Schedule.Constant(1);
  private static final Schedule PER_STEP = new Schedule.PerStep(ONE);
  private static final EpsilonPlace INSIDE = EpsilonPlace.INSIDE_ROOT;
  private static final MomentumForm CLASSIC = MomentumForm.CLASSIC;

  private OptimCases() {}

  static void list(BadInputs bad) {
    optimizers(bad);
    transforms(bad);
    schedules(bad);
    rates(bad);
    updaters(bad);
    lbfgs(bad);
    bad.refuses("new MovingAverage(double)", () -> new MovingAverage(1), "beta: 1.0");
    bad.takeAnything("an average of what is not finite is not finite", "MovingAverage.add(double)");
  }

  private static void optimizers(BadInputs bad) {
    Optimizer plain = Optimizer.sgd(1);
    Transform clip = new Transform.ClipByGlobalNorm(1);
    bad.refuses(
        "new Optimizer(List, Schedule)",
        () -> new Optimizer(List.of(new Transform.Adam(), clip), ONE),
        "transforms: ClipByGlobalNorm[maximum=1.0] behind Adam");
    bad.refuses(
        "new Optimizer(List, Schedule, Rates)",
        () -> new Optimizer(List.of(new Transform.Adam(), clip), ONE, Rates.NONE),
        "transforms: ClipByGlobalNorm[maximum=1.0] behind Adam");
    bad.refuses(
        "Optimizer.then(Transform)", () -> plain.then(clip).then(clip), "expected it to be first");
    bad.refuses("Optimizer.withClipNorm(double)", () -> plain.withClipNorm(0), "maximum: 0.0");
    bad.refuses("Optimizer.withClipValue(double)", () -> plain.withClipValue(NaN), "maximum: NaN");
    bad.refuses("Optimizer.sgd(double)", () -> Optimizer.sgd(0), "rate: 0");
    String momentum = "Optimizer.momentum(double, double, MomentumForm)";
    bad.refuses(momentum, () -> Optimizer.momentum(-1, 0.9, CLASSIC), "rate: -1.0");
    bad.refuses(momentum, () -> Optimizer.momentum(1, 1, CLASSIC), "beta: 1.0");
    bad.refuses("Optimizer.nesterov(double, double)", () -> Optimizer.nesterov(1, -1), "beta: -1");
    bad.refuses("Optimizer.rmsprop(double)", () -> Optimizer.rmsprop(NaN), "rate: NaN");
    bad.refuses("Optimizer.rmsprop(double, double)", () -> Optimizer.rmsprop(1, 1), "beta: 1.0");
    bad.refuses("Optimizer.adagrad(double)", () -> Optimizer.adagrad(1e-60), "rate: 1.0E-60");
    bad.refuses("Optimizer.adam(double)", () -> Optimizer.adam(1e60), "rate: 1.0E60");
    bad.refuses("Optimizer.adamW(double, double)", () -> Optimizer.adamW(1, -1), "lambda: -1.0");
    bad.refuses("Optimizer.amsgrad(double)", () -> Optimizer.amsgrad(0), "rate: 0.0");
    bad.refuses("Optimizer.nadam(double)", () -> Optimizer.nadam(0), "rate: 0.0");
    bad.refuses("Optimizer.lion(double, double)", () -> Optimizer.lion(1, NaN), "lambda: NaN");
    bad.takeAnything(
        CHECKED,
        "Optimizer.withSchedule(Schedule)",
        "Optimizer.withRates(Rates)",
        "new Rates(List)",
        "Rates.then(Rule)",
        "Transform.WeightDecay.withFactor(Schedule)");
    bad.takeAnything("any text is a name or none", "Rates.Rule.matches(String)");
    String rule = "new Rates.Rule(String, double, OptionalDouble, boolean)";
    OptionalDouble none = OptionalDouble.empty();
    bad.refuses(rule, () -> new Rates.Rule("", 1, none, true), "tensors: empty");
    bad.refuses(rule, () -> new Rates.Rule("*", -1, none, true), "rate: -1.0");
    bad.refuses(rule, () -> new Rates.Rule("*", 1, OptionalDouble.of(NaN), true), "decay: NaN");
    bad.refuses("new Rates.Rule(String, double)", () -> new Rates.Rule("*", NaN), "rate: NaN");
    bad.refuses(
        "Rates.Rule.withDecay(double)", () -> new Rates.Rule("*", 1).withDecay(-1), "decay: -1.0");
  }

  private static void transforms(BadInputs bad) {
    bad.refuses(
        "new Transform.Momentum(double, MomentumForm, boolean)",
        () -> new Transform.Momentum(NaN, CLASSIC, false),
        "beta: NaN");
    String rms = "new Transform.Rms(double, double, EpsilonPlace)";
    bad.refuses(rms, () -> new Transform.Rms(1, 1, INSIDE), "beta: 1.0");
    bad.refuses(rms, () -> new Transform.Rms(0, 0, INSIDE), "epsilon: 0.0");
    String three = "(double, double, double, EpsilonPlace)";
    bad.refuses(
        "new Transform.Adam" + three, () -> new Transform.Adam(1, 0, 1, INSIDE), "beta1: 1");
    bad.refuses(
        "new Transform.Adam" + three, () -> new Transform.Adam(0, 1, 1, INSIDE), "beta2: 1");
    bad.refuses(
        "new Transform.Adam" + three, () -> new Transform.Adam(0, 0, NaN, INSIDE), "epsilon: NaN");
    bad.refuses(
        "new Transform.AmsGrad" + three,
        () -> new Transform.AmsGrad(0, -1, 1, INSIDE),
        "beta2: -1");
    bad.refuses(
        "new Transform.NAdam" + three, () -> new Transform.NAdam(0, 0, 0, INSIDE), "epsilon: 0.0");
    bad.refuses(
        "new Transform.Adagrad(double, EpsilonPlace)",
        () -> new Transform.Adagrad(-1, INSIDE),
        "epsilon: -1.0");
    bad.refuses(
        "new Transform.Lion(double, double)", () -> new Transform.Lion(0.9, 1), "beta2: 1.0");
    bad.refuses(
        "new Transform.WeightDecay(double)", () -> new Transform.WeightDecay(-1), "lambda: -1.0");
    bad.refuses(
        "new Transform.WeightDecay(double, Optional)",
        () -> new Transform.WeightDecay(NaN, Optional.of(ONE)),
        "lambda: NaN");
    bad.refuses(
        "new Transform.ClipByValue(double)", () -> new Transform.ClipByValue(0), "maximum: 0.0");
    bad.refuses(
        "new Transform.ClipByGlobalNorm(double)",
        () -> new Transform.ClipByGlobalNorm(NaN),
        "maximum: NaN");
  }

  private static void schedules(BadInputs bad) {
    bad.refuses("new Schedule.Constant(double)", () -> new Schedule.Constant(0), "rate: 0.0");
    bad.refuses(
        "new Schedule.PerStep(Schedule)",
        () -> new Schedule.PerStep(PER_STEP),
        "schedule: PerStep");
    String staircase = "new Schedule.Staircase(double, double, long)";
    bad.refuses(staircase, () -> new Schedule.Staircase(0, 1, 1), "initial: 0.0");
    bad.refuses(staircase, () -> new Schedule.Staircase(1, 2, 1), "factor: 2.0");
    bad.refuses(staircase, () -> new Schedule.Staircase(1, 1, 0), "interval: 0");
    bad.refuses(
        "new Schedule.MultiStep(double, double, List)",
        () -> new Schedule.MultiStep(1, 0.1, List.of(2L, 2L)),
        "milestones: [2, 2]");
    bad.refuses(
        "new Schedule.InverseTime(double, double, long)",
        () -> new Schedule.InverseTime(1, -1, 1),
        "decay: -1.0");
    bad.refuses(
        "new Schedule.InverseSquareRoot(double)",
        () -> new Schedule.InverseSquareRoot(NaN),
        "initial: NaN");
    String polynomial = "new Schedule.Polynomial(double, double, double, long)";
    bad.refuses(polynomial, () -> new Schedule.Polynomial(1, -1, 1, 1), "end: -1.0");
    bad.refuses(polynomial, () -> new Schedule.Polynomial(1, 0, 0, 1), "power: 0.0");
    bad.refuses(
        "new Schedule.Cosine(double, double, long)",
        () -> new Schedule.Cosine(1, 0, 0),
        "length: 0");
    String restarts = "new Schedule.CosineRestarts(double, double, long, long)";
    bad.refuses(restarts, () -> new Schedule.CosineRestarts(1, 0, 0, 1), "period: 0");
    bad.refuses(restarts, () -> new Schedule.CosineRestarts(1, 0, 1, 0), "multiplier: 0");
    String log = "new Schedule.CosineLog(double, int, long)";
    bad.refuses(log, () -> new Schedule.CosineLog(0, 4, 1), "peak: 0.0");
    bad.refuses(log, () -> new Schedule.CosineLog(1, 0, 1), "cycles: 0");
    bad.refuses(log, () -> new Schedule.CosineLog(1, 4, 0), "length: 0");
    String warmUp = "new Schedule.WarmUp(double, long, Schedule)";
    bad.refuses(warmUp, () -> new Schedule.WarmUp(0, 1, ONE), "start: 0.0");
    bad.refuses(warmUp, () -> new Schedule.WarmUp(1, 1, PER_STEP), "then: PerStep");
    bad.refuses(
        "new Schedule.OneCycle(double, long)", () -> new Schedule.OneCycle(0, 1), "peak: 0.0");
    String oneCycle = "new Schedule.OneCycle(double, long, double, double, double)";
    bad.refuses(oneCycle, () -> new Schedule.OneCycle(1, 1, 1, 25, 25), "rise: 1.0");
    bad.refuses(oneCycle, () -> new Schedule.OneCycle(1, 1, 0.3, 0, 25), "initialDivisor: 0.0");
    bad.refuses(oneCycle, () -> new Schedule.OneCycle(1, 1, 0.3, 25, NaN), "finalDivisor: NaN");
    bad.refuses(
        "new Schedule.Chained(List, Schedule)",
        () -> new Schedule.Chained(List.of(), PER_STEP),
        "last: PerStep");
    bad.refuses(
        "new Schedule.Chained.Leg(Schedule, long)",
        () -> new Schedule.Chained.Leg(ONE, 0),
        "length: 0");
  }

  private static void rates(BadInputs bad) {
    List<Schedule> all =
        List.of(
            ONE,
            PER_STEP,
            new Schedule.Staircase(1, 1, 1),
            new Schedule.MultiStep(1, 1, List.of()),
            new Schedule.InverseTime(1, 0, 1),
            new Schedule.InverseSquareRoot(1),
            new Schedule.Polynomial(1, 0, 1, 1),
            new Schedule.Cosine(1, 0, 1),
            new Schedule.CosineRestarts(1, 0, 1, 1),
            new Schedule.CosineLog(1, 4, 1),
            new Schedule.WarmUp(1, 1, ONE),
            new Schedule.OneCycle(1, 1),
            new Schedule.Chained(List.of(), ONE));
    for (Schedule schedule : all) {
      bad.refuses(
          PublicApi.nameOf(schedule.getClass()) + ".rate(long)",
          () -> schedule.rate(-1),
          "count: -1; expected at least 0");
    }
  }

  private static void updaters(BadInputs bad) {
    String update = "Updater.update(float[], float[], int)";
    float[] theta = new float[2];
    bad.refuses(update, () -> updater().update(new float[1], theta, 0), "theta: 1 floats");
    bad.refuses(update, () -> updater().update(theta, new float[3], 0), "dTheta: 3 floats");
    bad.refuses(update, () -> updater().update(theta, theta, 0), "dTheta: the array theta itself");
    bad.refuses(update, () -> updater().update(theta, new float[2], -1), "epoch: -1");
    bad.refuses("Updater.rate(int)", () -> updater().rate(-1), "epoch: -1");
    bad.refuses(
        "Updater.rate(Schedule, int, long)",
        () -> Updater.rate(new Schedule.Constant(1), -1, 0),
        "count: -1");
    bad.refuses("Updater.changeRate(double)", () -> updater().changeRate(NaN), "rate: NaN");
    bad.refuses("Updater.scaleRate(double)", () -> updater().scaleRate(0), "rateFactor: 0.0");
    String state = "new Updater.State(long, long, OptionalDouble, double, Map)";
    OptionalDouble none = OptionalDouble.empty();
    bad.refuses(state, () -> new Updater.State(-1, 0, none, 1, Map.of()), "step: -1");
    bad.refuses(
        state, () -> new Updater.State(0, 0, OptionalDouble.of(0), 1, Map.of()), "rate: 0.0");
    bad.refuses(state, () -> new Updater.State(0, 0, none, NaN, Map.of()), "rateFactor: NaN");
    bad.refuses(
        "Updater.restore(State)",
        () -> updater().restore(new Updater.State(0, 0, none, 1, Map.of("m", theta))),
        "optimiser state: [m]; expected []");
    bad.refuses(
        "Updater.restore(Updater)",
        () -> updater().restore(Updater.compile(Optimizer.adam(1), network(), Engine.standard())),
        "optimiser state: [link1.");
    Optimizer ruled = Optimizer.sgd(1).withRates(new Rates(List.of(new Rates.Rule("x", 1))));
    bad.refuses(
        "Updater.compile(Optimizer, Network, Engine)",
        () -> Updater.compile(ruled, network(), Engine.standard()),
        "rates: no trained tensor for Rule[tensors=x");
    bad.refuses(
        "Updater.compile(Optimizer, TrainingPlan)",
        () -> Updater.compile(ruled, TrainingPlan.compile(network(), 1, Engine.standard())),
        "rates: no trained tensor for Rule[tensors=x");
  }

  private static void lbfgs(BadInputs bad) {
    bad.refuses("new Lbfgs(int)", () -> new Lbfgs(0), "moved: 0 of 0");
    String lbfgs = "new Lbfgs(int, int, int)";
    bad.refuses(lbfgs, () -> new Lbfgs(2, 3, 1), "moved: 3 of 2");
    bad.refuses(lbfgs, () -> new Lbfgs(2, 2, 0), "memory: 0");
    String minimize = "Lbfgs.minimize(Objective, float[], int, double)";
    Lbfgs two = new Lbfgs(2);
    float[] theta = new float[2];
    bad.refuses(minimize, () -> two.minimize((t, g) -> 0, new float[3], 1, 0), "theta: 3 floats");
    bad.refuses(minimize, () -> two.minimize((t, g) -> 0, theta, -1, 0), "iterations: -1");
    bad.refuses(minimize, () -> two.minimize((t, g) -> 0, theta, 1, NaN), "tolerance: NaN");
    bad.refuses(minimize, () -> two.minimize((t, g) -> NaN, theta, 1, 0), "theta: value NaN");
    Network limited =
        Network.inputs(1).add(new Dense(1).withMaxNorm(1)).loss(new Loss.SquaredError());
    bad.refuses(
        "Lbfgs.Objective.of(Network, Batch, long, Engine)",
        () -> Lbfgs.Objective.of(limited, batch(), 0, Engine.standard()),
        "network: dense1 has a soft threshold or a max norm");
    bad.takeAnything(RESULT, "new Lbfgs.Result(double, double, int, int, Reason)");
  }

  private static Batch batch() {
    return Batch.of(Dataset.of(new float[1], 1, new float[1], 1));
  }

  private static Network network() {
    return Network.inputs(1).dense(1).loss(new Loss.SquaredError());
  }

  private static Updater updater() {
    return Updater.compile(Optimizer.sgd(1), network(), Engine.standard());
  }
}
