package dev.lanewise.update;

import dev.lanewise.kernel.Power;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An optimiser run the plain way: each link over the whole gradient before the next, one element
 * after the other. What the compiled updater has to equal bit for bit.
 */
final class ChainLinkByLink {

  private final Optimizer optimizer;
  private final Layout layout;
  private final List<float[]> first = new ArrayList<>();
  private final List<float[]> second = new ArrayList<>();
  private final List<float[]> third = new ArrayList<>();

  /** What the rate and the decay of each parameter are multiplied with. */
  private final double[] rates;

  private final double[] decays;
  private int step;

  ChainLinkByLink(Optimizer optimizer, Layout layout) {
    this.optimizer = optimizer;
    this.layout = layout;
    for (int i = 0; i < optimizer.transforms().size(); i++) {
      first.add(new float[layout.trained()]);
      second.add(new float[layout.trained()]);
      third.add(new float[layout.trained()]);
    }
    rates = new double[layout.trained()];
    decays = new double[layout.trained()];
    factors();
  }

  /** Looks at every rule for every tensor, the later ones over the earlier. */
  private void factors() {
    String last =
        layout.slots().stream()
            .map(Slot::name)
            .filter(name -> name.startsWith("dense"))
            .reduce("", (one, other) -> other)
            .replaceAll("\\..*", "");
    for (Slot slot : layout.slots()) {
      if (slot.role().trained()) {
        boolean weight = slot.role() == Slot.Role.WEIGHT;
        Arrays.fill(rates, slot.offset(), slot.end(), 1);
        Arrays.fill(decays, slot.offset(), slot.end(), weight ? 1 : 0);
        for (Rates.Rule rule : optimizer.rates().rules()) {
          String regex = rule.tensors().replace(".", "\\.").replace("*", ".*");
          if (slot.name().matches(regex) || slot.name().replace(last, "last").matches(regex)) {
            double root = rule.rootOfInputs() ? Math.sqrt(slot.rows()) : 1;
            double decay = rule.decay().orElse(weight ? 1 : 0) * root;
            Arrays.fill(rates, slot.offset(), slot.end(), rule.rate() / root);
            Arrays.fill(decays, slot.offset(), slot.end(), decay);
          }
        }
      }
    }
  }

  /** Does one step on the trained range; {@code norm} is the gradient's length. */
  void update(float[] theta, float[] gradient, double norm) {
    step++;
    float[] u = gradient.clone();
    for (int k = 0; k < optimizer.transforms().size(); k++) {
      Transform transform = optimizer.transforms().get(k);
      for (int i = 0; i < layout.trained(); i++) {
        u[i] = apply(transform, u[i], i, theta, first.get(k), second.get(k), third.get(k), norm);
      }
    }
    for (int i = 0; i < layout.trained(); i++) {
      float rate = (float) (optimizer.schedule().rate(0) * rates[i]);
      theta[i] = Math.fma(-rate, u[i], theta[i]);
    }
  }

  private float apply(
      Transform transform,
      float u,
      int i,
      float[] theta,
      float[] m,
      float[] s,
      float[] peak,
      double norm) {
    return switch (transform) {
      case Transform.Momentum t -> {
        float share = t.form() == MomentumForm.EWMA ? (float) (1 - t.beta()) * u : u;
        m[i] = Math.fma((float) t.beta(), m[i], share);
        yield t.nesterov() ? Math.fma((float) t.beta(), m[i], share) : m[i];
      }
      case Transform.Rms t -> {
        s[i] = averageSquare(t.beta(), s[i], u);
        yield u / root(s[i], t.epsilon(), t.place());
      }
      case Transform.Adagrad t -> {
        s[i] = s[i] + u * u;
        yield u / root(s[i], t.epsilon(), t.place());
      }
      case Transform.Adam t -> {
        m[i] = average(t.beta1(), m[i], u);
        s[i] = averageSquare(t.beta2(), s[i], u);
        yield correction(t.beta1()) * m[i] / root(t.beta2(), s[i], t.epsilon(), t.place());
      }
      case Transform.AmsGrad t -> {
        m[i] = average(t.beta1(), m[i], u);
        s[i] = averageSquare(t.beta2(), s[i], u);
        peak[i] = Math.max(peak[i], s[i]);
        yield correction(t.beta1()) * m[i] / root(t.beta2(), peak[i], t.epsilon(), t.place());
      }
      case Transform.NAdam t -> {
        m[i] = average(t.beta1(), m[i], u);
        s[i] = averageSquare(t.beta2(), s[i], u);
        float old = (float) (t.beta1() / (1 - Power.of(t.beta1(), step + 1)));
        float fresh = (float) ((1 - t.beta1()) / (1 - Power.of(t.beta1(), step)));
        float ahead = Math.fma(old, m[i], fresh * u);
        yield ahead / root(t.beta2(), s[i], t.epsilon(), t.place());
      }
      case Transform.Lion t -> {
        float sign = Math.signum(average(t.beta1(), m[i], u));
        m[i] = average(t.beta2(), m[i], u);
        yield sign;
      }
      case Transform.WeightDecay t -> {
        double factor =
            t.factor()
                .map(of -> of.rate(of instanceof Schedule.PerStep ? step - 1 : 0))
                .orElse(1.0);
        float lambda = (float) (t.lambda() * factor * decays[i]);
        yield decays[i] > 0 ? Math.fma(lambda, theta[i], u) : u;
      }
      case Transform.ClipByValue t -> Math.clamp(u, (float) -t.maximum(), (float) t.maximum());
      case Transform.ClipByGlobalNorm t ->
          norm > t.maximum() ? (float) (t.maximum() / norm) * u : u;
    };
  }

  private static float average(double beta, float old, float u) {
    return Math.fma((float) beta, old, (float) (1 - beta) * u);
  }

  private static float averageSquare(double beta, float old, float u) {
    return Math.fma((float) beta, old, (float) (1 - beta) * u * u);
  }

  private float correction(double beta) {
    return (float) (1 / (1 - Power.of(beta, step)));
  }

  /** The divisor from a mean square that is corrected. */
  private float root(double beta, float s, double epsilon, EpsilonPlace place) {
    float correction = correction(beta);
    return place == EpsilonPlace.INSIDE_ROOT
        ? (float) Math.sqrt(Math.fma(correction, s, (float) epsilon))
        : root(correction * s, epsilon, place);
  }

  private static float root(float s, double epsilon, EpsilonPlace place) {
    return place == EpsilonPlace.INSIDE_ROOT
        ? (float) Math.sqrt(s + (float) epsilon)
        : (float) Math.sqrt(s) + (float) epsilon;
  }
}
