package dev.lanewise.plan;

import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.tensor.WeightFormat;

/** What the tests of plans have in common. */
final class Plans {

  private Plans() {}

  static Batch batch(Sample sample) {
    return Batch.of(sample.dataset());
  }

  static float[] gradient(Sample sample, Engine engine) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    float[] gradient = new float[sample.theta().length];
    plan.gradients(sample.theta(), batch(sample), sample.stepKey(), gradient);
    return gradient;
  }

  static float[] scores(Sample sample, Engine engine) {
    return scores(sample, engine, WeightFormat.FLOAT32);
  }

  static float[] scores(Sample sample, Engine engine, WeightFormat format) {
    float[] scores = new float[sample.rows() * sample.network().outputs()];
    PackedNetwork packed = PackedNetwork.pack(sample.network(), sample.theta(), engine, format);
    InferencePlan.over(packed).scores(sample.features(), 0, sample.rows(), scores, 0);
    return scores;
  }
}
