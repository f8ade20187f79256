package dev.lanewise.jmh;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.util.ArrayList;
import java.util.List;

/** Nets as DJL builds them, on its PyTorch engine. */
final class Djl {

  static final String ENGINE = "PyTorch";

  private Djl() {}

  /**
   * {@return a model with the net's first weights}
   *
   * @param net the net
   * @param threads the threads of an operation; the first call's hold
   */
  static Model model(Net net, int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    SequentialBlock block = new SequentialBlock();
    List<Linear> linears = new ArrayList<>();
    for (Net.Dense layer : net.layers()) {
      Linear linear = Linear.builder().setUnits(layer.out()).optBias(layer.bias() != null).build();
      linears.add(linear);
      block.add(linear);
      if (linears.size() < net.sizes().size() - 1) {
        if (net.norm()) {
          block.add(BatchNorm.builder().build());
        }
        block.add(Activation::relu);
        if (net.drop() > 0) {
          block.add(Dropout.builder().optRate((float) net.drop()).build());
        }
      }
    }
    Model model = Model.newInstance("net", Device.cpu(), ENGINE);
    model.setBlock(block);
    NDManager manager = model.getNDManager();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, net.inputs()));
    for (int n = 0; n < linears.size(); n++) {
      Net.Dense layer = net.layers().get(n);
      put(linears.get(n), "weight", layer.transposed());
      if (layer.bias() != null) {
        put(linears.get(n), "bias", layer.bias());
      }
    }
    return model;
  }

  private static void put(Block block, String parameter, float[] values) {
    block.getParameters().get(parameter).getArray().set(values);
  }
}
