package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Power;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;

/**
 * Adam and its relatives: a mean and a mean square of the update, corrected for their start at 0.
 */
abstract sealed class AdamLink extends Link {

  final double exactBeta1;
  final float beta1;
  final float share1;
  final float beta2;
  final float share2;
  final float inside;
  final float outside;
  final float[] mean;
  final float[] squares;

  /** 1/(1 − β₁ᵗ). */
  float correction1;

  /** 1/(1 − β₂ᵗ). */
  float correction2;

  private final double exactBeta2;

  private AdamLink(double beta1, double beta2, double epsilon, EpsilonPlace place, int size) {
    exactBeta1 = beta1;
    exactBeta2 = beta2;
    this.beta1 = (float) beta1;
    share1 = (float) (1 - beta1);
    this.beta2 = (float) beta2;
    share2 = (float) (1 - beta2);
    inside = inside(place, epsilon);
    outside = outside(place, epsilon);
    mean = remember("mean", size);
    squares = remember("squares", size);
  }

  @Override
  void begin(long step, double norm) {
    correction1 = (float) (1 / (1 - Power.of(exactBeta1, step)));
    correction2 = (float) (1 / (1 - Power.of(exactBeta2, step)));
  }

  /** Takes the update into both averages. */
  final void average(Kernels kernels, Segment s) {
    kernels.blendSquares(s.update, s.at, share2, squares, s.from, beta2, s.length);
    kernels.blend(s.update, s.at, share1, mean, s.from, beta1, mean, s.from, s.length);
  }

  /** Makes factor·x/(√(correction₂·under) + ε) the update. */
  final void divide(Kernels kernels, Segment s, float factor, float[] x, int at, float[] under) {
    kernels.divideByRoot(
        x, at, factor, under, s.from, correction2, inside, outside, s.scratch, 0, s.length);
    s.moveToScratch();
  }

  static final class Adam extends AdamLink {

    Adam(Transform.Adam adam, int size) {
      super(adam.beta1(), adam.beta2(), adam.epsilon(), adam.place(), size);
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      average(kernels, s);
      divide(kernels, s, correction1, mean, s.from, squares);
    }

    @Override
    void descend(Kernels kernels, Segment s, float rate) {
      if (s.at != s.from) { // a link before this one has moved the update
        super.descend(kernels, s, rate);
        return;
      }
      kernels.adam(
          s.update,
          share1,
          share2,
          mean,
          beta1,
          squares,
          beta2,
          correction1,
          correction2,
          inside,
          outside,
          s.theta,
          rate,
          s.from,
          s.length);
    }
  }

  static final class AmsGrad extends AdamLink {
    private final float[] peaks;

    AmsGrad(Transform.AmsGrad adam, int size) {
      super(adam.beta1(), adam.beta2(), adam.epsilon(), adam.place(), size);
      peaks = remember("peaks", size);
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      average(kernels, s);
      kernels.raise(squares, s.from, peaks, s.from, s.length);
      divide(kernels, s, correction1, mean, s.from, peaks);
    }
  }

  static final class NAdam extends AdamLink {
    private float meanFactor;
    private float updateFactor;

    NAdam(Transform.NAdam adam, int size) {
      super(adam.beta1(), adam.beta2(), adam.epsilon(), adam.place(), size);
    }

    @Override
    void begin(long step, double norm) {
      super.begin(step, norm);
      meanFactor = (float) (exactBeta1 / (1 - Power.of(exactBeta1, step + 1)));
      updateFactor = (float) ((1 - exactBeta1) / (1 - Power.of(exactBeta1, step)));
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      average(kernels, s);
      kernels.blend(s.update, s.at, updateFactor, mean, s.from, meanFactor, s.scratch, 0, s.length);
      divide(kernels, s, 1, s.scratch, 0, squares);
    }
  }
}
