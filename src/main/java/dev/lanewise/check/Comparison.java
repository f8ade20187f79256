package dev.lanewise.check;

import dev.lanewise.check.GradientReport.Component;
import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Compares a claimed gradient with a cost's derivatives along its axes. */
final class Comparison {

  /** A tensor whose gradient is below this share of the whole is compared against the whole. */
  private static final double NEGLIGIBLE = 1e-6;

  private static final int WORST = 5;

  private final CheckOptions options;
  private final Slope slope;

  Comparison(CheckOptions options) {
    this.options = options;
    slope = options.slope();
  }

  GradientReport report(
      Layout layout, double[] theta, Axis axis, double[] claimed, Precision precision) {
    List<Slot> slots = layout.slots().stream().filter(s -> s.role().trained()).toList();
    List<int[]> places = options.sample().of(slots);
    List<List<Component>> compared = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      compared.add(components(slots.get(i), places.get(i), theta, axis, claimed));
    }
    List<Component> all = compared.stream().flatMap(List::stream).toList();
    Norms whole = Norms.of(all);
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      int looked = places.get(i).length;
      tensors.add(tensor(slots.get(i), looked, compared.get(i), whole));
    }
    List<Component> worst =
        all.stream()
            .sorted(Comparator.comparingDouble(Component::distance).reversed())
            .limit(WORST)
            .toList();
    double delta = delta(whole, whole.scale(), all.size());
    return new GradientReport(delta, tensors, worst, precision, options.kinkLimit());
  }

  private static Tensor tensor(Slot slot, int looked, List<Component> compared, Norms whole) {
    Norms own = Norms.of(compared);
    double scale = own.scale() < NEGLIGIBLE * whole.scale() ? whole.scale() : own.scale();
    int count = compared.size();
    double delta = delta(own, scale, count);
    return new Tensor(
        slot.name(),
        delta,
        delta(own, whole.scale(), count),
        own.numeric(),
        count,
        looked - count,
        slot.size());
  }

  private static double delta(Norms norms, double scale, int compared) {
    return compared == 0 ? Double.NaN : Norms.ratio(norms.distance(), scale);
  }

  /** {@return the components of a tensor that can be compared} */
  private List<Component> components(
      Slot slot, int[] places, double[] theta, Axis axis, double[] claimed) {
    List<Component> components = new ArrayList<>();
    for (int index : places) {
      axis.turn(index);
      derivative(axis, Math.max(1, Math.abs(theta[index])))
          .ifPresent(d -> components.add(component(slot, index, claimed[index], d)));
    }
    return components;
  }

  /** {@return the derivative along an axis; NaN where θ or the cost there is not finite} */
  private OptionalDouble derivative(Axis axis, double scale) {
    return Double.isFinite(axis.level()) && Double.isFinite(axis.place())
        ? slope.along(axis, scale)
        : OptionalDouble.of(Double.NaN);
  }

  private static Component component(Slot slot, int index, double claimed, double numeric) {
    int k = index - slot.offset();
    String name =
        slot.role().matrix()
            ? "%s[%d][%d]".formatted(slot.name(), k / slot.columns(), k % slot.columns())
            : "%s[%d]".formatted(slot.name(), k);
    return new Component(name, index, claimed, numeric);
  }
}
