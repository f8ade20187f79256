package dev.lanewise.jmh;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DropoutImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.ReLUImpl;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.SequentialImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's modules and its SGD, on one thread. */
final class TorchCourse implements CourseRun {

  private final Course course;
  private final Tensor rows;
  private final Tensor targets;

  TorchCourse(Course course) {
    Torch.load(1);
    this.course = course;
    rows = Torch.tensor(course.rows(), Course.ROWS, course.net().inputs());
    targets = Torch.tensor(course.targets(), Course.ROWS, 1);
  }

  @Override
  public double run(int iterations) {
    try (PointerScope _ = new PointerScope()) {
      SequentialImpl modules = new SequentialImpl();
      TensorVector weights = new TensorVector();
      TensorVector biases = new TensorVector();
      List<Net.Dense> layers = course.net().layers();
      for (Net.Dense layer : layers) {
        LinearImpl linear = Torch.linear(layer);
        weights.push_back(linear.weight());
        biases.push_back(linear.bias());
        modules.push_back(linear);
        if (layer != layers.getLast()) {
          modules.push_back(new ReLUImpl());
          if (course.net().drop() > 0) {
            modules.push_back(new DropoutImpl(course.net().drop()));
          }
        }
      }
      SGDOptions decaying = new SGDOptions(Course.RATE);
      decaying.weight_decay().put(course.lambda() / Course.ROWS);
      SGD optimizer = new SGD(weights, decaying);
      optimizer.add_param_group(new OptimizerParamGroup(biases, new SGDOptions(Course.RATE)));
      double loss = Double.NaN;
      for (int i = 1; i <= iterations; i++) {
        try (PointerScope _ = new PointerScope()) {
          optimizer.zero_grad();
          Tensor mean = torch.binary_cross_entropy_with_logits(modules.forward(rows), targets);
          mean.backward();
          optimizer.step();
          if (i == iterations) {
            loss = mean.item_float();
          }
        }
      }
      return loss;
    }
  }
}
