package dev.lanewise.model;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.WarmUp;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns encoded rows, the network's inputs, into probabilities, values or scores.
 *
 * <p>A row's results have the same bits in any batch; NaN in a row makes that row's results NaN and
 * no other's. Shares the model's weights, owns only its activations, allocates nothing per call.
 * One thread at a time.
 */
public final class Predictor {

  /** More than a task of the plan takes, and then six and four: every way of the products. */
  private static final int MADE_UP_ROWS = 58;

  private final Loss.Link link;
  private final Temperature temperature;
  private final Kernels kernels;
  private final int columns;
  private final int outputs;
  private final InferencePlan plan;
  private final Optional<Target.Values> scale;

  Predictor(PackedNetwork packed, Optional<Encoder> encoder, Temperature temperature) {
    this.temperature = temperature;
    Network network = packed.network();
    link = network.loss().link();
    columns = network.inputs();
    outputs = network.outputs();
    kernels = packed.engine().kernels();
    plan = InferencePlan.over(packed);
    scale =
        encoder
            .map(Encoder::target)
            .filter(Target.Values.class::isInstance)
            .map(Target.Values.class::cast);
  }

  /** {@return the encoded columns of a row} */
  public int columns() {
    return columns;
  }

  /**
   * {@return the numbers that a row's results have: one for two classes, else one for each class or
   * value}
   */
  public int outputs() {
    return outputs;
  }

  /**
   * Predicts: the probability of each class (of the second, if there are two), of each label where
   * a row may have several, or values in original units: the mean e^z under Poisson's loss.
   * Probabilities are those of the scores divided by the model's temperature.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link Encoder} makes them; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   */
  public void predict(float[] rows, int count, float[] out) {
    scores(rows, count, out);
    temperature.apply(out, count * outputs);
    switch (link) {
      case SOFTMAX -> kernels.softmax(out, 0, out, 0, count, outputs);
      case SIGMOID -> kernels.sigmoid(out, 0, out, 0, count * outputs);
      case EXP -> kernels.exp(out, 0, out, 0, count * outputs);
      case IDENTITY -> restore(out, count);
    }
  }

  /**
   * Computes the scores (logits) that probabilities are made of, not divided by a temperature,
   * values as the network was trained on them, or logarithms of means under Poisson's loss.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link Encoder} makes them; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   */
  public void scores(float[] rows, int count, float[] out) {
    if (count < 0) {
      throw new IllegalArgumentException("count: %d; expected at least 0".formatted(count));
    }
    check("rows", rows, count, columns);
    check("out", out, count, outputs);
    plan.scores(rows, 0, count, out, 0);
  }

  /**
   * Predicts made-up rows, one, a few and many at a time, until the JVM has compiled what that
   * takes: in a fresh JVM a second or two. The predictions that follow, of this and any other
   * predictor, are fast from the first on.
   *
   * <p>Changes nothing that can be observed. Allocates while it runs.
   */
  public void warmUp() {
    float[] rows = new float[Math.multiplyExact(MADE_UP_ROWS, columns)];
    float[] out = new float[Math.multiplyExact(MADE_UP_ROWS, outputs)];
    WarmUp.repeat(
        () -> {
          predict(rows, 1, out);
          predict(rows, 3, out);
          predict(rows, MADE_UP_ROWS, out);
        });
  }

  static void check(String name, float[] array, int count, int columns) {
    Objects.requireNonNull(array, name);
    if (array.length < (long) count * columns) {
      throw new IllegalArgumentException(
          "%s: length %d; expected at least %d, %d rows of %d"
              .formatted(name, array.length, (long) count * columns, count, columns));
    }
  }

  /** Brings values back to original units; without an encoder they are in them already. */
  private void restore(float[] out, int count) {
    if (scale.isPresent()) {
      scale.get().restore(out, count);
    }
  }
}
