package dev.lanewise.train;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.TextbookAdam;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The preset for tables, apart from any training by it. */
class TabularTest {

  private static final Table TABLE = table(3);

  /** Two numbers, a text of three values, one of two; a class of so many, and a value. */
  private static Table table(int classes) {
    Random random = new Random(3);
    List<List<?>> rows =
        IntStream.range(0, 40)
            .<List<?>>mapToObj(
                row ->
                    List.of(
                        random.nextGaussian(),
                        100 * random.nextGaussian(),
                        "rgb".substring(row % 3, row % 3 + 1),
                        row % 2 == 0 ? "on" : "off",
                        "class " + row % classes,
                        random.nextGaussian()))
            .toList();
    return Table.ofRows(List.of("a", "b", "colour", "switch", "y", "v"), rows);
  }

  private static Dataset rows(Table table, String label, Roles.Task task) {
    Roles roles = Roles.of(label, task).withIgnored(label.equals("y") ? "v" : "y");
    Encoder encoder = Encoder.fit(table, roles, table.all(), Tabular.small().encoding());
    return encoder.dataset(table, table.all());
  }

  private static final Dataset BINARY = rows(table(2), "y", Roles.Task.CLASSIFY);
  private static final Dataset CLASSES = rows(TABLE, "y", Roles.Task.CLASSIFY);
  private static final Dataset VALUES = rows(TABLE, "v", Roles.Task.REGRESS);

  private static final Dense LECUN =
      new Dense(256)
          .withInitializer(new Initializer.LeCun(Initializer.Distribution.NORMAL))
          .withBiasInitializer(new Initializer.Fixed(1, Initializer.Distribution.NORMAL));

  private static Dense zeros(int units) {
    return new Dense(units).withInitializer(new Initializer.Zeros());
  }

  private static Target target(Dataset rows) {
    return rows.encoder().orElseThrow().target();
  }

  private static Network network(Tabular preset, Dataset rows) {
    return preset.recipe(rows).network();
  }

  @Example
  void theSmallFormIsWhatItsPageSays() {
    for (Dataset rows : List.of(BINARY, CLASSES, VALUES)) {
      assertEquals(2 + 3 + 1, rows.columns(), "one-hot for three, a sign for two");
    }
    Recipe two = Recipe.tabular(BINARY);
    assertEquals(
        "Optimizer[transforms=[Adam[beta1=0.9, beta2=0.95, epsilon=1.0E-8, place=OUTSIDE_ROOT],"
            + " WeightDecay[lambda=0.02]],"
            + " schedule=PerStep[schedule=CosineLog[peak=0.04, cycles=4, length=128]],"
            + " rates=Rates[rules=["
            + "Rule[tensors=*.weight, rate=1.0, decay=OptionalDouble.empty, rootOfInputs=true],"
            + " Rule[tensors=*.bias, rate=0.1, decay=OptionalDouble.empty, rootOfInputs=false],"
            + " Rule[tensors=scaling*, rate=6.0, decay=OptionalDouble[1.0], rootOfInputs=false],"
            + " Rule[tensors=last.weight, rate=2.0, decay=OptionalDouble[0.5], rootOfInputs=true],"
            + " Rule[tensors=last.bias, rate=0.2, decay=OptionalDouble.empty, rootOfInputs=false]"
            + "]]]",
        two.optimizer().toString());
    assertEquals(40, two.batchSize());
    assertTrue(two.dropsTail());
    assertEquals(128, two.epochs());
    assertEquals(EarlyStopping.keepBest().withLatestOfEqual(), two.earlyStopping());
    assertEquals(Recipe.Start.DRAWN, two.start());
    assertEquals(Optional.empty(), two.dropoutFactor());
    assertEquals(
        Network.inputs(6)
            .add(new Scaling())
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .dropout(0.15)
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .dropout(0.15)
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .dropout(0.15)
            .add(zeros(1))
            .loss(new Loss.SigmoidCrossEntropy()),
        two.network());
    Recipe three = Recipe.tabular(CLASSES);
    assertEquals(new Loss.SoftmaxCrossEntropy(), three.network().loss());
    assertEquals(3, three.optimizer().rates().rules().size());
    Recipe values = Recipe.tabular(VALUES);
    assertEquals(new Loss.SquaredError(), values.network().loss());
    assertEquals(
        Network.inputs(6)
            .add(new Scaling())
            .add(LECUN)
            .activation(Activation.Function.MISH)
            .add(LECUN)
            .activation(Activation.Function.MISH)
            .add(LECUN)
            .activation(Activation.Function.MISH)
            .add(zeros(1))
            .loss(new Loss.SquaredError()),
        values.network());
    assertEquals(
        new Schedule.PerStep(new Schedule.CosineLog(0.07, 4, 256)), values.optimizer().schedule());
    assertEquals(1, values.optimizer().transforms().size(), "no decay");
  }

