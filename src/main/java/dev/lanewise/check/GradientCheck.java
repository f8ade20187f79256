package dev.lanewise.check;

import dev.lanewise.check.GradientReport.Component;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceBatch;
import dev.lanewise.reference.ReferenceCost;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Compares a claimed gradient with finite differences of a cost, component by component.
 *
 * <p>For a network the cost is that of {@link ReferenceNetwork}, in double precision and with
 * penalties; dropout is no obstacle, because its masks are fixed by the batch. A component whose
 * step crosses a kink, such as the 0 of a ReLU, has no difference worth comparing: it is skipped
 * and counted.
 *
 * <p>Four passes for each parameter, eight where the cost bends sharply, so this is for debugging
 * and audits. Immutable; safe for use by several threads.
 */
public final class GradientCheck {

  /**
   * The step for a parameter of ordinary size. With four points, truncation (h⁴) and rounding (1/h)
   * both stay near 1e-9 of the gradient, and a step this short seldom meets a kink.
   */
  private static final double STEP = 1e-5;

  /**
   * Where differences by h and 2h lie further apart than this share of the derivative, truncation
   * may show: what four points leave goes with its square. So it is under batch norm, for a column
   * whose variance is far below ε: there the cost bends within √ε.
   */
  private static final double SHARP = 1e-4;

  /** How many times shorter the step is where the cost bends sharply. */
  private static final double SHORTER = 10;

  /** A tensor whose gradient is below this share of the whole is compared against the whole. */
  private static final double NEGLIGIBLE = 1e-6;

  private static final int WORST = 5;

  private final ReferenceNetwork reference;

  private GradientCheck(ReferenceNetwork reference) {
    this.reference = reference;
  }

  /**
   * {@return a check for the gradients of a network}
   *
   * @param network the network, with penalties resolved
   * @throws IllegalArgumentException if a penalty still waits for the number of training rows
   */
  public static GradientCheck of(Network network) {
    return new GradientCheck(new ReferenceNetwork(network));
  }

  /**
   * Checks the gradient that single-precision code claims.
   *
   * @param theta the parameters, in the network's layout
   * @param batch the examples
   * @param claimed the claimed gradient of the cost; its range of running statistics is not read
   * @return how far it is from differences
   */
  public GradientReport check(double[] theta, ReferenceBatch batch, float[] claimed) {
    return check(theta, batch, ReferenceNetwork.widen(claimed));
  }

  /**
   * Checks a claimed gradient.
   *
   * @param theta the parameters, in the network's layout
   * @param batch the examples
   * @param claimed the claimed gradient of the cost; its range of running statistics is not read
   * @return how far it is from differences
   */
  public GradientReport check(double[] theta, ReferenceBatch batch, double[] claimed) {
    Differences differences =
        new Differences(t -> reference.cost(t, batch), theta, GradientCheck::derivative);
    return differences.compare(reference.layout(), claimed);
  }

  /**
   * Checks a claimed gradient of any objective, which is taken to be smooth, as that of a network.
   *
   * @param objective the function; it must not keep or change its argument
   * @param theta where, at least one component
   * @param claimed the claimed gradient
   * @return how far it is from differences, as one tensor named {@code theta}
   */
  public static GradientReport check(
      ToDoubleFunction<double[]> objective, double[] theta, double[] claimed) {
    return check(objective, theta, claimed, GradientCheck::derivative);
  }

