package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.tensor.Layout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link Transform} compiled for a layout, with its state. Once a step has begun, different
 * workers may apply it to different segments at the same time.
 */
abstract sealed class Link
    permits Link.Momentum,
        Link.Rms,
        AdamLink,
        Link.Lion,
        Link.WeightDecay,
        Link.ClipByValue,
        Link.ClipByGlobalNorm {

  private final Map<String, float[]> state = new LinkedHashMap<>();

  /** Compiles a transform. */
  static Link compile(Transform transform, Rates rates, Network network, Layout layout) {
    int size = layout.trained();
    return switch (transform) {
      case Transform.Momentum momentum -> new Momentum(momentum, size);
      case Transform.Rms rms -> new Rms(rms, size);
      case Transform.Adagrad adagrad -> new Rms(adagrad, size);
      case Transform.Adam adam -> new AdamLink.Adam(adam, size);
      case Transform.AmsGrad amsGrad -> new AdamLink.AmsGrad(amsGrad, size);
      case Transform.NAdam nadam -> new AdamLink.NAdam(nadam, size);
      case Transform.Lion lion -> new Lion(lion, size);
      case Transform.WeightDecay decay ->
          new WeightDecay(decay, Runs.ofDecay(rates, network, layout));
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

  /**
   * Begins a step of a link that has a schedule.
   *
   * @param epoch the number of epochs completed
   * @param steps the number of steps done, whether or not the links have begun anew since
   */
  void schedule(int epoch, long steps) {}

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
  static float inside(EpsilonPlace place, double epsilon) {
    return place == EpsilonPlace.INSIDE_ROOT ? (float) epsilon : 0;
  }

  /** {@return what is added to the root} */
  static float outside(EpsilonPlace place, double epsilon) {
    return place == EpsilonPlace.OUTSIDE_ROOT ? (float) epsilon : 0;
  }

  static final class Momentum extends Link {
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

  static final class Rms extends Link {
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

    /** A sum of squares is an average in which old and new have the share 1. */
    Rms(Transform.Adagrad adagrad, int size) {
      beta = 1;
      share = 1;
      inside = inside(adagrad.place(), adagrad.epsilon());
      outside = outside(adagrad.place(), adagrad.epsilon());
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

  static final class Lion extends Link {
    private final float beta1;
    private final float share1;
    private final float beta2;
    private final float share2;
    private final float[] mean;

    Lion(Transform.Lion lion, int size) {
      beta1 = (float) lion.beta1();
      share1 = (float) (1 - lion.beta1());
      beta2 = (float) lion.beta2();
      share2 = (float) (1 - lion.beta2());
      mean = remember("mean", size);
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      kernels.lion(
          s.update, s.at, share1, beta1, mean, s.from, share2, beta2, s.scratch, 0, s.length);
      s.moveToScratch();
    }
  }

  static final class WeightDecay extends Link {
    private final double lambda;
    private final Schedule factor;
    private final Runs runs;

    /** The λ of each run in this step. */
    private final float[] lambdas;

    WeightDecay(Transform.WeightDecay decay, Runs runs) {
      lambda = decay.lambda();
      factor = decay.factor().orElse(null);
      this.runs = runs;
      lambdas = new float[runs.count()];
    }

    @Override
    void schedule(int epoch, long steps) {
      double now = factor == null ? lambda : lambda * Updater.rate(factor, epoch, steps);
      for (int run = 0; run < lambdas.length; run++) {
        lambdas[run] = (float) (now * runs.factor(run));
      }
    }

    @Override
    void apply(Kernels kernels, Segment s) {
      int done = 0;
      for (int run = runs.at(s.from); done < s.length; run++) {
        int count = Math.min(runs.end(run) - s.from, s.length) - done;
        if (runs.factor(run) > 0) {
          int from = s.from + done;
          kernels.blend(
              s.update, s.at + done, 1, s.theta, from, lambdas[run], s.scratch, done, count);
        } else {
          System.arraycopy(s.update, s.at + done, s.scratch, done, count);
        }
        done += count;
      }
      s.moveToScratch();
    }
  }

  static final class ClipByValue extends Link {
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

  static final class ClipByGlobalNorm extends Link {
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
