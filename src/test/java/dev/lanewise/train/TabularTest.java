package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.TextbookAdam;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
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

  private static Encoder encoder(Table table, String label, Roles.Task task) {
    Roles roles = Roles.of(label, task).withIgnored(label.equals("y") ? "v" : "y");
    return Encoder.fit(table, roles, table.all(), Tabular.small().encoding());
  }

  private static final Encoder BINARY = encoder(table(2), "y", Roles.Task.CLASSIFY);
  private static final Encoder CLASSES = encoder(TABLE, "y", Roles.Task.CLASSIFY);
  private static final Encoder VALUES = encoder(TABLE, "v", Roles.Task.REGRESS);

  private static final Dense LECUN =
      new Dense(256)
          .withInitializer(new Initializer.LeCun(Initializer.Distribution.NORMAL))
          .withBiasInitializer(new Initializer.Fixed(1, Initializer.Distribution.NORMAL));

  private static Dense zeros(int units) {
    return new Dense(units).withInitializer(new Initializer.Zeros());
  }

  private static Network network(Tabular preset, Encoder encoder) {
    return preset.network(encoder, preset.loss(encoder.target()));
  }

  @Example
  void theSmallFormIsWhatItsPageSays() {
    for (Encoder encoder : List.of(BINARY, CLASSES, VALUES)) {
      assertEquals(2 + 3 + 1, encoder.encodedColumns(), "one-hot for three, a sign for two");
    }
    Recipe two = Recipe.tabular(BINARY, 1000);
    assertEquals(
        "Optimizer[transforms=[Adam[beta1=0.9, beta2=0.95, epsilon=1.0E-8, place=OUTSIDE_ROOT]],"
            + " schedule=PerStep[schedule=CosineLog[peak=0.04, cycles=4, length=768]],"
            + " rates=Rates[rules=["
            + "Rule[tensors=*.weight, rate=1.0, decay=OptionalDouble.empty, rootOfInputs=true],"
            + " Rule[tensors=*.bias, rate=0.1, decay=OptionalDouble.empty, rootOfInputs=false],"
            + " Rule[tensors=scaling*, rate=6.0, decay=OptionalDouble.empty, rootOfInputs=false],"
            + " Rule[tensors=last.weight, rate=2.0, decay=OptionalDouble[0.5], rootOfInputs=true],"
            + " Rule[tensors=last.bias, rate=0.2, decay=OptionalDouble.empty, rootOfInputs=false]"
            + "]]]",
        two.optimizer().toString());
    assertEquals(256, two.batchSize());
    assertTrue(two.dropsTail());
    assertEquals(256, two.epochs());
    assertEquals(EarlyStopping.keepBest().withLatestOfEqual(), two.earlyStopping());
    assertEquals(
        Network.inputs(6)
            .add(new Scaling())
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .add(LECUN)
            .activation(Activation.Function.SELU)
            .add(zeros(1))
            .loss(new Loss.SigmoidCrossEntropy()),
        two.network());
    Recipe three = Recipe.tabular(CLASSES, 1000);
    assertEquals(new Loss.SoftmaxCrossEntropy(), three.network().loss());
    assertEquals(3, three.optimizer().rates().rules().size());
    Recipe values = Recipe.tabular(VALUES, 1000);
    assertEquals(new Loss.SquaredError(), values.network().loss());
    assertTrue(values.network().toString().contains("MISH"), values.network()::toString);
    assertEquals(
        new Schedule.PerStep(new Schedule.CosineLog(0.07, 4, 768)), values.optimizer().schedule());
  }

  @Property
  void epochsAreAsManyAsTheLimitLeaves(
      @ForAll @IntRange(min = 1) int rows,
      @ForAll @IntRange(min = 1, max = 1000) int most,
      @ForAll @LongRange(min = 1, max = 100_000_000) long limit) {
    Tabular preset = Tabular.small().withEpochs(most).withMostExamples(limit);
    int epochs = preset.epochs(rows);
    assertTrue(epochs >= 1 && epochs <= most);
    assertTrue(epochs == 1 || (long) epochs * rows <= limit);
    assertTrue(epochs == most || (epochs + 1L) * rows > limit);
    assertEquals(most, preset.withMostExamples(Long.MAX_VALUE).epochs(rows));
  }

  @Example
  void fiveMillionExamplesAreTrainedOn() {
    assertEquals(256, Tabular.small().epochs(1));
    assertEquals(256, Tabular.small().epochs(19_531));
    assertEquals(255, Tabular.small().epochs(19_532));
    assertEquals(77, Tabular.small().epochs(64_935));
    assertEquals(1, Tabular.small().epochs(5_000_001));
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
    for (Encoder encoder : List.of(BINARY, CLASSES, VALUES)) {
      Network network = network(Tabular.small().withHidden(8), encoder);
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
        new Loss.SigmoidCrossEntropy(0.1f), preset.withSmoothing(0.1f).loss(BINARY.target()));
    assertEquals(
        new Loss.SoftmaxCrossEntropy(0.1f), preset.withSmoothing(0.1f).loss(CLASSES.target()));
    assertEquals(new Loss.SquaredError(), preset.withSmoothing(0.1f).loss(VALUES.target()));
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
          preset -> preset.withEncoding(Encoder.Options.standard()));

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
