package dev.lanewise.net;

import dev.lanewise.net.Embedding.Category;
import dev.lanewise.net.Embedding.Part;
import dev.lanewise.net.Embedding.Pass;
import dev.lanewise.net.Embedding.Periodic;
import dev.lanewise.net.Embedding.PiecewiseLinear;
import dev.lanewise.tensor.Slot;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of an embedding's parts, and how they start. */
final class PartTensors {

  // A uniform distribution on ±a has the deviation a/√3.
  private static final double ROOT_OF_3 = StrictMath.sqrt(3);

  private PartTensors() {}

  /** {@return how each tensor of a part starts, by its slot, in the order of model files} */
  static Map<Slot, Initializer> of(Part part, Network.Node at) {
    Map<Slot, Initializer> tensors = new LinkedHashMap<>();
    int columns = part.columns().size();
    switch (part) {
      case Pass pass -> {}
      case Category category ->
          tensors.put(table(at, Category.TABLE, category.rows(), category.size()), normal(1));
      case Periodic periodic -> {
        int frequencies = periodic.frequencies();
        int numbers = periodic.outputs() - 1;
        Initializer even = uniform(1 / StrictMath.sqrt(frequencies));
        tensors.put(
            table(at, Periodic.FREQUENCY, columns, frequencies), normal(periodic.deviation()));
        tensors.put(table(at, Periodic.PHASE, columns, frequencies), uniform(0.5));
        tensors.put(table(at, Periodic.WEIGHT, columns * frequencies, numbers), even);
        tensors.put(bias(at, Periodic.BIAS, columns * numbers), even);
      }
      case PiecewiseLinear piecewise -> {
        int size = piecewise.size();
        tensors.put(table(at, PiecewiseLinear.SLOPE, columns, size), uniform(1));
        tensors.put(bias(at, PiecewiseLinear.INTERCEPT, columns * size), uniform(1));
        tensors.put(
            table(at, PiecewiseLinear.BINS, piecewise.bins(), size), new Initializer.Zeros());
      }
    }
    return tensors;
  }

  private static Slot table(Network.Node at, String name, int rows, int columns) {
    return new Slot(at.name(name), Slot.Role.TABLE, 0, rows, columns);
  }

  private static Slot bias(Network.Node at, String name, int columns) {
    return new Slot(at.name(name), Slot.Role.BIAS, 0, 1, columns);
  }

  private static Initializer normal(double deviation) {
    return new Initializer.Fixed(deviation, Initializer.Distribution.NORMAL);
  }

  private static Initializer uniform(double limit) {
    return new Initializer.Fixed(limit / ROOT_OF_3, Initializer.Distribution.UNIFORM);
  }
}
