package dev.lanewise.jmh;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Nets as DL4J builds them. */
final class Dl4j {

  private Dl4j() {}

  /**
   * {@return a network with the net's first weights}
   *
   * @param net the net
   * @param threads the threads of an operation
   * @param updater the optimiser
   * @param output the last layer's activation
   * @param loss the loss
   */
  static MultiLayerNetwork network(
      Net net, int threads, IUpdater updater, Activation output, LossFunction loss) {
    Nd4j.getNDArrayFactory().blas().setMaxThreads(threads);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(1).updater(updater).list();
    List<Net.Dense> layers = net.layers();
    for (Net.Dense layer : layers.subList(0, layers.size() - 1)) {
      DenseLayer.Builder dense =
          new DenseLayer.Builder()
              .nIn(layer.in())
              .nOut(layer.out())
              .hasBias(layer.bias() != null)
              .activation(net.norm() ? Activation.IDENTITY : Activation.RELU);
      if (layer != layers.getFirst()) {
        drop(net, dense);
      }
      list.layer(dense.build());
      if (net.norm()) {
        list.layer(new BatchNormalization.Builder().nOut(layer.out()).build());
        list.layer(new ActivationLayer(Activation.RELU));
      }
    }
    Net.Dense last = layers.getLast();
    OutputLayer.Builder scores =
        new OutputLayer.Builder(loss).nIn(last.in()).nOut(last.out()).activation(output);
    drop(net, scores);
    list.layer(scores.build());
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    int between = net.norm() ? 3 : 1;
    for (int n = 0; n < layers.size(); n++) {
      Net.Dense layer = layers.get(n);
      String prefix = n * between + "_";
      network.setParam(prefix + "W", Nd4j.create(layer.weight(), layer.in(), layer.out()));
      if (layer.bias() != null) {
        network.setParam(prefix + "b", Nd4j.create(layer.bias(), 1, layer.out()));
      }
    }
    return network;
  }

  /** Sets the dropout of a layer's inputs, which DL4J states as the probability to keep. */
  private static void drop(Net net, Layer.Builder<?> layer) {
    if (net.drop() > 0) {
      layer.dropOut(1 - net.drop());
    }
  }
}
