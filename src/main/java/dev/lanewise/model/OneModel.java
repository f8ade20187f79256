package dev.lanewise.model;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.util.Optional;

/** Predictions of one model. */
final class OneModel implements Forward {

  private final Loss.Link link;
  private final Temperature temperature;
  private final int outputs;
  private final PackedNetwork packed;
  private final InferencePlan plan;
  private final Optional<Target.Values> values;

  /** Logits before they are widened to {@code double}; allocated when first needed. */
  private float[] scratch = {};

  OneModel(PackedNetwork packed, Optional<Encoder> encoder, Temperature temperature) {
    this.temperature = temperature;
    Network network = packed.network();
    link = network.loss().link();
    outputs = network.outputs();
    this.packed = packed;
    plan = InferencePlan.over(packed);
    values =
        encoder
            .map(Encoder::target)
            .filter(Target.Values.class::isInstance)
            .map(Target.Values.class::cast);
  }

  @Override
  public void predict(float[] rows, int at, int count, float[] out) {
    plan.scores(rows, at, count, out, 0);
    temperature.apply(out, count * outputs);
    plan.link(out, count);
    if (values.isPresent()) {
      // Without an encoder values are in original units already, and so are means.
      if (link == Loss.Link.IDENTITY) {
        values.get().restore(out, count);
      }
      values.get().clamp(out, count);
    }
  }

  @Override
  public void logits(float[] rows, int at, int count, float[] out) {
    plan.scores(rows, at, count, out, 0);
  }

  @Override
  public void logits(float[] rows, int at, int count, double[] out) {
    float[] logits = scratch();
    plan.scores(rows, at, count, logits, 0);
    for (int i = 0; i < count * outputs; i++) {
      out[i] = logits[i];
    }
  }

  @Override
  public void values(float[] rows, int at, int count, double[] out) {
    if (link == Loss.Link.IDENTITY && values.isPresent()) {
      float[] logits = scratch();
      plan.scores(rows, at, count, logits, 0);
      values.get().restore(logits, count, out);
    } else {
      logits(rows, at, count, out);
      for (int i = 0; link == Loss.Link.EXP && i < count * outputs; i++) {
        out[i] = StrictMath.exp(out[i]);
      }
    }
    if (values.isPresent()) {
      values.get().clamp(out, count);
    }
  }

  private float[] scratch() {
    if (scratch.length == 0) {
      scratch = new float[Math.multiplyExact(ROWS, outputs)];
    }
    return scratch;
  }

  @Override
  public void goOver() {
    packed.goOver();
  }

  Loss.Link link() {
    return link;
  }

  Temperature temperature() {
    return temperature;
  }
}
