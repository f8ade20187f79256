package dev.lanewise.jmh;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's fused Adam: one call of the operator {@code aten::_fused_adam_}, for which there are no
 * bindings, through the dispatcher.
 */
final class FusedAdam {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final OperatorHandle operator =
      Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adam_", "");
  private final Scalar one = new Scalar(1f);
  private final List<Tensor> parameters;
  private final List<Tensor> steps = new ArrayList<>();
  private final IValue parameterList;
  private final IValue stepList;
  private final IValue firstMoments;
  private final IValue secondMoments;
  private final double rate;

  FusedAdam(List<Tensor> parameters, double rate) {
    this.parameters = parameters;
    this.rate = rate;
    List<Tensor> first = new ArrayList<>();
    List<Tensor> second = new ArrayList<>();
    try (NoGradGuard _ = new NoGradGuard()) {
      for (Tensor parameter : parameters) {
        first.add(torch.zeros_like(parameter));
        second.add(torch.zeros_like(parameter));
        steps.add(torch.zeros(new long[0]));
      }
    }
    parameterList = list(parameters);
    stepList = list(steps);
    firstMoments = list(first);
    secondMoments = list(second);
  }

  private static IValue list(List<Tensor> tensors) {
    GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    for (Tensor tensor : tensors) {
      list.push_back(new IValue(tensor));
    }
    return new IValue(list);
  }

  /** Updates the parameters by their gradients. */
  void step() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      List<Tensor> gradients = new ArrayList<>();
      for (Tensor parameter : parameters) {
        gradients.add(parameter.grad());
      }
      for (Tensor step : steps) {
        step.add_(one);
      }
      IValueVector stack = new IValueVector();
      stack.push_back(parameterList);
      stack.push_back(list(gradients));
      stack.push_back(firstMoments);
      stack.push_back(secondMoments);
      stack.push_back(list(List.of())); // no maxima, which are AMSGrad's
      stack.push_back(stepList);
      stack.push_back(new IValue(rate));
      stack.push_back(new IValue(BETA1));
      stack.push_back(new IValue(BETA2));
      stack.push_back(new IValue(0.0)); // weight decay
      stack.push_back(new IValue(EPSILON));
      stack.push_back(new IValue(false)); // AMSGrad
      stack.push_back(new IValue(false)); // maximise
      stack.push_back(new IValue()); // gradient scale
      stack.push_back(new IValue()); // whether infinities were found
      operator.callBoxed(stack);
    }
  }
}
