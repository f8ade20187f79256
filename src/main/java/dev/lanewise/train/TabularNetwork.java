package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Encoder.Encoded;
import dev.lanewise.data.Encoder.What;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the network of a preset for encoded rows. */
final class TabularNetwork {

  /** A number of fewer values is a flag or says nothing: there is nothing to embed. */
  private static final int LEAST_VALUES = 3;

  private final TabularConstants its;
  private final Dataset rows;
  private final List<Encoded> columns;
  private final Loss loss;

  private TabularNetwork(TabularConstants its, Dataset rows, Encoder encoder, Loss loss) {
    this.its = its;
    this.rows = rows;
    columns = encoder.encoded();
    this.loss = loss;
  }

  static Network of(TabularConstants its, Dataset rows, Encoder encoder, Loss loss) {
    return new TabularNetwork(its, rows, encoder, loss).network(encoder.target().outputs());
  }

  private Network network(int outputs) {
    Network.Builder network = Network.inputs(columns.size());
    List<Embedding.Part> parts = parts();
    boolean embeds = parts.stream().anyMatch(part -> part.kind() != Embedding.Part.Kind.PASS);
    if (embeds) {
      network.add(new Embedding(parts));
    }
    if (its.scales) {
      network.add(new Scaling());
    }
    if (its.members > 1) {
      network.add(Members.of(its.members).withWidths(widths(parts)));
    }
    for (int units : its.hidden) {
      network.add(
          new Dense(units)
              .withInitializer(its.initializer)
              .withBiasInitializer(its.biasInitializer));
      Activation.Function function = its.activation.of(loss);
      network.add(its.blends ? Blend.of(function) : Activation.of(function));
      if (its.dropout.of(loss) > 0) {
        network.dropout(its.dropout.of(loss));
      }
    }
    return network.add(new Dense(outputs).withInitializer(its.lastInitializer)).loss(loss);
  }

  /** {@return what the columns become, those that stay as they are first} */
  private List<Embedding.Part> parts() {
    List<Integer> staying = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Integer> categories = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      (columns.get(c).what() == What.INDEX ? categories : embeds(c) ? numbers : staying).add(c);
    }
    List<Embedding.Part> parts = new ArrayList<>();
    if (!staying.isEmpty()) {
      parts.add(new Embedding.Pass(staying));
    }
    if (!numbers.isEmpty()) {
      parts.add(numbers(numbers));
    }
    if (!categories.isEmpty()) {
      List<Integer> values = categories.stream().map(c -> columns.get(c).values()).toList();
      parts.add(new Embedding.Category(categories, values, its.categorySize));
    }
    return parts;
  }

  /** {@return whether a column is one of the numbers that are embedded} */
  private boolean embeds(int column) {
    return its.numbers.of(loss) != Tabular.Numbers.AS_THEY_ARE
        && columns.get(column).what() == What.NUMBER
        && IntStream.range(0, rows.rows())
                .mapToObj(row -> rows.features()[row * rows.columns() + column] + 0f) // −0 is 0
                .distinct()
                .limit(LEAST_VALUES)
                .count()
            == LEAST_VALUES;
  }

  private Embedding.Part numbers(List<Integer> numbers) {
    return switch (its.numbers.of(loss)) {
      case AS_THEY_ARE -> throw new AssertionError("numbers that stay are embedded");
      case PIECEWISE_LINEAR ->
          Embedding.PiecewiseLinear.ofQuantiles(
                  numbers, rows.features(), rows.columns(), its.bins, its.numberSize)
              .orElseThrow();
      case PERIODIC -> Embedding.Periodic.of(numbers);
    };
  }

  /** {@return how many columns each feature has; the one-hot columns of a category are one} */
  private List<Integer> widths(List<Embedding.Part> parts) {
    List<Integer> widths = new ArrayList<>();
    Encoded before = null;
    for (Embedding.Part part : parts) {
      for (int c : part.columns()) {
        Encoded column = columns.get(c);
        if (column.what() == What.ONE_HOT && column.equals(before)) {
          widths.set(widths.size() - 1, widths.getLast() + 1);
        } else {
          widths.add(part.outputs());
        }
        before = column;
      }
    }
    return widths;
  }
}
