package dev.lanewise.net;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What descriptions say, take and mean. */
class DescriptionLawsTest {

  private static final List<Loss> LOSSES =
      List.of(
          new Loss.SoftmaxCrossEntropy(),
          new Loss.SigmoidCrossEntropy(),
          new Loss.SquaredError(),
          new Loss.Poisson(),
          new Loss.Quantile(0.9f),
          new Loss.Huber(2));

  /**
   * A reader of the table sees every number that sets a layer or a loss apart from its defaults.
   */
  @Test
  void theTableNamesEveryNumberOfALayer() {
    Penalty penalty =
        Penalty.l1(1)
            .and(Penalty.l2(2))
            .and(Penalty.l1PerExample(3))
            .and(Penalty.l2PerExample(4))
            .withL1Form(Penalty.L1Form.SOFT_THRESHOLD);
    Map<Layer, String> lines =
        Map.ofEntries(
            Map.entry(
                new Dense(2).withPenalty(penalty).withMaxNorm(5),
                "Dense, He normal, l1 1.0, l2 2.0, l1 per example 3.0, l2 per example 4.0,"
                    + " l1 by soft threshold, max norm 5.0"),
            Map.entry(new Dense(2).withInitializer(new Initializer.Zeros()), "Dense, zeros"),
            Map.entry(
                new Dense(2).withInitializer(new Initializer.Fixed(0.5, Distribution.UNIFORM)),
                "Dense, uniform, deviation 0.5"),
            Map.entry(
                new Dense(2).withBiasInitializer(new Initializer.Fixed(1, Distribution.NORMAL)),
                "Dense, He normal, bias normal, deviation 1.0"),
            Map.entry(
                new Dense(2).withInitializer(new Initializer.LeCun(Distribution.NORMAL)),
                "Dense, LeCun normal"),
            Map.entry(
                new Dense(2).withInitializer(new Initializer.Glorot(Distribution.UNIFORM)),
                "Dense, Glorot uniform"),
            Map.entry(
                new Dense(2).withInitializer(new Initializer.Orthogonal(1.5)),
                "Dense, orthogonal, gain 1.5"),
            Map.entry(Activation.of(Activation.Function.LEAKY_RELU), "LEAKY_RELU 0.01"),
            Map.entry(new Scaling(), "Scaling"),
            Map.entry(Members.of(5), "Members, 5, signs"),
            Map.entry(
                Members.of(5).withStart(Members.Start.NORMAL).withWidths(List.of(1, 1)),
                "Members, 5, normal, of 2 features"),
            Map.entry(
                Dropout.keeping(0.75).withForm(Dropout.Form.CLASSIC),
                "Dropout, keep 0.75, classic"));
    lines.forEach(
        (layer, line) -> {
          List<Layer> layers =
              layer instanceof Dense
                  ? List.of(layer, new Dense(2))
                  : List.of(new Dense(2), layer, new Dense(2));
          String table = new Network(3, layers, new Loss.SquaredError()).toString();
          assertTrue(table.lines().anyMatch(text -> text.startsWith(line + " ")), table);
        });
  }

  /** Checkpoints, model files and provenances of before are texts that do not. */
  @Test
  void nothingSpeaksOfBiasesThatStartAtZero() {
    Dense dense = new Dense(2);
    for (String text :
        List.of(dense.toString(), dense.label(), dense.parameters().keySet().toString())) {
      assertFalse(text.contains("bias"), text);
    }
    Dense other = dense.withBiasInitializer(new Initializer.Fixed(1, Distribution.NORMAL));
    assertTrue(other.toString().contains("biasInitializer=Fixed[deviation=1.0"), other::toString);
    assertEquals(dense, other.withBiasInitializer(new Initializer.Zeros()));
  }

  @Test
  void theTableNamesEveryNumberOfALoss() {
    Map<Loss, String> lines =
        Map.of(
            new Loss.SoftmaxCrossEntropy(0.5f),
            "SoftmaxCrossEntropy, smoothing 0.5",
            new Loss.SigmoidCrossEntropy(0.25f),
            "SigmoidCrossEntropy, smoothing 0.25",
            new Loss.SquaredError(),
            "SquaredError",
            new Loss.Poisson(),
            "Poisson",
            new Loss.Quantile(0.75f),
            "Quantile, tau 0.75",
            new Loss.Huber(1.5f),
            "Huber, delta 1.5");
    lines.forEach(
        (loss, line) -> {
          String table = Network.inputs(1).dense(2).loss(loss).toString();
          assertTrue(table.strip().lines().toList().getLast().startsWith(line + " "), table);
        });
  }

  /** Files, tables and the command line know a loss by its kind and parameters alone. */
  @Test
  void aLossIsMadeOfItsKindAndParameters() {
    for (Loss loss : LOSSES) {
      assertEquals(loss, loss.kind().of(loss.parameters()));
    }
    for (Loss.Kind kind : Loss.Kind.values()) {
      Loss usual = kind.of(kind.parameters());
      assertSame(kind, usual.kind());
      assertEquals(kind.parameters(), usual.parameters());
    }
  }

