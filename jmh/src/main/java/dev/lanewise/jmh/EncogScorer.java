package dev.lanewise.jmh;

import java.util.List;
import org.encog.engine.network.activation.ActivationLinear;
import org.encog.engine.network.activation.ActivationReLU;
import org.encog.neural.networks.BasicNetwork;
import org.encog.neural.networks.layers.BasicLayer;

/** Encog, pure Java in double precision; it takes one row at a time. */
final class EncogScorer implements Scorer {

  private final BasicNetwork network = new BasicNetwork();
  private final double[] input;
  private final double[] output;

  EncogScorer(Net net) {
    List<Net.Dense> layers = net.layers();
    network.addLayer(new BasicLayer(null, true, net.inputs()));
    for (Net.Dense layer : layers) {
      boolean last = layer == layers.getLast();
      network.addLayer(
          new BasicLayer(last ? new ActivationLinear() : new ActivationReLU(), !last, layer.out()));
    }
    network.getStructure().finalizeStructure();
    for (int n = 0; n < layers.size(); n++) {
      Net.Dense layer = layers.get(n);
      for (int unit = 0; unit < layer.out(); unit++) {
        for (int k = 0; k < layer.in(); k++) {
          network.setWeight(n, k, unit, layer.weight()[k * layer.out() + unit]);
        }
        network.setWeight(n, layer.in(), unit, layer.bias()[unit]);
      }
    }
    input = new double[net.inputs()];
    output = new double[net.outputs()];
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < input.length; i++) {
        input[i] = rows[row * input.length + i];
      }
      network.compute(input, output);
      for (int i = 0; i < output.length; i++) {
        scores[row * output.length + i] = (float) output[i];
      }
    }
  }
}
