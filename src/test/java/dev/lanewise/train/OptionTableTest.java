package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every option of a training, and a training whose bits change by it: an option that is wired to
 * nothing has none. The table is complete: the options are counted by reflection. Both trainings of
 * each row go through a checkpoint in the middle of an epoch, too, and come out with the same bits.
 */
class OptionTableTest {

  private static final Engine ENGINE = Engine.standard();
  private static final int EPOCHS = 4;
  private static final Column.Pixels IMAGE = new Column.Pixels(4, 4, 3);

  /** Three classes of two columns, in batches of 4 of 15 rows. */
  private static final TrainingData CLASSES =
      TrainingData.of(Samples.classes(15, 1)).withDev(Samples.classes(9, 2));

  private static final TrainingData BINARY =
      TrainingData.of(Samples.binary(15, 1)).withDev(Samples.binary(9, 2));

  /** A training that can be started. */
  private record Case(Recipe recipe, TrainingData data) {}

  /** An option, with two trainings that differ in it alone. */
  private record Row(String option, Case one, Case other) {}

  private final List<Row> rows = new ArrayList<>();

  /** Options that a training's bits are no function of, with the reason. */
  private final Map<String, String> excepted = new TreeMap<>();

  private static Network network(Loss loss, int outputs, Layer... hidden) {
    List<Layer> layers = new ArrayList<>(Arrays.asList(hidden));
    layers.add(new Dense(outputs));
    return new Network(2, layers, loss);
  }

  private static Recipe recipe(Network network) {
    return Recipe.of(network, Optimizer.sgd(0.1)).withBatchSize(4).withEpochs(EPOCHS).withSeed(3);
  }

  private static Case of(Network network) {
    return new Case(recipe(network), network.outputs() == 3 ? CLASSES : BINARY);
  }

  private static Network plain() {
    return network(
        new Loss.SoftmaxCrossEntropy(), 3, new Dense(5), Activation.of(Activation.Function.RELU));
  }

  private static Case of(Optimizer optimizer) {
    return new Case(recipe(plain()).withOptimizer(optimizer), CLASSES);
  }

  private static Case of(Transform link) {
    return of(Optimizer.sgd(0.05).then(link));
  }

  private static Case of(Schedule schedule) {
    return of(Optimizer.sgd(1).withSchedule(schedule));
  }

  private static Case of(Loss loss) {
    return of(network(loss, loss instanceof Loss.SoftmaxCrossEntropy ? 3 : 1, new Dense(4)));
  }

  /** A layer behind a dense one of five units. */
  private static Case of(Layer layer) {
    return of(network(new Loss.SoftmaxCrossEntropy(), 3, new Dense(5), layer));
  }

  private static Case of(Dense dense) {
    return of(
        network(new Loss.SoftmaxCrossEntropy(), 3, dense, Activation.of(Activation.Function.TANH)));
  }

  private static Case of(Initializer initializer) {
    return of(new Dense(5).withInitializer(initializer));
  }

  private static Case of(Penalty penalty) {
    return of(new Dense(5).withPenalty(penalty));
  }

  private static Case of(Augmentation change) {
    Network network =
        Network.inputs(IMAGE.height() * IMAGE.width() * 3)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Dataset images = Samples.classes(15, network.inputs(), 5).oneHot(3);
    return new Case(recipe(network).withAugmentations(List.of(change)), TrainingData.of(images));
  }

  private static Case of(Averaging averaging) {
    return new Case(recipe(plain()).withAveraging(averaging), CLASSES);
  }

  private static Case of(EarlyStopping rule) {
    return new Case(watched().withEarlyStopping(rule), CLASSES.withMetric(rank()));
  }

  private static Case of(ReduceOnPlateau rule) {
    return new Case(watched().withReduceOnPlateau(rule), CLASSES.withMetric(rank()));
  }

  /** Twelve epochs of which the dev loss rises in some. */
  private static Recipe watched() {
    return recipe(plain())
        .withOptimizer(Optimizer.momentum(0.3, 0.9, Transform.MomentumForm.CLASSIC))
        .withEpochs(12);
  }

