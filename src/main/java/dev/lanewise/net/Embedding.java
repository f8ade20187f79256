package dev.lanewise.net;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The first layer of a network whose inputs are not all to be multiplied as they are: each column
 * of the inputs becomes one or more numbers, and those of a row stand side by side, part by part.
 * Immutable.
 *
 * @param parts which columns become what, at least one part and at most one of each kind; each
 *     column of the inputs is in one of them
 */
public record Embedding(List<Part> parts) implements Layer {

  /** The largest number of values of a column: up to it every whole number is a {@code float}. */
  private static final int MOST_VALUES = 1 << 24;

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if there is no part, two are of one kind, or a column is in
   *     two parts or in none
   */
  public Embedding {
    parts = List.copyOf(Objects.requireNonNull(parts, "parts"));
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts: none; expected at least one");
    }
    Set<Part.Kind> kinds = EnumSet.noneOf(Part.Kind.class);
    int columns = 0;
    for (Part part : parts) {
      if (!kinds.add(part.kind())) {
        throw new IllegalArgumentException(
            "parts: two of the kind %s; expected one, which may have many columns"
                .formatted(part.kind()));
      }
      columns += part.columns().size();
    }
    Set<Integer> seen = new HashSet<>();
    for (Part part : parts) {
      for (int column : part.columns()) {
        if (column < 0 || column >= columns || !seen.add(column)) {
          throw new IllegalArgumentException(
              "parts: column %d of the inputs %s; expected each of 0 to %d once"
                  .formatted(column, seen.contains(column) ? "twice" : "in " + part, columns - 1));
        }
      }
    }
  }

  /** What some columns of the inputs become. */
  public sealed interface Part {

    /** The kinds of parts; model files use the constants' names, in lower case. */
    enum Kind {
      /** {@link Pass}. */
      PASS(Pass::of),
      /** {@link Category}. */
      CATEGORY(Category::of),
      /** {@link Periodic}. */
      PERIODIC(Periodic::of),
      /** {@link PiecewiseLinear}. */
      PIECEWISE_LINEAR(PiecewiseLinear::of);

      private final Function<Values, Part> constructor;

      Kind(Function<Values, Part> constructor) {
        this.constructor = constructor;
      }

      /**
       * {@return the part of this kind with given parameters: of those of a part, the same part}
       *
       * @param parameters the parameters by name, as {@link Part#parameters()} has them
       * @throws IllegalArgumentException if one is missing or out of its range
       */
      public Part of(Values parameters) {
        return constructor.apply(parameters);
      }
    }

    /** {@return what kind of part this is} */
    Kind kind();

    /** {@return the columns of the inputs, from 0, in the order of the outputs} */
    List<Integer> columns();

    /** {@return how many numbers each of the columns becomes} */
    int outputs();

    /** {@return all that sets this part apart from others of its kind, by name} */
    Map<String, Object> parameters();
  }

  /**
   * Columns that stay as they are.
   *
   * @param columns the columns of the inputs, from 0, at least one
   */
  public record Pass(List<Integer> columns) implements Part {

    /**
     * Creates a part.
     *
     * @throws IllegalArgumentException if there are no columns
     */
    public Pass {
      columns = checked(columns);
    }

    static Pass of(Values parameters) {
      return new Pass(parameters.integers("columns"));
    }

    @Override
    public Kind kind() {
      return Kind.PASS;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Map<String, Object> parameters() {
      return Map.of("columns", columns);
    }
  }

  /**
   * Columns of categories by number, each of which becomes a row of a trained table: what a dense
   * layer without bias makes of one-hot columns, with the same bits and without the columns. An
   * input is the number of its value, from 0 to below the column's number of values; −1, for a
   * value that was never seen, becomes zeros; anything else becomes NaN.
   *
   * <p>The tables of all columns are one tensor, {@code embedding0.categories}, {@code [Σ
   * values][size]}. They start with draws from N(0, 1) and are trained, but not decayed unless an
   * optimiser's rules say so. Their gradient is as large as they are, and an optimiser goes over
   * all rows in every step: that is little up to about 100 000 rows.
   *
   * @param columns the columns of the inputs, from 0, at least one
   * @param values how many values each of them has, from 1 to 2^24
   * @param size how many numbers a value becomes, at least 1
   */
  public record Category(List<Integer> columns, List<Integer> values, int size) implements Part {

    /** What the name of the tables' tensor ends with. */
    public static final String TABLE = "categories";

    /**
     * Creates a part.
     *
     * @throws IllegalArgumentException if there are no columns, more or fewer numbers of values, a
     *     number out of its range, or a table of 2^31 numbers or more
     */
    public Category {
      columns = checked(columns);
      values = List.copyOf(Objects.requireNonNull(values, "values"));
      if (values.size() != columns.size()) {
        throw new IllegalArgumentException(
            "values: of %d columns; expected %d".formatted(values.size(), columns.size()));
      }
      long rows = 0;
      for (int count : values) {
        if (count < 1 || count > MOST_VALUES) {
          throw new IllegalArgumentException(
              "values: %d; expected from 1 to %d".formatted(count, MOST_VALUES));
        }
        rows += count;
      }
      checkSize(size);
      if (rows > Integer.MAX_VALUE / size) {
        throw new IllegalArgumentException(
            "values, size: %d rows of %d numbers; expected a table of fewer than 2^31"
                .formatted(rows, size));
      }
    }

    static Category of(Values parameters) {
      return new Category(
          parameters.integers("columns"),
          parameters.integers("values"),
          parameters.integer("size"));
    }

    @Override
    public Kind kind() {
      return Kind.CATEGORY;
    }

    @Override
    public int outputs() {
      return size;
    }

    @Override
    public Map<String, Object> parameters() {
      Map<String, Object> parameters = new LinkedHashMap<>();
      parameters.put("columns", columns);
      parameters.put("values", values);
      parameters.put("size", size);
      return parameters;
    }

    /** {@return the rows of all tables} */
    int rows() {
      return values.stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * Numbers of which each is joined by some that are periodic functions of it: x becomes x and e =
   * Wᵀ·cos(2π(w·x + b)) + c, with trained w and b {@code [frequencies]}, W {@code
   * [frequencies][outputs − 1]} and c of its own for each column. This is the embedding "PBLD" of
   * Holzmüller, Grinsztajn and Steinwart (2024) with b counted in turns, so that an angle is
   * brought near 0 without rounding; b in radians is 2π times as large, and so is its learning
   * rate. A network can follow a number at high frequencies then, without many units for it.
   *
   * <p>The tensors are {@code embedding0.frequency} and {@code embedding0.phase}, {@code
   * [columns][frequencies]}, {@code embedding0.weight} {@code [columns · frequencies][outputs −
   * 1]}, and {@code embedding0.bias} {@code [columns · (outputs − 1)]}: trained, but not decayed
   * unless an optimiser's rules say so. w starts with draws from N(0, deviation²), b uniform on ±½,
   * W and c uniform on ±1/√frequencies.
   *
   * @param columns the columns of the inputs, from 0, at least one
   * @param frequencies the cosines of a column, at least 1
   * @param outputs how many numbers a column becomes, itself the first of them, from 2 to 5
   * @param deviation the standard deviation that w starts with, finite and above 0
   */
  public record Periodic(List<Integer> columns, int frequencies, int outputs, double deviation)
      implements Part {

    /** What the name of the tensor w ends with. */
    public static final String FREQUENCY = "frequency";

    /** What the name of the tensor b ends with. */
    public static final String PHASE = "phase";

    /** What the name of the tensor W ends with. */
    public static final String WEIGHT = "weight";

    /** What the name of the tensor c ends with. */
    public static final String BIAS = "bias";

    private static final int MOST_OUTPUTS = 5;

    /**
     * Creates a part.
     *
     * @throws IllegalArgumentException if there are no columns, or a number is out of its range
     */
    public Periodic {
      columns = checked(columns);
      if (frequencies < 1 || frequencies > MOST_VALUES) {
        throw new IllegalArgumentException(
            "frequencies: %d; expected from 1 to %d".formatted(frequencies, MOST_VALUES));
      }
      if (outputs < 2 || outputs > MOST_OUTPUTS) {
        throw new IllegalArgumentException(
            "outputs: %d; expected from 2 to %d".formatted(outputs, MOST_OUTPUTS));
      }
      if (!((float) deviation > 0 && (float) deviation < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "deviation: %s; expected a finite number above 0".formatted(deviation));
      }
      if ((long) columns.size() * frequencies * (outputs - 1) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "frequencies: %d in %d columns; expected fewer than 2^31 weights"
                .formatted(frequencies, columns.size()));
      }
    }

    /**
     * {@return a part with the published sizes: 16 cosines, 4 numbers, w from N(0, 0.1²)}
     *
     * @param columns the columns of the inputs, from 0, at least one
     * @throws IllegalArgumentException if there are no columns
     */
    public static Periodic of(List<Integer> columns) {
      return new Periodic(columns, 16, 4, 0.1);
    }

    static Periodic of(Values parameters) {
      return new Periodic(
          parameters.integers("columns"),
          parameters.integer("frequencies"),
          parameters.integer("outputs"),
          parameters.number("deviation"));
    }

    @Override
    public Kind kind() {
      return Kind.PERIODIC;
    }

    @Override
    public Map<String, Object> parameters() {
      Map<String, Object> parameters = new LinkedHashMap<>();
      parameters.put("columns", columns);
      parameters.put("frequencies", frequencies);
      parameters.put("outputs", outputs);
      parameters.put("deviation", deviation);
      return parameters;
    }
  }

  /**
   * Numbers of which each becomes several piecewise-linear functions of it, with kinks at the edges
   * of its bins: w·x + b + Σ v_t·c_t, with trained w, b and v_t {@code [size]} of its own for each
   * column, and c_t how far x has come through bin t, (x − e_t)/(e_(t+1) − e_t) with 0 below the
   * bin and 1 above it. So between two edges all is linear, and a network has a kink at each edge,
   * without units for it. An x beyond the outer edges counts as the edge, also in w·x: of numbers
   * outside the training rows, which were never seen, nothing is made up. This is the
   * piecewise-linear encoding of Gorishniy, Rubachev and Babenko (2022) behind which a linear layer
   * stands, with a linear part beside it; theirs goes on beyond the edges.
   *
   * <p>The tensors are {@code embedding0.slope} (w) and {@code embedding0.intercept} (b), of {@code
   * size} numbers for each column, and {@code embedding0.bins} (v), {@code [Σ bins][size]}:
   * trained, but not decayed unless an optimiser's rules say so. w and b start uniform on ±1, v
   * with 0, so that all is one line at first.
   *
   * @param columns the columns of the inputs, from 0, at least one
   * @param edges where the bins of each column begin and end: two finite numbers or more,
   *     ascending; 2^20 or fewer of all columns
   * @param size how many numbers a column becomes, at least 1
   */
  public record PiecewiseLinear(List<Integer> columns, List<List<Float>> edges, int size)
      implements Part {

    /** More than 16 bins in each of 60 000 columns; descriptions are small beside models. */
    private static final int MOST_EDGES = 1 << 20;

    /** What the name of the tensor w ends with. */
    public static final String SLOPE = "slope";

    /** What the name of the tensor b ends with. */
    public static final String INTERCEPT = "intercept";

    /** What the name of the tensor v ends with. */
    public static final String BINS = "bins";

    /**
     * Creates a part.
     *
     * @throws IllegalArgumentException if there are no columns, edges of more or fewer, edges that
     *     are fewer than two, not finite, not ascending or farther apart than the largest float,
     *     more than 2^20 of all columns, no size, or 2^30 numbers or more
     */
    public PiecewiseLinear {
      columns = checked(columns);
      edges = Objects.requireNonNull(edges, "edges").stream().map(List::copyOf).toList();
      if (edges.size() != columns.size()) {
        throw new IllegalArgumentException(
            "edges: of %d columns; expected %d".formatted(edges.size(), columns.size()));
      }
      edges.forEach(Edges::check);
      if (bins(edges) + edges.size() > MOST_EDGES) {
        throw new IllegalArgumentException(
            "edges: %d of all columns; expected at most %d"
                .formatted(bins(edges) + edges.size(), MOST_EDGES));
      }
      checkSize(size);
      if (2L * bins(edges) > Integer.MAX_VALUE / size) {
        throw new IllegalArgumentException(
            "size: %d of %d bins; expected fewer than 2^30 numbers".formatted(size, bins(edges)));
      }
    }

    private static int bins(List<List<Float>> edges) {
      return edges.stream().mapToInt(of -> of.size() - 1).sum();
    }

    /**
     * {@return a part whose edges are quantiles of encoded training rows, those of the columns that
     * have three values or more; empty if none has} A column of two values is a line whatever the
     * edges. Of as many rows as there are bins or fewer, or of many equal ones, quantiles are
     * equal, so a column may have fewer bins.
     *
     * @param columns the columns that may be in it, at least one
     * @param rows the rows {@code [rows][inputs]}, at least one
     * @param inputs the columns of a row
     * @param bins the most bins of a column, at least 1
     * @param size how many numbers a column becomes, at least 1
     * @throws IllegalArgumentException if there are no columns or no rows, one of them is not a
     *     column of the rows, a number is not finite or out of its range
     */
    public static Optional<PiecewiseLinear> ofQuantiles(
        List<Integer> columns, float[] rows, int inputs, int bins, int size) {
      Objects.requireNonNull(rows, "rows");
      checkSize(size);
      Map<Integer, List<Float>> edges = Edges.quantiles(checked(columns), rows, inputs, bins);
      return edges.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new PiecewiseLinear(List.copyOf(edges.keySet()), List.copyOf(edges.values()), size));
    }

    static PiecewiseLinear of(Values parameters) {
      return new PiecewiseLinear(
          parameters.integers("columns"),
          parameters.singles("edges", MOST_EDGES),
          parameters.integer("size"));
    }

    @Override
    public Kind kind() {
      return Kind.PIECEWISE_LINEAR;
    }

    @Override
    public int outputs() {
      return size;
    }

    @Override
    public Map<String, Object> parameters() {
      Map<String, Object> parameters = new LinkedHashMap<>();
      parameters.put("columns", columns);
      parameters.put("edges", edges);
      parameters.put("size", size);
      return parameters;
    }

    /** {@return the bins of all columns} */
    int bins() {
      return bins(edges);
    }
  }

  private static List<Integer> checked(List<Integer> columns) {
    List<Integer> checked = List.copyOf(Objects.requireNonNull(columns, "columns"));
    if (checked.isEmpty()) {
      throw new IllegalArgumentException("columns: none; expected at least one");
    }
    return checked;
  }

  private static void checkSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size: %d; expected at least 1".formatted(size));
    }
  }

  static Embedding of(Values parameters) {
    return new Embedding(
        parameters.each("parts", part -> part.choice("kind", Part.Kind.class).of(part)));
  }

  @Override
  public Kind kind() {
    return Kind.EMBEDDING;
  }

  /** {@return the parts, each as a map that begins with its kind} */
  @Override
  public Map<String, Object> parameters() {
    return Map.of("parts", parts.stream().map(Embedding::parameters).toList());
  }

  private static Map<String, Object> parameters(Part part) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("kind", part.kind());
    parameters.putAll(part.parameters());
    return parameters;
  }

  @Override
  public String label() {
    return "Embedding, " + parts.stream().map(Embedding::label).collect(Collectors.joining(", "));
  }

  private static String label(Part part) {
    int columns = part.columns().size();
    return switch (part) {
      case Pass pass -> "%d as they are".formatted(columns);
      case Category category ->
          "%d %s of %d values to %d"
              .formatted(
                  columns,
                  columns == 1 ? "category" : "categories",
                  category.rows(),
                  category.size());
      case Periodic periodic ->
          "%d with %d cosines to %d".formatted(columns, periodic.frequencies(), periodic.outputs());
      case PiecewiseLinear piecewise ->
          "%d in %d bins to %d".formatted(columns, piecewise.bins(), piecewise.size());
    };
  }

  /**
   * {@return the numbers that all columns become}
   *
   * @throws IllegalArgumentException if the inputs are not the columns of the parts, or these
   *     become 2^31 numbers or more
   */
  @Override
  public int outputs(int inputs) {
    int columns = parts.stream().mapToInt(part -> part.columns().size()).sum();
    if (inputs != columns) {
      throw new IllegalArgumentException(
          "embedding of %d columns; expected one of all %d inputs".formatted(columns, inputs));
    }
    long outputs =
        parts.stream().mapToLong(part -> (long) part.columns().size() * part.outputs()).sum();
    if (outputs > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "embedding: %d columns become %d numbers; expected fewer than 2^31"
              .formatted(columns, outputs));
    }
    return (int) outputs;
  }

  /**
   * {@return how many numbers each column becomes, in the order of the outputs: of so many columns
   * is a feature to {@link Members#withWidths}}
   */
  public List<Integer> widths() {
    return parts.stream()
        .flatMap(part -> Collections.nCopies(part.columns().size(), part.outputs()).stream())
        .toList();
  }

  @Override
  public List<Slot> tensors(Network.Node at) {
    return parts.stream().flatMap(part -> PartTensors.of(part, at).keySet().stream()).toList();
  }

  @Override
  public void initialize(float[] parameters, Network.Node at, Layout layout, long seed) {
    Objects.requireNonNull(parameters, "parameters");
    for (Part part : parts) {
      PartTensors.of(part, at)
          .forEach((tensor, start) -> start.fill(parameters, layout.slot(tensor.name()), seed));
    }
  }
}
