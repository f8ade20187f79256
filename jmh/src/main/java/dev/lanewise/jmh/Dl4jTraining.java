package dev.lanewise.jmh;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's fit method. */
final class Dl4jTraining implements TrainingStep {

  private final MultiLayerNetwork network;
  private final INDArray features;
  private final INDArray labels;

  Dl4jTraining(Net net, int rows, float rate, int threads) {
    network = Dl4j.network(net, threads, new Adam(rate), Activation.SOFTMAX, LossFunction.MCXENT);
    features = Nd4j.create(net.rows(rows), rows, net.inputs());
    labels = Nd4j.create(net.oneHot(rows), rows, net.outputs());
  }

  @Override
  public void step() {
    network.fit(features, labels);
  }

  @Override
  public double loss() {
    return network.score();
  }
}
