package dev.lanewise.optim;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.tensor.Layout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link Transform} compiled for a layout, with its state. Once a step has begun, different
 * workers may apply it to different segments at the same time.
 */
abstract sealed class Link {

  private final Map<String, float[]> state = new LinkedHashMap<>();

  /** Compiles a transform. */
  static Link compile(Transform transform, Layout layout) {
    int size = layout.trained();
    return switch (transform) {
      case Transform.Momentum momentum -> new Momentum(momentum, size);
      case Transform.Rms rms -> new Rms(rms, size);
      case Transform.Adam adam -> new Adam(adam, size);
      case Transform.WeightDecay decay -> new WeightDecay(decay, layout.decayed());
      case Transform.ClipByValue clip -> new ClipByValue(clip);
      case Transform.ClipByGlobalNorm clip -> new ClipByGlobalNorm(clip);
    };
  }

  /** {@return the state by name; live, in an order that depends on the transform only} */
  final Map<String, float[]> state() {
    return state;
  }

  /** {@return a new state array of zeros} */
  final float[] remember(String name, int size) {
    float[] values = new float[size];
    state.put(name, values);
    return values;
  }

  /**
   * Begins a step; most links have nothing to do.
   *
   * @param step the step's number, from 1
   * @param norm the length of the gradient, if a link of the chain needs it
   */
  void begin(long step, double norm) {}

  /** Changes the update of one segment. */
  abstract void apply(Kernels kernels, Segment segment);

  /**
   * Changes the update of one segment and descends, as the last link of a chain does; a link
   * overrides it if it can do both in one pass, with the same bits.
   */
  void descend(Kernels kernels, Segment segment, float rate) {
    apply(kernels, segment);
    segment.descend(kernels, rate);
  }

  /** {@return what is added inside the root} */
  private static float inside(EpsilonPlace place, double epsilon) {
    return place == EpsilonPlace.INSIDE_ROOT ? (float) epsilon : 0;
  }

  /** {@return what is added to the root} */
  private static float outside(EpsilonPlace place, double epsilon) {
    return place == EpsilonPlace.OUTSIDE_ROOT ? (float) epsilon : 0;
  }

  private static final class Momentum extends Link {
    private final float beta;
    private final float share;
    private final boolean nesterov;
    private final float[] velocity;

    Momentum(Transform.Momentum momentum, int size) {
      beta = (float) momentum.beta();
      share = momentum.form() == MomentumForm.EWMA ? (float) (1 - momentum.beta()) : 1;
      nesterov = momentum.nesterov();
      velocity = remember("velocity", size);
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      kernels.blend(s.update, s.at, share, velocity, s.from, beta, velocity, s.from, s.length);
      if (nesterov) {
        kernels.blend(s.update, s.at, share, velocity, s.from, beta, s.scratch, 0, s.length);
        s.moveToScratch();
      } else {
        s.moveTo(velocity);
      }
    }
  }

  private static final class Rms extends Link {
    private final float beta;
    private final float share;
    private final float inside;
    private final float outside;
    private final float[] squares;

    Rms(Transform.Rms rms, int size) {
      beta = (float) rms.beta();
      share = (float) (1 - rms.beta());
      inside = inside(rms.place(), rms.epsilon());
      outside = outside(rms.place(), rms.epsilon());
      squares = remember("squares", size);
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      kernels.blendSquares(s.update, s.at, share, squares, s.from, beta, s.length);
      kernels.divideByRoot(
          s.update, s.at, 1, squares, s.from, 1, inside, outside, s.scratch, 0, s.length);
      s.moveToScratch();
    }
  }

  private static final class Adam extends Link {
    private final Transform.Adam adam;
    private final float beta1;
    private final float share1;
    private final float beta2;
    private final float share2;
    private final float inside;
    private final float outside;
    private final float[] mean;
    private final float[] squares;
    private float correction1;
    private float correction2;

    Adam(Transform.Adam adam, int size) {
      this.adam = adam;
      beta1 = (float) adam.beta1();
      share1 = (float) (1 - adam.beta1());
      beta2 = (float) adam.beta2();
      share2 = (float) (1 - adam.beta2());
      inside = inside(adam.place(), adam.epsilon());
      outside = outside(adam.place(), adam.epsilon());
      mean = remember("mean", size);
      squares = remember("squares", size);
    }

    @Override
    void begin(long step, double norm) {
      correction1 = (float) (1 / (1 - Power.of(adam.beta1(), step)));
      correction2 = (float) (1 / (1 - Power.of(adam.beta2(), step)));
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      kernels.blendSquares(s.update, s.at, share2, squares, s.from, beta2, s.length);
      kernels.blend(s.update, s.at, share1, mean, s.from, beta1, mean, s.from, s.length);
      kernels.divideByRoot(
          mean,
          s.from,
          correction1,
          squares,
          s.from,
          correction2,
          inside,
          outside,
          s.scratch,
          0,
          s.length);
      s.moveToScratch();
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

  private static final class WeightDecay extends Link {
    private final float lambda;
    private final int decayed;

    WeightDecay(Transform.WeightDecay decay, int decayed) {
      this.lambda = (float) decay.lambda();
      this.decayed = decayed;
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      int weights = Math.clamp(decayed - s.from, 0, s.length);
      kernels.blend(s.update, s.at, 1, s.theta, s.from, lambda, s.scratch, 0, weights);
      System.arraycopy(s.update, s.at + weights, s.scratch, weights, s.length - weights);
      s.moveToScratch();
    }
  }

  private static final class ClipByValue extends Link {
    private final float maximum;

    ClipByValue(Transform.ClipByValue clip) {
      maximum = (float) clip.maximum();
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      kernels.clip(s.update, s.at, maximum, s.scratch, 0, s.length);
      s.moveToScratch();
    }
  }

  private static final class ClipByGlobalNorm extends Link {
    private final double maximum;
    private float factor;

    ClipByGlobalNorm(Transform.ClipByGlobalNorm clip) {
      maximum = clip.maximum();
    }

    @Override
    void begin(long step, double norm) {
      factor = norm > maximum ? (float) (maximum / norm) : 1;
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      if (factor != 1) {
        kernels.scale(s.update, s.at, factor, s.scratch, 0, s.length);
        s.moveToScratch();
      }
    }
  }
}