  /** A column for each output; or, for softmax, one column of class numbers. */
  @Test
  void targetsHaveAColumnForEachOutputOrOneOfClasses() {
    for (Loss loss : LOSSES) {
      boolean classes = loss instanceof Loss.SoftmaxCrossEntropy;
      for (int outputs = 1; outputs < 4; outputs++) {
        for (int columns = 1; columns < 5; columns++) {
          boolean fits =
              classes ? outputs > 1 && (columns == outputs || columns == 1) : columns == outputs;
          assertEquals(fits, loss.accepts(columns, outputs), loss + " " + columns + " " + outputs);
        }
      }
    }
  }

  @Test
  void onlyPoissonRefusesTargets() {
    for (Loss loss : LOSSES) {
      boolean counts = loss instanceof Loss.Poisson;
      assertTrue(loss.takes(0) && loss.takes(2.5f), loss::toString);
      for (float target : new float[] {-1, Float.POSITIVE_INFINITY, Float.NaN}) {
        assertEquals(!counts, loss.takes(target), loss + " " + target);
      }
    }
  }

  @Test
  void rowsAreJudgedWithoutSmoothing() {
    assertEquals(new Loss.SoftmaxCrossEntropy(0), new Loss.SoftmaxCrossEntropy(0.5f).unsmoothed());
    assertEquals(new Loss.SigmoidCrossEntropy(0), new Loss.SigmoidCrossEntropy(0.5f).unsmoothed());
    for (Loss loss : LOSSES) {
      assertEquals(loss, loss.unsmoothed());
    }
  }

  @Test
  void activationsHaveTheirUsualParameters() {
    for (Activation.Function function : Activation.Function.values()) {
      float usual =
          switch (function) {
            case LEAKY_RELU -> 0.01f;
            case ELU -> 1;
            default -> 0;
          };
      assertEquals(new Activation(function, usual), Activation.of(function));
    }
  }

  /** Training and inference agree in expectation: keep · training = inference. */
  @Test
  void dropoutKeepsTheExpectationInEitherForm() {
    for (double keep : new double[] {0.125, 0.8, 1}) {
      Dropout inverted = Dropout.keeping(keep);
      Dropout classic = inverted.withForm(Dropout.Form.CLASSIC);
      assertEquals(1, inverted.inferenceScale());
      assertEquals(1, classic.trainingScale());
      assertEquals(inverted.inferenceScale(), keep * inverted.trainingScale(), 1e-15);
      assertEquals(classic.inferenceScale(), keep * classic.trainingScale());
      assertEquals(inverted, Dropout.of(1 - keep));
    }
  }

  /** What has the L1 part in its gradient has no threshold, and the other way round. */
  @Test
  void theL1PartTakesEffectOnce() {
    Penalty gradient = Penalty.l1(0.5).and(Penalty.l2(3));
    assertEquals(0.5, gradient.subgradient());
    assertEquals(0, gradient.threshold());
    for (Penalty soft :
        List.of(
            gradient.withL1Form(Penalty.L1Form.SOFT_THRESHOLD),
            Penalty.l2(3).and(Penalty.l1(0.5).withL1Form(Penalty.L1Form.SOFT_THRESHOLD)),
            Penalty.l1(0.5).withL1Form(Penalty.L1Form.SOFT_THRESHOLD).and(Penalty.l2(3)))) {
      assertEquals(0, soft.subgradient());
      assertEquals(0.5, soft.threshold());
      assertEquals(3, soft.l2());
    }
  }

  /** Each part by itself keeps a penalty from being complete, and none is left over. */
  @Test
  void aPenaltyIsResolvedOnceTheRowsAreKnown() {
    assertTrue(Penalty.l1(1).and(Penalty.l2(1)).resolved());
    assertFalse(Penalty.l1PerExample(1).resolved());
    assertFalse(Penalty.l2PerExample(1).resolved());
    assertEquals(Penalty.l1(4), Penalty.l1PerExample(8).resolve(1));
    assertEquals(Penalty.l2(8), Penalty.l2PerExample(8).resolve(1));
    Penalty.L1Form soft = Penalty.L1Form.SOFT_THRESHOLD;
    assertEquals(
        Penalty.l1(1).withL1Form(soft), Penalty.l1PerExample(8).withL1Form(soft).resolve(4));
  }

  @Test
  void withChangesOnePartOfALayer() {
    Penalty penalty = Penalty.l2(0.5);
    Initializer start = new Initializer.Zeros();
    Dense layer = new Dense(7).withPenalty(penalty).withInitializer(start).withMaxNorm(3);
    assertDense(7, start, penalty, layer);
    assertDense(7, start, Penalty.NONE, layer.withPenalty(Penalty.NONE));
    Initializer other = new Initializer.Orthogonal();
    assertDense(7, other, penalty, layer.withInitializer(other));
    assertEquals(OptionalDouble.of(4), layer.withMaxNorm(4).maxNorm());
  }

