package dev.lanewise.jmh;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's output method. */
final class Dl4jScorer implements Scorer {

  private final MultiLayerNetwork network;
  private final int inputs;

  Dl4jScorer(Net net) {
    network = Dl4j.network(net, 1, new NoOp(), Activation.IDENTITY, LossFunction.MSE);
    inputs = net.inputs();
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    INDArray result = network.output(Nd4j.create(rows, count, inputs));
    float[] values = result.data().asFloat();
    System.arraycopy(values, 0, scores, 0, values.length);
  }
}
