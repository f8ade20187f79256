package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Norm;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The float engine's gradient against two-sided differences of the double reference, over seeded
 * random networks with their own initialisers: the figures that the library promises.
 */
class GradientFiguresTest {

  private static final int NETWORKS = 500;

  /** What was found for one network. */
  private record Found(Sample sample, GradientReport report) {}

  private static float[] gradient(Sample sample) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), Engine.standard());
    float[] gradient = new float[sample.theta().length];
    plan.gradients(sample.theta(), Batch.of(sample.dataset()), sample.stepKey(), gradient);
    return gradient;
  }

  private static List<Found> check(Norm norm, int minimumRows, int seed) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < NETWORKS; i++) {
      Sample sample = Networks.sample(seed + i, norm, minimumRows);
      GradientReport report =
          GradientCheck.of(sample.network())
              .check(sample.referenceTheta(), sample.referenceBatch(), gradient(sample));
      found.add(new Found(sample, report));
    }
    return found;
  }

  private static double[] deltas(List<Found> found) {
    return found.stream().mapToDouble(f -> f.report().delta()).sorted().toArray();
  }

  private static String figures(double[] sorted) {
    return "%d networks: median %.2e, 99%% %.2e, worst %.2e"
        .formatted(
            sorted.length, median(sorted), percentile(sorted, 0.99), sorted[sorted.length - 1]);
  }

  private static double median(double[] sorted) {
    return percentile(sorted, 0.5);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static String worst(List<Found> found) {
    return found.stream()
        .max((a, b) -> Double.compare(a.report().delta(), b.report().delta()))
        .orElseThrow()
        .toString();
  }

  @Test
  void gradientsWithoutBatchNormAgreeToFloatAccuracy() {
    List<Found> found = check(Norm.NEVER, 1, 0);
    double[] deltas = deltas(found);
    System.out.println("gradients without batch norm: " + figures(deltas));
    assertTrue(median(deltas) <= 1e-7, figures(deltas));
    assertTrue(deltas[deltas.length - 1] <= 1e-6, () -> figures(deltas) + "\n" + worst(found));
  }

  @Test
  void gradientsWithBatchNormAgreeToFloatAccuracy() {
    List<Found> found = check(Norm.ALWAYS, 8, 100_000);
    double[] deltas = deltas(found);
    System.out.println("gradients with batch norm, 8 rows or more: " + figures(deltas));
    assertTrue(median(deltas) <= 2e-7, figures(deltas));
    assertTrue(percentile(deltas, 0.99) <= 2e-6, () -> figures(deltas) + "\n" + worst(found));
    assertTrue(deltas[deltas.length - 1] <= 2e-5, () -> figures(deltas) + "\n" + worst(found));
  }

  @Test
  void plantedErrorsAreCaughtInEveryKindOfTensor() {
    Map<Slot.Role, List<Double>> honest = new EnumMap<>(Slot.Role.class);
    Map<Slot.Role, List<Double>> planted = new EnumMap<>(Slot.Role.class);
    for (int i = 0; i < 100; i++) {
      Sample sample = Networks.sample(200_000 + i, Norm.ALWAYS, 8);
      GradientCheck check = GradientCheck.of(sample.network());
      float[] claimed = gradient(sample);
      record(
          sample, check.check(sample.referenceTheta(), sample.referenceBatch(), claimed), honest);
      for (int j = 0; j < claimed.length; j++) {
        claimed[j] *= 1.0001f;
      }
      record(
          sample, check.check(sample.referenceTheta(), sample.referenceBatch(), claimed), planted);
    }
    for (Slot.Role role : honest.keySet()) {
      double[] own = honest.get(role).stream().mapToDouble(d -> d).sorted().toArray();
      double[] wrong = planted.get(role).stream().mapToDouble(d -> d).sorted().toArray();
      System.out.printf(
          "gradients of %s: own median %.2e, with 1e-4 planted %.2e%n",
          role, median(own), median(wrong));
      assertTrue(median(own) <= 2e-6, role + Arrays.toString(own));
      assertTrue(median(wrong) >= 4e-5 && median(wrong) <= 6e-5, role + Arrays.toString(wrong));
    }
    assertTrue(
        honest
            .keySet()
            .containsAll(
                List.of(Slot.Role.WEIGHT, Slot.Role.BIAS, Slot.Role.SCALE, Slot.Role.SHIFT)));
  }

  private static void record(
      Sample sample, GradientReport report, Map<Slot.Role, List<Double>> deltas) {
    for (GradientReport.Tensor tensor : report.tensors()) {
      if (tensor.compared() > 0 && tensor.norm() > 0) {
        Slot.Role role = sample.network().layout().slot(tensor.name()).role();
        deltas.computeIfAbsent(role, r -> new ArrayList<>()).add(tensor.delta());
      }
    }
  }
}
