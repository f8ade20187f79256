package dev.lanewise.jmh;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ReLUImpl;
import org.bytedeco.pytorch.SequentialImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's modules in evaluation, without gradients; the inputs' tensor is used again. */
final class TorchScorer implements Scorer {

  private final SequentialImpl modules;
  private final int inputs;
  private final int outputs;
  private Tensor input;
  private int room;

  TorchScorer(Net net) {
    Torch.load(1);
    modules = new SequentialImpl();
    inputs = net.inputs();
    outputs = net.outputs();
    List<Net.Dense> layers = net.layers();
    for (Net.Dense layer : layers) {
      modules.push_back(Torch.linear(layer));
      if (layer != layers.getLast()) {
        modules.push_back(new ReLUImpl());
      }
    }
    modules.eval();
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    if (room != count) {
      input = torch.empty(count, inputs);
      room = count;
    }
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Torch.put(rows, count * inputs, input);
      Torch.get(modules.forward(input), scores, count * outputs);
    }
  }
}