  /** Cities of more than eight values, one of which is missing here and there; flags; numbers. */
  private static Dataset cities(Tabular preset, Roles.Task task) {
    Random random = new Random(4);
    List<List<?>> rows =
        IntStream.range(0, 40)
            .<List<?>>mapToObj(
                row ->
                    Arrays.asList(
                        row % 7 == 0 ? null : "city " + row % 9,
                        row % 5 == 0 ? null : random.nextGaussian(),
                        row % 2,
                        "rgb".substring(row % 3, row % 3 + 1),
                        3,
                        random.nextGaussian(),
                        task == Roles.Task.CLASSIFY ? "class " + row % 2 : random.nextGaussian()))
            .toList();
    Table table = Table.ofRows(List.of("city", "a", "flag", "colour", "constant", "b", "y"), rows);
    Encoder encoder = Encoder.fit(table, Roles.of("y", task), table.all(), preset.encoding());
    return encoder.dataset(table, table.all());
  }

  /** The columns that stay, the two numbers, the category of ten values with the missing one. */
  private static List<Embedding.Part> parts(Embedding.Part numbers) {
    return List.of(
        new Embedding.Pass(List.of(2, 3, 4, 5, 6, 7)),
        numbers,
        new Embedding.Category(List.of(0), List.of(10), 8));
  }

  @Example
  void manyValuesAreEmbeddedInTheSmallFormToo() {
    Network network = network(Tabular.small(), cities(Tabular.small(), Roles.Task.CLASSIFY));
    assertEquals(
        new Embedding(
            List.of(
                new Embedding.Pass(List.of(1, 2, 3, 4, 5, 6, 7, 8)),
                new Embedding.Category(List.of(0), List.of(10), 8))),
        network.layers().getFirst());
    assertEquals(new Scaling(), network.layers().get(1));
    assertEquals(8 + 8, network.nodes().get(1).inputs(), "a factor for each embedded number");
    Tabular three = Tabular.small().withCategorySize(3);
    assertEquals(8 + 3, network(three, cities(three, Roles.Task.CLASSIFY)).nodes().get(1).inputs());
  }

  private static Network.Builder hidden(
      Network.Builder network, Activation.Function function, double dropout) {
    for (int layer = 0; layer < 3; layer++) {
      network.add(LECUN).add(Blend.of(function));
      if (dropout > 0) {
        network.dropout(dropout);
      }
    }
    return network.add(
        new Dense(1).withInitializer(new Initializer.LeCun(Initializer.Distribution.NORMAL)));
  }

  private static Embedding.Part bins(Dataset rows) {
    return Embedding.PiecewiseLinear.ofQuantiles(
            List.of(1, 8), rows.features(), rows.columns(), 16, 8)
        .orElseThrow();
  }

  private static final Embedding.Part WAVES = Embedding.Periodic.of(List.of(1, 8));

  @Example
  void theFullFormOfClassesIsWhatItsPageSays() {
    Dataset rows = cities(Tabular.full(), Roles.Task.CLASSIFY);
    Recipe recipe = Tabular.full().recipe(rows);
    assertEquals(
        hidden(
                Network.inputs(9).add(new Embedding(parts(bins(rows)))).add(new Scaling()),
                Activation.Function.SELU,
                0.3)
            .loss(new Loss.SigmoidCrossEntropy()),
        recipe.network());
    Schedule fading =
        new Schedule.PerStep(
            new Schedule.Chained(
                List.of(new Schedule.Chained.Leg(new Schedule.Constant(1), 64)),
                new Schedule.Cosine(1, 0, 64)));
    assertEquals(
        List.of(
            new Transform.Adam(0.9, 0.95, 1e-8, EpsilonPlace.OUTSIDE_ROOT),
            new Transform.WeightDecay(0.02).withFactor(fading)),
        recipe.optimizer().transforms());
    assertEquals(Optional.of(fading), recipe.dropoutFactor());
    assertEquals(Recipe.Start.DATA, recipe.start());
    assertEquals(128, recipe.epochs());
    assertEquals(
        new Schedule.PerStep(new Schedule.CosineLog(0.04, 4, 128)), recipe.optimizer().schedule());
    assertEquals(
        List.of(
            new Rates.Rule("*.weight", 1).withRootOfInputs(),
            new Rates.Rule("*.bias", 0.1),
            new Rates.Rule("scaling*", 6).withDecay(1),
            new Rates.Rule("blend*", 0.1).withDecay(1),
            new Rates.Rule("embedding*", 0.1).withDecay(1),
            new Rates.Rule("embedding*.categories", 1).withDecay(1),
            new Rates.Rule("last.weight", 2).withDecay(0.5).withRootOfInputs(),
            new Rates.Rule("last.bias", 0.2)),
        recipe.optimizer().rates().rules());
  }

