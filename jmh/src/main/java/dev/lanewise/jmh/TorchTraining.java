package dev.lanewise.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.DropoutImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's modules, autograd and Adam. */
final class TorchTraining implements TrainingStep {

  private final List<UnaryOperator<Tensor>> modules = new ArrayList<>();
  private final Adam stock;
  private final Runnable update;
  private final int threads;
  private final Tensor rows;
  private final Tensor classes;
  private double loss;

  private TorchTraining(Net net, int rows, double rate, int threads, boolean fused) {
    this.threads = threads;
    List<Tensor> parameters = new ArrayList<>();
    List<Net.Dense> layers = net.layers();
    for (Net.Dense layer : layers) {
      LinearImpl linear = Torch.linear(layer);
      add(linear::forward, linear, parameters);
      if (layer != layers.getLast()) {
        if (net.norm()) {
          BatchNorm1dImpl norm = new BatchNorm1dImpl(new BatchNormOptions(layer.out()));
          add(norm::forward, norm, parameters);
        }
        modules.add(torch::relu);
        if (net.drop() > 0) {
          modules.add(new DropoutImpl(net.drop())::forward);
        }
      }
    }
    stock = new Adam(new TensorVector(parameters.toArray(Tensor[]::new)), new AdamOptions(rate));
    update = fused ? new FusedAdam(parameters, rate)::step : stock::step;
    this.rows = Torch.tensor(net.rows(rows), rows, net.inputs());
    classes = Torch.tensor(net.classes(rows));
  }

  private void add(UnaryOperator<Tensor> forward, Module module, List<Tensor> parameters) {
    modules.add(forward);
    TensorVector tensors = module.parameters();
    for (long i = 0; i < tensors.size(); i++) {
      parameters.add(new Tensor(tensors.get(i))); // what get returns belongs to the vector
    }
  }

  /** {@return PyTorch as it comes: the C++ Adam, the system's allocator as it is} */
  static TrainingStep stock(Net net, int rows, double rate, int threads) {
    Torch.load(threads);
    return new TorchTraining(net, rows, rate, threads, false);
  }

  /** {@return PyTorch at its best: fused Adam, and an allocator that keeps what is freed} */
  static TrainingStep fused(Net net, int rows, double rate, int threads) {
    Torch.keepFreedMemory();
    Torch.load(threads);
    return new TorchTraining(net, rows, rate, threads, true);
  }

  @Override
  public void begin() {
    Torch.threads(threads);
  }

  @Override
  public void step() {
    try (PointerScope _ = new PointerScope()) {
      stock.zero_grad();
      Tensor scores = rows;
      for (UnaryOperator<Tensor> module : modules) {
        scores = module.apply(scores);
      }
      Tensor mean = torch.cross_entropy_loss(scores, classes);
      mean.backward();
      update.run();
      loss = mean.item_float();
    }
  }

  @Override
  public double loss() {
    return loss;
  }
}