  /**
   * Checks a claimed gradient of any objective, which is taken to be smooth, by a given rule.
   *
   * @param objective the function; it must not keep or change its argument
   * @param theta where, at least one component
   * @param claimed the claimed gradient
   * @param rule how to take differences
   * @param step the step, for every component the same
   * @return how far it is from differences, as one tensor named {@code theta}
   */
  public static GradientReport check(
      ToDoubleFunction<double[]> objective,
      double[] theta,
      double[] claimed,
      Difference rule,
      double step) {
    if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("step: %s; expected a finite number > 0".formatted(step));
    }
    return check(objective, theta, claimed, (f, x) -> rule.derivative(f, x, step));
  }

  private static GradientReport check(
      ToDoubleFunction<double[]> objective, double[] theta, double[] claimed, Rule rule) {
    if (theta.length == 0) {
      throw new IllegalArgumentException("theta: no components; expected at least 1");
    }
    Layout layout = Layout.of(List.of(new Slot("theta", Slot.Role.BIAS, 0, 1, theta.length)));
    BitSet smooth = new BitSet();
    Function<double[], ReferenceCost> cost =
        t -> new ReferenceCost(objective.applyAsDouble(t), 0, 0, smooth);
    return new Differences(cost, theta, rule).compare(layout, claimed);
  }

  /** {@return the derivative by four points, by a shorter step where the cost bends sharply} */
  private static double derivative(DoubleUnaryOperator f, double x) {
    double step = STEP * Math.max(1, Math.abs(x));
    FourPoints points = FourPoints.of(f, x, step);
    if (points.gap() > SHARP * Math.abs(points.near())) {
      FourPoints closer = FourPoints.of(f, x, step / SHORTER);
      // Truncation shrinks with the square of the step; rounding, which may part them too, grows.
      if (closer.gap() < points.gap() / SHORTER) {
        return closer.derivative();
      }
    }
    return points.derivative();
  }

  /** A way to approximate the derivative of a function at a place. */
  private interface Rule {

    double derivative(DoubleUnaryOperator f, double x);
  }

  /** The differences of a cost at a point. */
  private record Differences(Function<double[], ReferenceCost> cost, double[] theta, Rule rule) {

    GradientReport compare(Layout layout, double[] claimed) {
      if (claimed.length != layout.size()) {
        throw new IllegalArgumentException(
            "claimed: length %d; expected %d, that of theta"
                .formatted(claimed.length, layout.size()));
      }
      List<Slot> slots = layout.slots().stream().filter(s -> s.role().trained()).toList();
      List<List<Component>> compared = slots.stream().map(s -> components(s, claimed)).toList();
      List<Component> all = compared.stream().flatMap(List::stream).toList();
      Norms whole = Norms.of(all);
      List<Tensor> tensors = new ArrayList<>();
      for (int i = 0; i < slots.size(); i++) {
        Slot slot = slots.get(i);
        int count = compared.get(i).size();
        Norms own = Norms.of(compared.get(i));
        double scale = own.sum() < NEGLIGIBLE * whole.sum() ? whole.sum() : own.sum();
        double delta = Norms.ratio(own.distance(), scale);
        tensors.add(new Tensor(slot.name(), delta, own.numeric(), count, slot.size() - count));
      }
      List<Component> worst =
          all.stream()
              .sorted(Comparator.comparingDouble(Component::distance).reversed())
              .limit(WORST)
              .toList();
      return new GradientReport(Norms.ratio(whole.distance(), whole.sum()), tensors, worst);
    }

    /** {@return the components of a tensor that can be compared} */
    private List<Component> components(Slot slot, double[] claimed) {
      List<Component> components = new ArrayList<>();
      BitSet sides = cost.apply(theta).sides();
      double[] moved = theta.clone();
      for (int k = 0; k < slot.size(); k++) {
        int index = slot.offset() + k;
        boolean[] crossed = {false};
        double numeric =
            rule.derivative(
                x -> {
                  moved[index] = x;
                  ReferenceCost there = cost.apply(moved);
                  crossed[0] |= !there.sides().equals(sides);
                  return there.differentiated();
                },
                theta[index]);
        moved[index] = theta[index];
        if (!crossed[0]) {
          components.add(new Component(name(slot, k), index, claimed[index], numeric));
        }
      }
      return components;
    }

    private static String name(Slot slot, int k) {
      return slot.role() == Slot.Role.WEIGHT
          ? "%s[%d][%d]".formatted(slot.name(), k / slot.columns(), k % slot.columns())
          : "%s[%d]".formatted(slot.name(), k);
    }
  }

  /**
   * The Euclidean norms of a claimed gradient, of that from differences, and of their difference.
   */
  private record Norms(double claimed, double numeric, double distance) {

    static Norms of(List<Component> components) {
      double claimed = 0;
      double numeric = 0;
      double distance = 0;
      for (Component c : components) {
        claimed += c.claimed() * c.claimed();
        numeric += c.numeric() * c.numeric();
        distance += c.distance() * c.distance();
      }
      return new Norms(Math.sqrt(claimed), Math.sqrt(numeric), Math.sqrt(distance));
    }

    double sum() {
      return claimed + numeric;
    }

    /** {@return the quotient, with 0/0 = 0} */
    static double ratio(double distance, double scale) {
      return distance == 0 ? 0 : distance / scale;
    }
  }
}