  @Example
  void theFullFormOfValuesIsWhatItsPageSays() {
    Dataset rows = cities(Tabular.full(), Roles.Task.REGRESS);
    Recipe recipe = Tabular.full().recipe(rows);
    assertEquals(
        hidden(
                Network.inputs(9).add(new Embedding(parts(WAVES))).add(new Scaling()),
                Activation.Function.MISH,
                0)
            .loss(new Loss.SquaredError()),
        recipe.network());
    assertEquals(Optional.empty(), recipe.dropoutFactor(), "no dropout");
    assertEquals(256, recipe.epochs());
    assertEquals(
        new Schedule.PerStep(new Schedule.CosineLog(0.2, 4, 256)), recipe.optimizer().schedule());
    double turn = 2 * Math.PI;
    assertTrue(
        recipe
            .optimizer()
            .rates()
            .rules()
            .contains(new Rates.Rule("embedding*.phase", 0.1 / turn).withDecay(turn)));
    Target.Values target = (Target.Values) target(rows);
    assertEquals(1, target.ranges().size(), "predictions stay in the range of the training rows");
  }

  /** The networks in one behind what columns become, where it costs least. */
  @Example
  void anEnsembleIsTheFullFormWithMembers() {
    Dataset rows = cities(Tabular.ensemble(8), Roles.Task.REGRESS);
    Recipe recipe = Tabular.ensemble(8).recipe(rows);
    assertEquals(
        hidden(
                Network.inputs(9)
                    .add(new Embedding(parts(WAVES)))
                    .add(new Scaling())
                    .add(Members.of(8).withWidths(List.of(1, 1, 3, 1, 4, 4, 8))),
                Activation.Function.MISH,
                0)
            .loss(new Loss.SquaredError()),
        recipe.network());
    assertEquals(64, recipe.epochs());
    Recipe full = Tabular.full().withEpochs(64).recipe(rows);
    assertEquals(full.optimizer(), recipe.optimizer());
    assertEquals(full.start(), recipe.start());
    assertEquals(full.network(), Tabular.ensemble(1).recipe(rows).network());
  }

  /** All of it at first, half of it after three quarters, nothing at the end. */
  @Property
  void whatFadesEndsWithTheLastStep(@ForAll @IntRange(min = 2, max = 5000) int steps) {
    Tabular preset = Tabular.full().withBatchSize(1).withEpochs(1);
    Network network = network(Tabular.full().withHidden(4), CLASSES);
    Recipe recipe = preset.recipe(network, steps);
    Schedule factor = recipe.dropoutFactor().orElseThrow();
    assertEquals(1, factor.rate(0));
    assertEquals(1, factor.rate(steps / 2));
    if (steps % 4 == 0) {
      assertEquals(0.5, factor.rate(steps * 3L / 4), 1e-12);
    }
    assertTrue(factor.rate(steps - 1) > 0);
    assertEquals(0, factor.rate(steps));
    Transform.WeightDecay decay = (Transform.WeightDecay) recipe.optimizer().transforms().getLast();
    assertEquals(Optional.of(factor), decay.factor());
    assertEquals(Optional.empty(), preset.withFading(false).recipe(network, steps).dropoutFactor());
  }