  private static void assertDense(int units, Initializer start, Penalty penalty, Dense layer) {
    assertEquals(units, layer.units());
    assertEquals(start, layer.initializer());
    assertEquals(penalty, layer.penalty());
    assertEquals(OptionalDouble.of(3), layer.maxNorm());
  }

  /** Two of the same parts are the same, and each part counts. */
  @Test
  void layersAndPenaltiesAreEqualByTheirParts() {
    List<List<?>> kinds =
        List.of(
            List.of(
                new Dense(7),
                new Dense(8),
                new Dense(7).withPenalty(Penalty.l2(1)),
                new Dense(7).withInitializer(new Initializer.Zeros()),
                new Dense(7).withMaxNorm(2)),
            List.of(
                Penalty.l1(1),
                Penalty.l2(1),
                Penalty.l1PerExample(1),
                Penalty.l2PerExample(1),
                Penalty.l1(1).withL1Form(Penalty.L1Form.SOFT_THRESHOLD)));
    for (List<?> kind : kinds) {
      for (int i = 0; i < kind.size(); i++) {
        for (int j = 0; j < kind.size(); j++) {
          assertEquals(i == j, kind.get(i).equals(kind.get(j)), kind.get(i) + " " + kind.get(j));
        }
      }
    }
    Dense same = new Dense(7).withPenalty(Penalty.NONE);
    assertEquals(new Dense(7), same);
    assertEquals(new Dense(7).hashCode(), same.hashCode());
    assertEquals(Penalty.l2(3), Penalty.l2(1).and(Penalty.l2(2)));
    assertEquals(Penalty.l2(3).hashCode(), Penalty.l2(1).and(Penalty.l2(2)).hashCode());
  }

  @Test
  void numbersAtTheEndsOfTheirRangesAreTaken() {
    assertEquals(1, Network.inputs(1).dense(1).loss(new Loss.SquaredError()).outputs());
    assertEquals(1, Dropout.of(0).keep());
    assertEquals(0, new BatchNorm(1e-5, 0, BatchNorm.Variance.BIASED).decay());
    assertEquals(1, new BatchNorm(1e-5, 1, BatchNorm.Variance.BIASED).decay());
    assertEquals(0, new Initializer.Fixed(0, Distribution.NORMAL).deviation(3, 4));
    assertEquals(1, new Initializer.Glorot(Distribution.NORMAL).deviation(1, 1));
    assertEquals(0, new Activation(Activation.Function.ELU, 0).parameter());
    assertEquals(2, Network.inputs(1).dense(2).loss(new Loss.SoftmaxCrossEntropy()).outputs());
  }

  @Test
  void numbersOutsideTheirRangesAreRefused() {
    for (float number : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefusedSaying("delta: ", () -> new Loss.Huber(number));
      assertRefusedSaying("epsilon: ", () -> new LayerNorm(number));
      assertRefusedSaying("epsilon: ", () -> new BatchNorm(number, 0.5, BatchNorm.Variance.BIASED));
    }
    for (float number : new float[] {0, 1, -1, 2, Float.NaN}) {
      assertRefusedSaying("tau: ", () -> new Loss.Quantile(number));
    }
    for (float number : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefusedSaying("deviation: ", () -> new Initializer.Fixed(number, Distribution.NORMAL));
      assertRefusedSaying(
          "parameter of ELU: ", () -> new Activation(Activation.Function.ELU, number));
      assertRefusedSaying("l1: ", () -> Penalty.l1(number));
      assertRefusedSaying("l1PerExample: ", () -> Penalty.l1PerExample(number));
      assertRefusedSaying("l2PerExample: ", () -> Penalty.l2PerExample(number));
    }
    for (double number : new double[] {-0.5, 1, Double.NaN}) {
      assertRefusedSaying("probability of dropping: ", () -> Dropout.of(number));
    }
    assertRefusedSaying("maxNorm: ", () -> new Dense(1).withMaxNorm(1e39));
    assertRefusedSaying("maxNorm: ", () -> new Dense(1).withMaxNorm(1e-46));
    assertRefusedSaying("decay: ", () -> new BatchNorm(1e-5, -0.1, BatchNorm.Variance.BIASED));
  }

  /** The deviation that a scheme states is the one of its draws, gain·√(1/longer) if orthogonal. */
  @Test
  void orthogonalWeightsDeviateByTheGainOverTheRootOfTheLongerSide() {
    Initializer scheme = new Initializer.Orthogonal(1.5);
    for (int[] shape : new int[][] {{40, 25}, {25, 40}, {30, 30}}) {
      Slot slot = new Slot("w", Slot.Role.WEIGHT, 0, shape[0], shape[1]);
      float[] w = new float[slot.size()];
      scheme.fill(w, slot, 3);
      double squares = 0;
      for (float x : w) {
        squares += (double) x * x;
      }
      assertEquals(scheme.deviation(shape[0], shape[1]), Math.sqrt(squares / w.length), 1e-6);
    }
  }
}
