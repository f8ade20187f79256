package dev.lanewise.jmh;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's operators on one thread; autograd only where a gradient is asked for. */
final class TorchOperation implements Operation {

  /** {@return the tensor that the operation leaves} */
  private final Supplier<Tensor> operation;

  private float[] result;

  private TorchOperation(Supplier<Tensor> operation) {
    this.operation = operation;
  }

  /**
   * {@return PyTorch's operation}
   *
   * @param task the task
   * @param fused whether to take the fused Adam
   */
  static Operation of(Task task, boolean fused) {
    Torch.keepFreedMemory();
    Torch.load(1);
    return new TorchOperation(
        switch (task.name()) {
          case "dropout" -> dropout(task);
          case "batch-norm" -> normalize(task);
          case "batch-norm-backward" -> normalizeGradient(task);
          case "linear-relu" -> linear(task);
          case "adam" -> adam(task, fused);
          case "softmax-loss" -> loss(task);
          default -> throw new IllegalArgumentException(task.name());
        });
  }

  private static Tensor matrix(Task task, int seed) {
    return Torch.tensor(Task.values(task.size(), seed), task.rows(), task.columns());
  }

  private static Supplier<Tensor> dropout(Task task) {
    Tensor x = matrix(task, 1);
    BoolOptional training = new BoolOptional(true);
    return () -> torch.native_dropout(x, Task.DROP, training).get0();
  }

  private static Supplier<T_TensorTensorTensor_T> normalization(Task task) {
    Tensor x = matrix(task, 1);
    TensorOptional scale = new TensorOptional(Torch.tensor(task.deviations(), task.columns()));
    TensorOptional shift = new TensorOptional(torch.zeros(task.columns()));
    TensorOptional none = new TensorOptional();
    return () -> torch.native_batch_norm(x, scale, shift, none, none, true, 0.1, Task.EPSILON);
  }

  private static Supplier<Tensor> normalize(Task task) {
    Supplier<T_TensorTensorTensor_T> normalization = normalization(task);
    return () -> normalization.get().get0();
  }

  private static Supplier<Tensor> normalizeGradient(Task task) {
    Tensor x = matrix(task, 1);
    Tensor dy = matrix(task, 2);
    TensorOptional scale = new TensorOptional(Torch.tensor(task.deviations(), task.columns()));
    T_TensorTensorTensor_T forward = normalization(task).get();
    TensorOptional mean = new TensorOptional(forward.get1());
    TensorOptional inverse = new TensorOptional(forward.get2());
    TensorOptional none = new TensorOptional();
    BoolPointer all = new BoolPointer(3).put(0, true).put(1, true).put(2, true);
    return () ->
        torch
            .native_batch_norm_backward(
                dy, x, scale, none, none, mean, inverse, true, Task.EPSILON, all)
            .get0();
  }

  private static Supplier<Tensor> linear(Task task) {
    Tensor x = Torch.tensor(Task.values(task.rows() * Task.INPUTS, 1), task.rows(), Task.INPUTS);
    Tensor weight =
        Torch.tensor(Task.values(Task.INPUTS * task.columns(), 2), Task.INPUTS, task.columns())
            .t()
            .contiguous();
    TensorOptional bias =
        new TensorOptional(Torch.tensor(Task.values(task.columns(), 3), task.columns()));
    return () -> torch.relu(torch.linear(x, weight, bias));
  }

  private static Supplier<Tensor> adam(Task task, boolean fused) {
    int size = task.size() + task.columns();
    Tensor theta = Torch.tensor(Task.values(size, 1), size);
    theta.set_requires_grad(true);
    theta.mutable_grad().put(Torch.tensor(Task.values(size, 2), size));
    Adam stock = new Adam(new TensorVector(theta), new AdamOptions(Task.RATE));
    Runnable update = fused ? new FusedAdam(List.of(theta), Task.RATE)::step : stock::step;
    return () -> {
      update.run();
      return theta;
    };
  }

  private static Supplier<Tensor> loss(Task task) {
    Tensor z = matrix(task, 1);
    z.set_requires_grad(true);
    Tensor classes = Torch.tensor(task.classes());
    return () -> {
      z.mutable_grad().reset();
      torch.cross_entropy_loss(z, classes).backward();
      return z.grad();
    };
  }

  @Override
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      try (PointerScope _ = new PointerScope()) {
        Tensor left = operation.get();
        if (result == null) {
          result = new float[(int) Math.min(left.numel(), Task.CHECKED)];
          Torch.get(left, result, result.length);
        }
      }
    }
  }

  @Override
  public float[] result() {
    return result;
  }
}