  /** A metric without state that never improves: the first epoch is the best. */
  private static DevMetric rank() {
    return DevMetric.of("rank", true, (logits, dev, loss) -> 1);
  }

  private void add(String option, Case one, Case other) {
    rows.add(new Row(option, one, other));
  }

  /** A component of a record, with another value for it. */
  private <T extends Record> void add(
      T record, String component, Object value, Function<T, Case> training) {
    add(
        name(record.getClass()) + "." + component,
        training.apply(record),
        training.apply(with(record, component, value)));
  }

  private static String name(Class<?> type) {
    return type.getCanonicalName().substring(type.getPackageName().length() + 1);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Record> T with(T record, String component, Object value) {
    try {
      RecordComponent[] parts = record.getClass().getRecordComponents();
      Object[] values = new Object[parts.length];
      boolean found = false;
      for (int i = 0; i < parts.length; i++) {
        boolean it = parts[i].getName().equals(component);
        values[i] = it ? value : parts[i].getAccessor().invoke(record);
        found |= it;
      }
      assertTrue(found, component);
      Class<?>[] types =
          Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return (T) record.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(record + " with " + component + " " + value, e);
    }
  }

  private void schedules() {
    Function<Schedule, Case> by = OptionTableTest::of;
    add(new Schedule.Constant(0.1), "rate", 0.2, by::apply);
    Schedule stairs = new Schedule.Staircase(0.1, 0.5, 1);
    add("Schedule.PerStep.schedule", of(stairs), of(new Schedule.PerStep(stairs)));
    Schedule.Staircase staircase = new Schedule.Staircase(0.1, 0.5, 1);
    add(staircase, "initial", 0.2, by::apply);
    add(staircase, "factor", 0.6, by::apply);
    add(staircase, "interval", 2L, by::apply);
    Schedule.MultiStep steps = new Schedule.MultiStep(0.1, 0.5, List.of(1L, 3L));
    add(steps, "initial", 0.2, by::apply);
    add(steps, "factor", 0.6, by::apply);
    add(steps, "milestones", List.of(1L, 2L), by::apply);
    Schedule.InverseTime inverse = new Schedule.InverseTime(0.1, 1, 1);
    add(inverse, "initial", 0.2, by::apply);
    add(inverse, "decay", 2.0, by::apply);
    add(inverse, "interval", 2L, by::apply);
    add(new Schedule.InverseSquareRoot(0.1), "initial", 0.2, by::apply);
    Schedule.Polynomial polynomial = new Schedule.Polynomial(0.1, 0.01, 1, 4);
    add(polynomial, "initial", 0.2, by::apply);
    add(polynomial, "end", 0.02, by::apply);
    add(polynomial, "power", 2.0, by::apply);
    add(polynomial, "length", 3L, by::apply);
    Schedule.Cosine cosine = new Schedule.Cosine(0.1, 0.01, 4);
    add(cosine, "initial", 0.2, by::apply);
    add(cosine, "end", 0.02, by::apply);
    add(cosine, "length", 3L, by::apply);
    Schedule.CosineRestarts restarts = new Schedule.CosineRestarts(0.1, 0.01, 2, 1);
    add(restarts, "initial", 0.2, by::apply);
    add(restarts, "end", 0.02, by::apply);
    add(restarts, "period", 3L, by::apply);
    add(restarts, "multiplier", 2L, by::apply);
    Schedule.CosineLog log = new Schedule.CosineLog(0.1, 2, 5);
    add(log, "peak", 0.2, by::apply);
    add(log, "cycles", 3, by::apply);
    add(log, "length", 6L, by::apply);
    Schedule.WarmUp warm = new Schedule.WarmUp(0.2, 2, new Schedule.Constant(0.1));
    add(warm, "start", 0.3, by::apply);
    add(warm, "length", 3L, by::apply);
    add(warm, "then", new Schedule.Constant(0.2), by::apply);
    Schedule.OneCycle cycle = new Schedule.OneCycle(0.1, 5, 0.5, 25, 10);
    add(cycle, "peak", 0.2, by::apply);
    add(cycle, "length", 6L, by::apply);
    add(cycle, "rise", 0.6, by::apply);
    add(cycle, "initialDivisor", 20.0, by::apply);
    add(cycle, "finalDivisor", 20.0, by::apply);
    Schedule.Chained.Leg leg = new Schedule.Chained.Leg(stairs, 2);
    Schedule.Chained chained = new Schedule.Chained(List.of(leg), new Schedule.Constant(0.1));
    add(chained, "legs", List.of(leg, leg), by::apply);
    add(chained, "last", new Schedule.Constant(0.2), by::apply);
    Function<Schedule.Chained.Leg, Case> asLeg =
        l -> of(new Schedule.Chained(List.of(l), new Schedule.Constant(0.1)));
    add(leg, "schedule", new Schedule.Constant(0.2), asLeg);
    add(leg, "length", 3L, asLeg);
  }

  private void transforms() {
    Function<Transform, Case> by = OptionTableTest::of;
    Object inside = Transform.EpsilonPlace.INSIDE_ROOT;
    Transform.EpsilonPlace outside = Transform.EpsilonPlace.OUTSIDE_ROOT;
    for (boolean nesterov : new boolean[] {false, true}) {
      Transform.Momentum momentum =
          new Transform.Momentum(0.9, Transform.MomentumForm.CLASSIC, nesterov);
      add(momentum, "beta", 0.5, by::apply);
      add(momentum, "form", Transform.MomentumForm.EWMA, by::apply);
      add(momentum, "nesterov", !nesterov, by::apply);
    }
    Transform.Momentum mean = new Transform.Momentum(0.9, Transform.MomentumForm.EWMA, true);
    add(mean, "beta", 0.5, by::apply);
    add(mean, "nesterov", false, by::apply);
    Transform.Rms rms = new Transform.Rms(0.9, 0.01, outside);
    add(rms, "beta", 0.5, by::apply);
    add(rms, "epsilon", 0.02, by::apply);
    add(rms, "place", inside, by::apply);
    Transform.Adam adam = new Transform.Adam(0.9, 0.999, 0.01, outside);
    Transform.AmsGrad amsGrad = new Transform.AmsGrad(0.9, 0.9, 0.01, outside);
    Transform.NAdam nadam = new Transform.NAdam(0.9, 0.999, 0.01, outside);
    add(adam, "beta1", 0.5, by::apply);
    add(adam, "beta2", 0.5, by::apply);
    add(adam, "epsilon", 0.02, by::apply);
    add(adam, "place", inside, by::apply);
    add(amsGrad, "beta1", 0.5, by::apply);
    add(amsGrad, "beta2", 0.5, by::apply);
    add(amsGrad, "epsilon", 0.02, by::apply);
    add(amsGrad, "place", inside, by::apply);
    add(nadam, "beta1", 0.5, by::apply);
    add(nadam, "beta2", 0.5, by::apply);
    add(nadam, "epsilon", 0.02, by::apply);
    add(nadam, "place", inside, by::apply);
    Transform.Adagrad adagrad = new Transform.Adagrad(0.01, outside);
    add(adagrad, "epsilon", 0.02, by::apply);
    add(adagrad, "place", inside, by::apply);
    add(new Transform.Lion(), "beta1", 0.5, by::apply);
    add(new Transform.Lion(), "beta2", 0.5, by::apply);
    add(new Transform.WeightDecay(0.1), "lambda", 0.2, by::apply);
    Transform.WeightDecay fading =
        new Transform.WeightDecay(0.1).withFactor(new Schedule.Staircase(1, 0.5, 1));
    add(fading, "factor", Optional.of(new Schedule.Staircase(1, 0.4, 1)), by::apply);
    add(new Transform.ClipByValue(0.1), "maximum", 0.05, by::apply);
    add(
        new Transform.ClipByGlobalNorm(0.1),
        "maximum",
        0.05,
        link -> of(new Optimizer(List.of(link), new Schedule.Constant(0.1))));
  }

  private void optimizers() {
    Optimizer sgd = Optimizer.sgd(0.1);
    Transform link = new Transform.WeightDecay(0.1);
    add("Optimizer.then", of(sgd), of(sgd.then(link)));
    add("Optimizer.withClipNorm", of(sgd), of(sgd.withClipNorm(0.1)));
    add("Optimizer.withClipValue", of(sgd), of(sgd.withClipValue(0.05)));
    Schedule other = new Schedule.Staircase(0.1, 0.5, 1);
    add("Optimizer.withSchedule", of(sgd), of(sgd.withSchedule(other)));
    add(sgd, "transforms", List.of(link), OptionTableTest::of);
    add(sgd, "schedule", other, OptionTableTest::of);
    Function<Rates.Rule, Optimizer> byRule =
        rule -> sgd.then(link).withRates(new Rates(List.of(rule)));
    Rates.Rule rule = new Rates.Rule("dense*", 0.5).withDecay(0.5);
    add("Optimizer.withRates", of(sgd), of(sgd.withRates(new Rates(List.of(rule)))));
    add(sgd, "rates", new Rates(List.of(rule)), OptionTableTest::of);
    add("Rates.rules", of(byRule.apply(rule)), of(sgd.then(link)));
    Rates two = new Rates(List.of(rule, new Rates.Rule("last.*", 2)));
    add("Rates.then", of(byRule.apply(rule)), of(sgd.then(link).withRates(two)));
    Function<Rates.Rule, Case> asRule = r -> of(byRule.apply(r));
    add(rule, "tensors", "dense1*", asRule);
    add(rule, "rate", 0.6, asRule);
    add(rule, "decay", OptionalDouble.of(0.6), asRule);
    add(rule, "rootOfInputs", true, asRule);
  }

  private void networks() {
    add(new Loss.SoftmaxCrossEntropy(0.1f), "smoothing", 0.2f, OptionTableTest::of);
    add(new Loss.SigmoidCrossEntropy(0.1f), "smoothing", 0.2f, OptionTableTest::of);
    add(new Loss.Quantile(0.5f), "tau", 0.9f, OptionTableTest::of);
    add(new Loss.Huber(0.1f), "delta", 0.2f, OptionTableTest::of);
    for (Activation.Function function :
        new Activation.Function[] {Activation.Function.LEAKY_RELU, Activation.Function.ELU}) {
      add(new Activation(function, 0.1f), "parameter", 0.2f, OptionTableTest::of);
    }
    for (Activation.Function function : Activation.Function.values()) {
      if (function != Activation.Function.TANH) {
        add(
            Activation.of(Activation.Function.TANH),
            "function",
            function,
            activation -> of(Activation.of(activation.function())));
      }
    }
    add(
        Blend.of(Activation.Function.TANH),
        "activation",
        Activation.of(Activation.Function.MISH),
        OptionTableTest::of);
    Members members = Members.of(2);
    Layer drawn = members.withStart(Members.Start.NORMAL);
    add("Members.of", of(members), of(Members.of(3)));
    add("Members.withStart", of(members), of(drawn));
    add("Members.withWidths", of(members), of(members.withWidths(List.of(2, 3))));
    embeddings();
    BatchNorm norm = new BatchNorm(0.01, 0.9, BatchNorm.Variance.UNBIASED);
    add(norm, "epsilon", 0.02, OptionTableTest::of);
    add(norm, "decay", 0.8, OptionTableTest::of);
    add(norm, "variance", BatchNorm.Variance.BIASED, OptionTableTest::of);
    add(new LayerNorm(0.01), "epsilon", 0.02, OptionTableTest::of);
    for (Dropout.Form form : Dropout.Form.values()) {
      add(new Dropout(0.5).withForm(form), "keep", 0.6, OptionTableTest::of);
    }
    add(new Dropout(0.5, Dropout.Form.INVERTED), "form", Dropout.Form.CLASSIC, OptionTableTest::of);
    Initializer.Distribution normal = Initializer.Distribution.NORMAL;
    Object uniform = Initializer.Distribution.UNIFORM;
    add(new Initializer.Fixed(0.1, normal), "deviation", 0.2, OptionTableTest::of);
    add(new Initializer.Fixed(0.1, normal), "distribution", uniform, OptionTableTest::of);
    add(new Initializer.LeCun(normal), "distribution", uniform, OptionTableTest::of);
    add(new Initializer.Glorot(normal), "distribution", uniform, OptionTableTest::of);
    add(new Initializer.He(normal), "distribution", uniform, OptionTableTest::of);
    add(new Initializer.Orthogonal(1), "gain", 2.0, OptionTableTest::of);
    Dense dense = new Dense(5);
    add("Dense.withInitializer", of(dense), of(new Initializer.Zeros()));
    Initializer fixed = new Initializer.Fixed(0.1, normal);
    add("Dense.withBiasInitializer", of(dense), of(dense.withBiasInitializer(fixed)));
    add("Dense.withPenalty", of(dense), of(Penalty.l2(0.1)));
    add("Dense.withMaxNorm", of(dense), of(dense.withMaxNorm(0.5)));
    add("Penalty.l1", of(Penalty.l1(0.1)), of(Penalty.l1(0.2)));
    add("Penalty.l2", of(Penalty.l2(0.1)), of(Penalty.l2(0.2)));
    add("Penalty.l1PerExample", of(Penalty.l1PerExample(1)), of(Penalty.l1PerExample(2)));
    add("Penalty.l2PerExample", of(Penalty.l2PerExample(1)), of(Penalty.l2PerExample(2)));
    add("Penalty.and", of(Penalty.l1(0.1)), of(Penalty.l1(0.1).and(Penalty.l2(0.1))));
    add("Penalty.withL2", of(Penalty.l2(0.1)), of(Penalty.l2(0.1).withL2(0.2)));
    add(
        "Penalty.withL1Form",
        of(Penalty.l1(0.1)),
        of(Penalty.l1(0.1).withL1Form(Penalty.L1Form.SOFT_THRESHOLD)));
    excepted.put("Penalty.resolve", "what a training does itself; DescriptionLawsTest");
  }

  /** Rows of two numbers of values, of which column 1 has two. */
  private static Case of(Embedding embedding) {
    Network network =
        Network.inputs(2).add(embedding).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    float[] features = new float[30];
    float[] targets = new float[15];
    for (int r = 0; r < targets.length; r++) {
      features[2 * r] = r % 3;
      features[2 * r + 1] = r % 2;
      targets[r] = r % 5 % 3;
    }
    return new Case(recipe(network), TrainingData.of(Dataset.of(features, 2, targets, 1)));
  }

  private void embeddings() {
    List<Integer> both = List.of(0, 1);
    Embedding.Category category = new Embedding.Category(both, List.of(3, 3), 2);
    Function<Embedding.Part, Case> alone = part -> of(new Embedding(List.of(part)));
    add(category, "columns", both.reversed(), alone::apply);
    add(category, "values", List.of(4, 3), alone::apply);
    add(category, "size", 3, alone::apply);
    add(new Embedding.Pass(both), "columns", both.reversed(), alone::apply);
    Embedding.Periodic periodic = new Embedding.Periodic(both, 3, 3, 0.1);
    add(periodic, "columns", both.reversed(), alone::apply);
    add(periodic, "frequencies", 4, alone::apply);
    add(periodic, "outputs", 4, alone::apply);
    add(periodic, "deviation", 0.2, alone::apply);
    List<List<Float>> edges = List.of(List.of(-1f, 1f), List.of(0f, 1f, 2f));
    Embedding.PiecewiseLinear piecewise = new Embedding.PiecewiseLinear(both, edges, 2);
    add(piecewise, "columns", both.reversed(), alone::apply);
    add(piecewise, "edges", List.of(List.of(-1f, 1f), List.of(0f, 0.5f, 2f)), alone::apply);
    add(piecewise, "size", 3, alone::apply);
    add(
        new Embedding(List.of(category)),
        "parts",
        List.of(new Embedding.Pass(both)),
        OptionTableTest::of);
  }

  private void augmentations() {
    Function<Augmentation, Case> by = OptionTableTest::of;
    add(new Augmentation.Shift(IMAGE, 1), "pixels", 2, by::apply);
    add(new Augmentation.Crop(IMAGE, 1), "padding", 2, by::apply);
    Augmentation.Flip flip = Augmentation.Flip.of(IMAGE, Augmentation.Mirror.HORIZONTAL);
    add(flip, "mirror", Augmentation.Mirror.VERTICAL, by::apply);
    add(flip, "probability", 0.9, by::apply);
    add(new Augmentation.Rotate(IMAGE, 10), "degrees", 20.0, by::apply);
    add(new Augmentation.Zoom(IMAGE, 0.8, 1.2), "min", 0.9, by::apply);
    add(new Augmentation.Zoom(IMAGE, 0.8, 1.2), "max", 1.1, by::apply);
    add(new Augmentation.Brightness(IMAGE, 0.2), "delta", 0.3, by::apply);
    add(new Augmentation.Contrast(IMAGE, 0.8, 1.2), "min", 0.9, by::apply);
    add(new Augmentation.Contrast(IMAGE, 0.8, 1.2), "max", 1.1, by::apply);
    add(new Augmentation.Colour(IMAGE, 0.1, 0.1), "gain", 0.2, by::apply);
    add(new Augmentation.Colour(IMAGE, 0.1, 0.1), "shift", 0.2, by::apply);
    add(new Augmentation.Noise(0.1), "deviation", 0.2, by::apply);
    add(new Augmentation.Mixup(0.2), "alpha", 0.4, by::apply);
    for (String image :
        List.of("Shift", "Crop", "Flip", "Rotate", "Zoom", "Brightness", "Contrast", "Colour")) {
      excepted.put(
          "Augmentation." + image + ".shape", "the images' own; AugmentationTest has shapes");
    }
  }

  private void rules() {
    EarlyStopping patient = EarlyStopping.patience(2);
    add("EarlyStopping.patience", of(EarlyStopping.patience(1).onMetric()), of(patient.onMetric()));
    add("EarlyStopping.never", of(patient.onMetric()), of(EarlyStopping.never()));
    EarlyStopping keeping = EarlyStopping.keepBest().onMetric();
    add("EarlyStopping.keepBest", of(keeping), of(EarlyStopping.never()));
    add("EarlyStopping.withLatestOfEqual", of(keeping), of(keeping.withLatestOfEqual()));
    add("EarlyStopping.onMetric", of(patient), of(patient.onMetric()));
    add("EarlyStopping.withMinimumDelta", of(patient), of(patient.withMinimumDelta(1e3)));
    ReduceOnPlateau rule = ReduceOnPlateau.of(2, 0.5).onMetric();
    add("ReduceOnPlateau.of patience", of(rule), of(ReduceOnPlateau.of(3, 0.5).onMetric()));
    add("ReduceOnPlateau.of", of(rule), of(ReduceOnPlateau.of(2, 0.6).onMetric()));
    ReduceOnPlateau byLoss = ReduceOnPlateau.of(2, 0.5);
    add("ReduceOnPlateau.onMetric", of(byLoss), of(byLoss.onMetric()));
    add("ReduceOnPlateau.withMinimumDelta", of(byLoss), of(byLoss.withMinimumDelta(1e3)));
    add("ReduceOnPlateau.withMinimumRate", of(rule), of(rule.withMinimumRate(0.2)));
    add(new Averaging.Exponential(0.9), "decay", 0.8, OptionTableTest::of);
    add(new Averaging.Epochs(2), "from", 3, OptionTableTest::of);
  }

  private void recipes() {
    Recipe recipe = recipe(plain());
    recipe("withOptimizer", recipe, recipe.withOptimizer(Optimizer.sgd(0.2)));
    recipe("withBatchSize", recipe, recipe.withBatchSize(5));
    Recipe whole = recipe.withDroppedTail();
    recipe("withDroppedTail", recipe, whole);
    recipe("withoutDroppedTail", whole, whole.withoutDroppedTail());
    recipe("withEpochs", recipe, recipe.withEpochs(EPOCHS + 1));
    recipe("withSeed", recipe, recipe.withSeed(4));
    Recipe averaged = recipe.withAveraging(new Averaging.Epochs(1));
    recipe("withAveraging", recipe, averaged);
    recipe("withoutAveraging", averaged, averaged.withAveraging(new Averaging.Epochs(2)));
    recipe(
        "withAugmentations",
        recipe,
        recipe.withAugmentations(List.of(new Augmentation.Noise(0.1))));
    Recipe watched = watched();
    Recipe stopping = watched.withEarlyStopping(EarlyStopping.patience(1));
    recipe("withEarlyStopping", watched, stopping);
    Recipe falling = watched.withReduceOnPlateau(ReduceOnPlateau.of(1, 0.1));
    recipe("withReduceOnPlateau", watched, falling);
    recipe("withoutReduceOnPlateau", falling, falling.withoutReduceOnPlateau());
    Recipe dropping =
        recipe(network(new Loss.SoftmaxCrossEntropy(), 3, new Dense(5), Dropout.of(0.5)));
    Recipe droppingLess = dropping.withDropoutFactor(new Schedule.Staircase(1, 0.5, 1));
    recipe("withDropoutFactor", dropping, droppingLess);
    recipe("withoutDropoutFactor", droppingLess, droppingLess.withoutDropoutFactor());
    recipe("withStart", recipe, recipe.withStart(Recipe.Start.DATA));
    excepted.put("Recipe.withMicroBatch", "the same bits: partsOfABatchHaveItsBitsAndItsMemoryNot");
    TrainingData rows = CLASSES;
    Dataset others = Samples.classes(15, 9);
    add(
        "TrainingData.withTraining",
        new Case(recipe, rows),
        new Case(recipe, rows.withTraining(others)));
    add(
        "TrainingData.withDev",
        new Case(stopping, rows),
        new Case(stopping, rows.withDev(Samples.classes(9, 5))));
    Recipe byMetric = watched.withEarlyStopping(EarlyStopping.patience(1).onMetric());
    add(
        "TrainingData.withMetric",
        new Case(byMetric, rows.withMetric(rank())),
        new Case(byMetric, rows.withMetric(DevMetric.logLoss())));
    float[] weights = new float[15];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + i % 2;
    }
    add(
        "Dataset.withWeights",
        new Case(recipe, rows),
        new Case(recipe, rows.withTraining(Samples.classes(15, 1).withWeights(weights))));
  }

