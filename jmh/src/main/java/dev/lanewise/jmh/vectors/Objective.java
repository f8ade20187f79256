package dev.lanewise.jmh.vectors;

import static dev.lanewise.jmh.vectors.Doubles.scalar;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's losses with the reduction "mean", as its users have them. */
final class Objective {

  private static final long MEAN = 1;
  private static final long IGNORE_INDEX = -100;

  private Objective() {}

  /**
   * {@return the loss of scores}
   *
   * @param targets {@code [rows][columns]}; class numbers in one column, or a column for each score
   * @param weights weights of the classes; null without
   */
  static Tensor loss(Spec loss, Tensor scores, Tensor targets, Tensor weights) {
    TensorOptional none = new TensorOptional();
    TensorOptional given = weights == null ? none : new TensorOptional(weights);
    return switch (loss.name()) {
      case "cross_entropy" -> {
        boolean classes = targets.size(1) == 1;
        Tensor y = classes ? Doubles.classes(Doubles.values(targets)) : targets;
        double smoothing = loss.number("label_smoothing", 0);
        yield torch.cross_entropy_loss(scores, y, given, MEAN, IGNORE_INDEX, smoothing);
      }
      case "binary_cross_entropy_with_logits" -> // the weights are those of the positive parts
          torch.binary_cross_entropy_with_logits(scores, targets, none, given, MEAN);
      case "mse_loss" -> torch.mse_loss(scores, targets, MEAN);
      case "l1_loss" -> torch.l1_loss(scores, targets, MEAN);
      case "huber_loss" -> torch.huber_loss(scores, targets, MEAN, loss.number("delta"));
      case "smooth_l1_loss" -> torch.smooth_l1_loss(scores, targets, MEAN, loss.number("beta"));
      case "poisson_nll_loss" -> torch.poisson_nll_loss(scores, targets, true, false, 1e-8, MEAN);
      case "composed_quantile" -> quantile(targets.sub(scores), loss.number("tau"));
      default -> throw new IllegalArgumentException(loss.name());
    };
  }

  /** PyTorch has no quantile loss: the mean of max(τ·e, (τ − 1)·e) with e = y − z. */
  private static Tensor quantile(Tensor e, double tau) {
    return torch.maximum(e.mul(scalar(tau)), e.mul(scalar(tau - 1))).mean();
  }

  /**
   * {@return the scores of members as one's: of the mean of their probabilities or values}
   *
   * @param scores {@code [rows · members][scores]}
   */
  static Tensor merged(Spec loss, Tensor scores, int members) {
    if (members == 1) {
      return scores;
    }
    Tensor each = scores.reshape(-1, members, scores.size(1));
    return switch (loss.name()) {
      case "cross_entropy" ->
          torch.log_softmax(each, 2).logsumexp(1).sub(scalar(Math.log(members)));
      case "binary_cross_entropy_with_logits" -> torch.logit(each.sigmoid().mean(1));
      case "mse_loss" -> each.mean(1);
      default -> throw new IllegalArgumentException(loss.name());
    };
  }

  /** {@return l1·Σ|w| + l2/2·Σw² over the matrices, composed; null where both are 0} */
  static Tensor penalty(Spec penalty, List<Tensor> matrices) {
    Tensor sum = null;
    for (Tensor w : matrices) {
      Tensor part =
          w.abs()
              .sum()
              .mul(scalar(penalty.number("l1", 0)))
              .add(w.square().sum().mul(scalar(penalty.number("l2", 0) / 2)));
      sum = sum == null ? part : sum.add(part);
    }
    return sum;
  }
}
