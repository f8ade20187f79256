package dev.lanewise.course;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.tensor.Slot;
import java.util.function.IntToDoubleFunction;

/**
 * The net of all the course's experiments: two inputs, two hidden layers with ReLU, one sigmoid
 * output.
 *
 * @param first the units of the first hidden layer
 * @param second the units of the second
 * @param penalty the penalty on all weights
 * @param keep the probability of keeping a hidden unit
 * @param batchNorm whether hidden layers are normalised
 */
record CourseNet(int first, int second, Penalty penalty, double keep, boolean batchNorm) {

  /** {@return a net without regularisation} */
  static CourseNet plain(int first, int second) {
    return new CourseNet(first, second, Penalty.NONE, 1, false);
  }

  /** {@return the description, with weights of variance 1/inputs where no others are given} */
  Network network() {
    Network.Builder builder = Network.inputs(2);
    for (int units : new int[] {first, second}) {
      builder.add(dense(units));
      if (batchNorm) {
        builder.batchNorm();
      }
      builder.relu();
      if (keep < 1) {
        builder.add(Dropout.keeping(keep));
      }
    }
    return builder.add(dense(1)).loss(new Loss.SigmoidCrossEntropy());
  }

  private Dense dense(int units) {
    return new Dense(units)
        .withInitializer(new Initializer.LeCun(Distribution.NORMAL))
        .withPenalty(penalty);
  }

  /**
   * {@return the course's initial parameters: biases 0, weights drawn from seed 3 layer by layer,
   * each layer's as {@code [out][in]}}
   *
   * @param deviation what a layer's draws are multiplied with, given its inputs
   */
  float[] given(IntToDoubleFunction deviation) {
    Network network = network();
    float[] theta = network.initialParameters(0);
    LegacyRandom random = new LegacyRandom(3);
    for (int n = 1; n <= 3; n++) {
      Slot weight = network.layout().slot("dense" + n + ".weight");
      double scale = deviation.applyAsDouble(weight.rows());
      for (int out = 0; out < weight.columns(); out++) {
        for (int in = 0; in < weight.rows(); in++) {
          int place = weight.offset() + in * weight.columns() + out;
          theta[place] = (float) (random.normal() * scale) + 0f; // no −0 where all are 0
        }
      }
    }
    return theta;
  }

  /** {@return the counts of predictions for rows, in inference} */
  Verdict judge(float[] theta, Dataset rows, Engine engine) {
    float[] scores = new float[rows.rows()];
    InferencePlan.over(PackedNetwork.pack(network(), theta, engine))
        .scores(rows.features(), 0, rows.rows(), scores, 0);
    return Verdict.of(scores, rows.targets());
  }
}