  private void recipe(String wither, Recipe one, Recipe other) {
    add("Recipe." + wither, new Case(one, CLASSES), new Case(other, CLASSES));
  }

  private void fill() {
    schedules();
    transforms();
    optimizers();
    networks();
    augmentations();
    rules();
    recipes();
  }

  /** {@return the options that there are} */
  private static Set<String> options() {
    Set<String> options = new TreeSet<>();
    for (Class<?> sealed :
        List.of(
            Schedule.class,
            Transform.class,
            Loss.class,
            Initializer.class,
            Averaging.class,
            Augmentation.class)) {
      records(sealed).forEach(type -> components(type, options));
    }
    for (Class<?> record :
        List.of(
            Schedule.Chained.Leg.class,
            Optimizer.class,
            Rates.class,
            Rates.Rule.class,
            Activation.class,
            Blend.class,
            Embedding.class,
            Embedding.Pass.class,
            Embedding.Category.class,
            Embedding.Periodic.class,
            Embedding.PiecewiseLinear.class,
            BatchNorm.class,
            LayerNorm.class,
            Dropout.class)) {
      components(record, options);
    }
    for (Class<?> type :
        List.of(
            Recipe.class,
            TrainingData.class,
            Optimizer.class,
            Rates.class,
            Dense.class,
            Members.class,
            Penalty.class,
            EarlyStopping.class,
            ReduceOnPlateau.class)) {
      for (Method method : type.getMethods()) {
        boolean makes = method.getReturnType() == type && method.getDeclaringClass() == type;
        boolean usual = type == Optimizer.class && Modifier.isStatic(method.getModifiers());
        boolean first = type == Recipe.class || type == TrainingData.class;
        if (makes && !usual && !(first && Modifier.isStatic(method.getModifiers()))) {
          options.add(name(type) + "." + method.getName());
        }
      }
    }
    return options;
  }