  @Example
  void oneStepHasNothingToFadeIn() {
    Network network = network(Tabular.full().withHidden(4), CLASSES);
    Recipe recipe = Tabular.full().withEpochs(1).recipe(network, 30);
    assertEquals(Optional.empty(), recipe.dropoutFactor());
    assertEquals(new Transform.WeightDecay(0.02), recipe.optimizer().transforms().getLast());
  }

  /** The factor of the classic form in inference belongs to one probability. */
  @Example
  void classicDropoutDoesNotFade() {
    Network network =
        Network.inputs(6)
            .dense(4)
            .relu()
            .add(Dropout.of(0.2).withForm(Dropout.Form.CLASSIC))
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    assertEquals(Optional.empty(), Tabular.full().recipe(network, 100).dropoutFactor());
  }

  /** Nothing bends along two values, and a network of nothing else has no embedding. */
  @Example
  void numbersOfTwoValuesStayAsTheyAre() {
    List<List<?>> rows =
        IntStream.range(0, 20)
            .<List<?>>mapToObj(row -> List.of(row % 2, 5, "class " + row % 3))
            .toList();
    Table table = Table.ofRows(List.of("a", "b", "y"), rows);
    for (Tabular preset : List.of(Tabular.full(), Tabular.ensemble(3))) {
      Encoder encoder =
          Encoder.fit(table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), preset.encoding());
      Network network = network(preset, encoder.dataset(table, table.all()));
      assertEquals(new Scaling(), network.layers().getFirst());
    }
  }

  @Example
  void rowsThatNoEncoderMadeAreRefused() {
    Dataset made = Dataset.of(new float[] {1, 2}, 2, new float[] {1}, 1);
    for (Tabular preset : List.of(Tabular.small(), Tabular.full())) {
      assertRefusedSaying("rows: made by no encoder", () -> preset.recipe(made));
      assertRefusedSaying(
          "rows: made by no encoder", () -> preset.network(made, new Loss.SquaredError()));
    }
  }

  @Property
  void epochsAreAsManyAsTheLimitLeaves(
      @ForAll @IntRange(min = 1) int rows,
      @ForAll @IntRange(min = 1, max = 1000) int most,
      @ForAll @LongRange(min = 1, max = 100_000_000) long limit) {
    Tabular preset = Tabular.small().withEpochs(most).withMostExamples(limit);
    Loss loss = new Loss.SquaredError();
    int epochs = preset.epochs(loss, rows);
    assertTrue(epochs >= 1 && epochs <= most);
    assertTrue(epochs == 1 || (long) epochs * rows <= limit);
    assertTrue(epochs == most || (epochs + 1L) * rows > limit);
    assertEquals(most, preset.withMostExamples(Long.MAX_VALUE).epochs(loss, rows));
  }

  @Example
  void fiveMillionExamplesAreTrainedOn() {
    Loss classes = new Loss.SoftmaxCrossEntropy();
    Loss values = new Loss.SquaredError();
    assertEquals(256, Tabular.small().epochs(values, 1));
    assertEquals(256, Tabular.small().epochs(values, 19_531));
    assertEquals(255, Tabular.small().epochs(values, 19_532));
    assertEquals(128, Tabular.small().epochs(classes, 39_062));
    assertEquals(127, Tabular.small().epochs(classes, 39_063));
    for (Loss loss : List.of(classes, values)) {
      assertEquals(77, Tabular.small().epochs(loss, 64_935));
      assertEquals(1, Tabular.small().epochs(loss, 5_000_001));
      assertEquals(64, Tabular.ensemble(8).epochs(loss, 10_000));
      assertEquals(50, Tabular.ensemble(8).epochs(loss, 100_000));
    }
    assertEquals(128, Tabular.full().epochs(classes, 1000));
    assertEquals(256, Tabular.full().epochs(values, 1000));
  }

  @Example
  void batchesGrowWithTheRows() {
    Network network = network(Tabular.small().withHidden(), CLASSES);
    int[][] sizes = {
      {63, 63},
      {64, 64},
      {1024, 64},
      {1025, 128},
      {8192, 128},
      {8193, 256},
      {30_000, 256},
      {30_001, 512},
      {100_000, 512},
      {100_001, 1024}
    };
    for (int[] rowsAndBatch : sizes) {
      for (Tabular preset : List.of(Tabular.small(), Tabular.full(), Tabular.ensemble(8))) {
        assertEquals(rowsAndBatch[1], preset.recipe(network, rowsAndBatch[0]).batchSize());
      }
      assertEquals(
          Math.min(100, rowsAndBatch[0]),
          Tabular.small().withBatchSize(100).recipe(network, rowsAndBatch[0]).batchSize());
    }
  }

  /** The last cycle of the rate ends with the last step, whatever is left over of the rows. */
  @Property
  void theScheduleEndsWithTheLastStep(
      @ForAll @IntRange(min = 1, max = 20_000) int rows,
      @ForAll @IntRange(max = 600) int batchSize,
      @ForAll @IntRange(min = 4, max = 300) int epochs) {
    Tabular preset = Tabular.small().withBatchSize(batchSize).withEpochs(epochs);
    Recipe recipe = preset.recipe(network(preset.withHidden(1), CLASSES), rows);
    int batch = batchSize == 0 ? rows : Math.min(rows, batchSize);
    long steps = (long) recipe.epochs() * (rows / batch);
    Schedule schedule = recipe.optimizer().schedule();
    assertEquals(0, schedule.rate(0));
    assertTrue(schedule.rate(steps - 1) > 0);
    assertEquals(0, schedule.rate(steps));
    assertEquals(steps, schedule.cycleEnds(steps).getLast());
  }

  @Example
  void trainingBeginsAtEvenChancesOrTheMean() {
    for (Dataset rows : List.of(BINARY, CLASSES, VALUES)) {
      Network network = network(Tabular.small().withHidden(8), rows);
      double[] theta = ReferenceNetwork.widen(network.initialParameters(1));
      double[][] scores =
          new ReferenceNetwork(network).logits(theta, new double[][] {{1, 2, 3, 4, 5, 6}});
      assertArrayEquals(new double[network.outputs()], scores[0]);
    }
  }

  /** A rule that names no tensor would be refused. */
  @Example
  void aNetworkWithoutScalingHasNoRateOfIt() {
    Tabular without = Tabular.small().withHidden(8).withoutScaling();
    Network network = network(without, CLASSES);
    assertEquals(network, network(without.withScalingRate(3), CLASSES));
    for (Tabular preset : List.of(without, Tabular.small())) {
      Rates rates = preset.recipe(network, 100).optimizer().rates();
      assertTrue(rates.rules().stream().noneMatch(r -> r.tensors().startsWith("scaling")));
    }
  }

  @Example
  void aLossOfClassesOrValuesDecidesAndNotTheTarget() {
    Tabular preset = Tabular.small().withHidden(8);
    Network counts = preset.network(VALUES, new Loss.Poisson());
    assertTrue(counts.toString().contains("MISH"), counts::toString);
    assertEquals(
        new Schedule.PerStep(new Schedule.CosineLog(0.07, 4, 256)),
        preset.recipe(counts, 100).optimizer().schedule());
    assertEquals(
        new Loss.SigmoidCrossEntropy(0.1f), preset.withSmoothing(0.1f).loss(target(BINARY)));
    assertEquals(
        new Loss.SoftmaxCrossEntropy(0.1f), preset.withSmoothing(0.1f).loss(target(CLASSES)));
    assertEquals(new Loss.SquaredError(), preset.withSmoothing(0.1f).loss(target(VALUES)));
  }

  private static final List<UnaryOperator<Tabular>> CHANGES =
      List.of(
          preset -> preset.withHidden(7),
          preset -> preset.withActivation(Activation.Function.RELU),
          preset -> preset.withInitializers(new Initializer.Zeros(), new Initializer.Zeros()),
          preset -> preset.withBiasInitializer(new Initializer.Zeros()),
          preset -> preset.withScalingRate(2),
          preset -> preset.withoutScaling(),
          preset -> preset.withDropout(0.1),
          preset -> preset.withSmoothing(0.1f),
          preset -> preset.withRate(0.5),
          preset -> preset.withBiasRate(0.5),
          preset -> preset.withTransforms(List.of()),
          preset -> preset.withDecay(0.1),
          preset -> preset.withCycles(2),
          preset -> preset.withBatchSize(3),
          preset -> preset.withEpochs(3),
          preset -> preset.withMostExamples(9),
          preset -> preset.withEncoding(Encoder.Options.standard()),
          preset -> preset.withCategorySize(3),
          preset -> preset.withNumbers(Tabular.Numbers.PERIODIC),
          preset -> preset.withPiecewiseSizes(5, 4),
          preset -> preset.withNumberRate(0.5),
          preset -> preset.withMembers(3),
          preset -> preset.withBlends(true),
          preset -> preset.withBlendRate(0.5),
          preset -> preset.withStart(Recipe.Start.DATA),
          preset -> preset.withFading(true),
          preset -> preset.withCalibration(false));

  /** Each shows in the text, keeps the others, and leaves what it was called on as it is. */
  @Example
  void constantsAreChangedOneByOne() {
    long withers =
        Arrays.stream(Tabular.class.getMethods())
            .filter(method -> method.getName().startsWith("with"))
            .count();
    assertEquals(withers, CHANGES.size());
    String small = Tabular.small().toString();
    Set<String> texts = new HashSet<>(Set.of(small));
    for (UnaryOperator<Tabular> one : CHANGES) {
      assertTrue(texts.add(one.apply(Tabular.small()).toString()));
      for (UnaryOperator<Tabular> other : CHANGES) {
        assertEquals(
            one.apply(other.apply(Tabular.small())).toString(),
            other.apply(one.apply(Tabular.small())).toString());
      }
    }
    assertEquals(small, Tabular.small().toString());
  }

  private static final int ROWS = 24;

  /** A training in double by what an optimiser describes: Adam, its schedule, decay and factors. */
  private static final class Textbook {
    private final ReferenceNetwork network;
    private final ReferenceNetwork.Batch batch;
    private final double[] theta;
    private final TextbookAdam adam;

    Textbook(Recipe recipe, ReferenceNetwork.Batch batch) {
      network = new ReferenceNetwork(recipe.network());
      this.batch = batch;
      theta = ReferenceNetwork.widen(recipe.network().initialParameters(3));
      adam = new TextbookAdam(network, recipe.optimizer(), theta);
    }

    void step() {
      adam.step(batch);
    }

    double[][] scores() {
      return network.logits(theta, batch.x());
    }

    double[] values(String name) {
      Slot slot = network.layout().slot(name);
      return Arrays.copyOfRange(theta, slot.offset(), slot.end());
    }
  }

  /**
   * Two softmax outputs, which the preset starts at zeros, beside its one sigmoid output: z = z₁ −
   * z₀ in every step, and the same layers below. With decay, which falls on both.
   */
  @Example
  void oneSigmoidOutputIsTrainedAsTwoOfSoftmax() {
    Tabular preset =
        Tabular.small()
            .withHidden(6, 5)
            .withDropout(0)
            .withTransforms(
                List.of(new Transform.Adam(0.9, 0.95, 1e-13, EpsilonPlace.OUTSIDE_ROOT)))
            .withDecay(0.3)
            .withEpochs(60);
    Network one = preset.network(BINARY, new Loss.SigmoidCrossEntropy());
    List<Layer> layers = new ArrayList<>(one.layers());
    layers.set(layers.size() - 1, zeros(2));
    Network two = new Network(one.inputs(), layers, new Loss.SoftmaxCrossEntropy());
    Random random = new Random(5);
    double[][] x = new double[ROWS][one.inputs()];
    double[][] classes = new double[ROWS][1];
    double[][] oneHot = new double[ROWS][2];
    for (int i = 0; i < ROWS; i++) {
      Arrays.setAll(x[i], j -> random.nextGaussian());
      int positive = x[i][0] + x[i][1] * x[i][2] > 0.3 ? 1 : 0;
      classes[i][0] = positive;
      oneHot[i][positive] = 1;
    }
    Textbook sigmoid =
        new Textbook(preset.recipe(one, ROWS), new ReferenceNetwork.Batch(x, classes));
    Textbook softmax =
        new Textbook(preset.recipe(two, ROWS), new ReferenceNetwork.Batch(x, oneHot));
    for (int step = 0; step < 60; step++) {
      double[][] both = softmax.scores();
      double[][] difference = sigmoid.scores();
      for (int i = 0; i < ROWS; i++) {
        assertEquals(both[i][1] - both[i][0], difference[i][0], 1e-9, "step " + step);
      }
      for (String name :
          List.of(
              "scaling0.scale", "dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias")) {
        assertArrayEquals(softmax.values(name), sigmoid.values(name), 1e-9, name);
      }
      softmax.step();
      sigmoid.step();
    }
    assertTrue(Math.abs(sigmoid.scores()[0][0]) > 0.1, () -> "z " + sigmoid.scores()[0][0]);
  }
}
