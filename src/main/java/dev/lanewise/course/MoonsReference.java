package dev.lanewise.course;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is known of the optimisation lab. */
final class MoonsReference {

  /**
   * Costs by epoch.
   *
   * @param published those that the course printed
   * @param computed those that the same computation in NumPy, in double precision, has besides
   * @param drift by how much ours may differ but in epoch 0
   */
  record Costs(
      SortedMap<Integer, Double> published, SortedMap<Integer, Double> computed, double drift) {}

  /**
   * A share of the training rows that is right.
   *
   * @param value the share
   * @param note what there is to say of it; may be empty
   */
  record Share(double value, String note) {}

  /**
   * NumPy's costs in double precision are all the published digits, so what drifts is single
   * precision. The bars are two to three times what that has moved: one in the sixth digit for
   * descent and momentum with small steps, 9e-6 with long ones, 4e-5 and 3e-4 for Adam, which
   * divides by gradients that are almost 0.
   */
  private static final double SMALL_STEPS = 3e-6;

  private static final double LONG_STEPS = 3e-5;
  private static final double ADAM = 1e-4;
  private static final double ADAM_LONG_STEPS = 7e-4;

  private MoonsReference() {}

  /** {@return the known costs of a run} */
  static Costs costs(MoonsRule rule, MoonsDecay decay) {
    return switch (decay) {
      case NONE -> constant(rule);
      case EACH_EPOCH ->
          rule == MoonsRule.GRADIENT_DESCENT
              ? new Costs(
                  thousands(0.701091, 0.661884, 0.658620, 0.656765, 0.655486),
                  thousands(),
                  SMALL_STEPS)
              : unknown();
      case STAIRS -> stairs(rule);
      case EXPONENTIAL, ROOT -> unknown();
    };
  }

  private static Costs constant(MoonsRule rule) {
    return switch (rule) {
      case GRADIENT_DESCENT ->
          new Costs(
              thousands(
                  0.702405, 0.668101, 0.635288, 0.600491, 0.573367, 0.551977, 0.532370, 0.514007,
                  0.496472, 0.468014),
              thousands(),
              SMALL_STEPS);
      case MOMENTUM ->
          new Costs(
              new TreeMap<>(Map.of(0, 0.702413, 1000, 0.668167, 9000, 0.468160)),
              thousands(),
              SMALL_STEPS);
      case ADAM ->
          new Costs(
              thousands(0.702166, 0.167845, 0.141316, 0.138788, 0.136066),
              thousands(
                  0.702166, 0.167845, 0.141316, 0.138788, 0.136066, 0.134240, 0.131127, 0.130216,
                  0.129623, 0.129118),
              ADAM);
    };
  }

  private static Costs stairs(MoonsRule rule) {
    return switch (rule) {
      case GRADIENT_DESCENT ->
          new Costs(
              thousands(0.701091, 0.127161, 0.120304, 0.117033),
              thousands(0.701091, 0.127161, 0.120304, 0.117033, 0.117512),
              LONG_STEPS);
      case MOMENTUM ->
          new Costs(
              thousands(0.702226),
              thousands(0.702226, 0.128974, 0.125965, 0.123375, 0.123218),
              LONG_STEPS);
      case ADAM ->
          new Costs(
              thousands(),
              thousands(0.699346, 0.130074, 0.129826, 0.129282, 0.128361),
              ADAM_LONG_STEPS);
    };
  }

  private static Costs unknown() {
    return new Costs(thousands(), thousands(), 0);
  }

  /** Costs of the epochs 0, 1000, 2000 and so on. */
  private static SortedMap<Integer, Double> thousands(double... costs) {
    SortedMap<Integer, Double> byEpoch = new TreeMap<>();
    for (int i = 0; i < costs.length; i++) {
      byEpoch.put(1000 * i, costs[i]);
    }
    return byEpoch;
  }

  /**
   * {@return the known share of a run}
   *
   * @param rule what trains
   * @param decay how its rate decays
   * @param halfway whether after half of the epochs
   */
  static Optional<Share> accuracy(MoonsRule rule, MoonsDecay decay, boolean halfway) {
    return Optional.ofNullable(
        switch (decay) {
          case NONE ->
              switch (rule) {
                case GRADIENT_DESCENT, MOMENTUM -> new Share(halfway ? 0.7167 : 0.7967, "");
                case ADAM -> new Share(halfway ? 0.9433 : 0.94, "");
              };
          case EACH_EPOCH -> rule == MoonsRule.GRADIENT_DESCENT ? new Share(0.6533, "") : null;
          case STAIRS ->
              switch (rule) {
                case GRADIENT_DESCENT -> new Share(0.943333, "published as >94.6 %");
                case MOMENTUM -> new Share(0.953333, "published as >95.6 %");
                case ADAM -> new Share(0.94, "");
              };
          case EXPONENTIAL, ROOT -> null;
        });
  }
}