  private static Stream<Class<?>> records(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isRecord() ? Stream.of(type) : records(type));
  }

  private static void components(Class<?> record, Set<String> options) {
    for (RecordComponent component : record.getRecordComponents()) {
      options.add(name(record) + "." + component.getName());
    }
  }

  @Test
  void theTableHasEveryOption() {
    fill();
    Set<String> named =
        rows.stream().map(Row::option).collect(Collectors.toCollection(TreeSet::new));
    named.addAll(excepted.keySet());
    Set<String> missing = new TreeSet<>(options());
    missing.removeAll(named);
    assertEquals(Set.of(), missing);
    assertTrue(options().containsAll(excepted.keySet()), "exceptions that are none");
  }

  /** The result, and what the epochs reported, without times. */
  private record Outcome(float[] parameters, float[] latest, List<String> epochs) {

    static Outcome of(Training training) {
      List<String> epochs = new ArrayList<>();
      training.forEach(epoch -> epochs.add(epoch.toString()));
      return new Outcome(training.parameters(), training.latestParameters(), epochs);
    }
  }

  @Test
  void everyOptionChangesTheBits() {
    fill();
    List<String> without = new ArrayList<>();
    for (Row row : rows) {
      Outcome one = Outcome.of(Training.start(row.one.recipe, row.one.data, ENGINE));
      Outcome other = Outcome.of(Training.start(row.other.recipe, row.other.data, ENGINE));
      if (Arrays.equals(one.parameters, other.parameters)
          && Arrays.equals(one.latest, other.latest)) {
        without.add(row.option);
      }
    }
    assertEquals(List.of(), without);
  }

  /** Each time at another step, mostly within an epoch. */
  @Test
  void everyOptionSurvivesACheckpoint() throws IOException {
    fill();
    int at = 0;
    for (Row row : rows) {
      for (Case which : List.of(row.one, row.other)) {
        Training whole = Training.start(which.recipe, which.data, ENGINE);
        for (int step = at++ % 11; step >= 0 && !whole.finished(); step--) {
          whole.step();
        }
        Training resumed = Training.resume(whole.toBytes(), which.recipe, which.data, ENGINE);
        Outcome expected = Outcome.of(whole);
        Outcome actual = Outcome.of(resumed);
        assertArrayEquals(expected.latest, actual.latest, row.option);
        assertArrayEquals(expected.parameters, actual.parameters, row.option);
        assertEquals(expected.epochs, actual.epochs, row.option);
        assertEquals(whole.bestEpoch(), resumed.bestEpoch(), row.option);
      }
    }
  }

  /** … and a checkpoint of one of the two is refused by the other: an option is part of it. */
  @Test
  void everyOptionIsPartOfACheckpointsIdentity() {
    fill();
    List<String> taken = new ArrayList<>();
    for (Row row : rows) {
      if (row.option.equals("Recipe.withEpochs")) {
        continue; // which may differ
      }
      byte[] bytes = Training.start(row.one.recipe, row.one.data, ENGINE).toBytes();
      try {
        Training.resume(bytes, row.other.recipe, row.other.data, ENGINE);
        taken.add(row.option);
      } catch (IOException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
    assertEquals(List.of(), taken);
  }

  /** Gradients of parts of a batch are added up to those of the batch; only memory is less. */
  @Test
  void partsOfABatchHaveItsBitsAndItsMemoryNot() {
    TrainingData many = TrainingData.of(Samples.classes(300, 1));
    Recipe whole = recipe(plain()).withBatchSize(150);
    Training one = Training.start(whole, many, ENGINE);
    float[] expected = Outcome.of(one).latest;
    for (int part : new int[] {1, 7, 64, 128, 150, 1000}) {
      Training inParts = Training.start(whole.withMicroBatch(part), many, ENGINE);
      float[] actual = Outcome.of(inParts).latest;
      // Sums of biases are those of blocks of 64 rows.
      assertArrayEquals(expected, actual, part < 64 ? 1e-5f : 0, "parts of " + part);
      assertEquals(part >= 150, one.describe().equals(inParts.describe()), "parts of " + part);
    }
  }
}
