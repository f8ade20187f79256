package dev.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** ONNX Runtime predicts what predictors do, of encoded rows. */
class OnnxScoresTest {

  private static final double BOUND = 4e-6;
  private static final Engine ENGINE = Engine.standard();

  /** {@return the largest distance of predictions, as a share of the largest one, or of 1} */
  private static double deviation(TrainedModel model, float[] rows) {
    int outputs = model.outputs();
    int count = rows.length / model.columns();
    float[] ours = new float[count * outputs];
    model.predictor().predict(rows, count, ours);
    double most = 1;
    double worst = 0;
    try (OnnxSession session = new OnnxSession(OnnxModel.ofRows(model))) {
      float[][] theirs = session.scores(rows, model.columns());
      for (int i = 0; i < ours.length; i++) {
        float other = theirs[i / outputs][i % outputs];
        double distance = ours[i] == other ? 0 : Math.abs((double) ours[i] - other);
        most = Math.max(most, Math.abs(ours[i]));
        worst = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.max(worst, distance);
      }
    }
    return worst / most;
  }

  private static void assertAlike(TrainedModel model, float[] rows, double bound) {
    double deviation = deviation(model, rows);
    assertTrue(deviation <= bound, () -> "deviation " + deviation + ", bound " + bound);
  }

  private static Model model(Sample sample) {
    return Model.of(sample.network(), sample.theta(), ENGINE);
  }

  /**
   * {@return how far single precision is from double precision in our own scores} A layer norm of
   * units that hardly differ makes every rounding before it larger, whoever computes.
   */
  private static double ownError(Sample sample) {
    int inputs = sample.network().inputs();
    double[][] x = new double[sample.rows()][inputs];
    for (int i = 0; i < sample.features().length; i++) {
      x[i / inputs][i % inputs] = sample.features()[i];
    }
    double[][] exact = sample.reference().logits(sample.referenceTheta(), x);
    int outputs = sample.network().outputs();
    float[] ours = new float[sample.rows() * outputs];
    model(sample).predictor().logits(sample.features(), sample.rows(), ours);
    double most = 1;
    double worst = 0;
    for (int i = 0; i < ours.length; i++) {
      double wanted = exact[i / outputs][i % outputs];
      most = Math.max(most, Math.abs(wanted));
      worst = Math.max(worst, Math.abs(ours[i] - wanted));
    }
    return worst / most;
  }

  @Property
  void networksOfLayersInAnyOrderPredictAlike(@ForAll long seed) {
    Sample sample = Networks.inAnyOrder(seed);
    assertAlike(model(sample), sample.features(), Math.max(BOUND, 8 * ownError(sample)));
  }

  /** Far out, too, where probabilities are 0 or 1 and activations at their ends. */
  @Property
  void everyActivationIsAlike(
      @ForAll Activation.Function function, @ForAll boolean blended, @ForAll long seed) {
    boolean blends = blended && function != Activation.Function.IDENTITY;
    Network network =
        Network.inputs(3)
            .add(blends ? Blend.of(function) : Activation.of(function))
            .dense(2)
            .loss(new Loss.SquaredError());
    Random random = new Random(seed);
    float[] rows = new float[3 * 40];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(8)));
    }
    Model model = Model.of(network, network.initialParameters(seed), ENGINE);
    assertAlike(model, rows, BOUND);
  }

  @Property(tries = 60)
  void ensemblesPredictAlike(@ForAll long seed, @ForAll Loss.Kind kind) {
    Random random = new Random(seed);
    Loss loss = kind.of(kind.parameters());
    List<Model> models = new ArrayList<>();
    int outputs = loss.link() == Loss.Link.SOFTMAX ? 3 : 1 + random.nextInt(2);
    for (int m = 0; m < 1 + random.nextInt(4); m++) {
      Network.Builder network = Network.inputs(4);
      if (random.nextBoolean()) {
        network.add(Members.of(1 + random.nextInt(3)));
      }
      Network whole = network.dense(5).relu().dense(outputs).loss(loss);
      Model model = Model.of(whole, whole.initialParameters(random.nextLong()), ENGINE);
      models.add(loss.givesProbabilities() ? model.withTemperature(temperature(random)) : model);
    }
    double[] weights = models.stream().mapToDouble(m -> 0.1 + random.nextInt(5)).toArray();
    Ensemble ensemble = Ensemble.of(models).withWeights(weights);
    TrainedModel tempered =
        loss.givesProbabilities() ? ensemble.withTemperature(temperature(random)) : ensemble;
    float[] rows = new float[4 * 9];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (3 * random.nextGaussian());
    }
    assertAlike(tempered, rows, BOUND);
  }

  private static Temperature temperature(Random random) {
    return new Temperature(random.nextBoolean() ? 1 : 0.5f + 2 * random.nextFloat());
  }
}
