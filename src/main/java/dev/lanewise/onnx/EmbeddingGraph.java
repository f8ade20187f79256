package dev.lanewise.onnx;

import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.onnx.Graph.Attributes;
import dev.lanewise.onnx.Graph.Type;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of an embedding as nodes of a graph: all columns of a part at once. */
final class EmbeddingGraph {

  /** An edge that no number reaches. */
  private static final double NEVER = Float.MAX_VALUE;

  private final Graph graph;
  private final Network.Node node;
  private final Layout layout;
  private final float[] theta;

  EmbeddingGraph(Graph graph, Network.Node node, Layout layout, float[] theta) {
    this.graph = graph;
    this.node = node;
    this.layout = layout;
    this.theta = theta;
  }

  /** {@return the name of what the embedding makes of rows, {@code [rows][outputs]}} */
  String of(Embedding embedding, String rows) {
    List<String> values = new ArrayList<>();
    for (Embedding.Part part : embedding.parts()) {
      long[] places = part.columns().stream().mapToLong(Integer::longValue).toArray();
      Attributes columns = Attributes.none().with("axis", 1);
      String x = graph.node("Gather", columns, rows, graph.longs(places, places.length));
      values.add(
          switch (part) {
            case Embedding.Pass pass -> x;
            case Embedding.Category category -> category(category, x);
            case Embedding.Periodic periodic -> periodic(periodic, x);
            case Embedding.PiecewiseLinear piecewise -> piecewise(piecewise, x);
          });
    }
    return values.size() == 1
        ? values.getFirst()
        : graph.node("Concat", Attributes.none().with("axis", 1), values.toArray(String[]::new));
  }

  private float[] tensor(String name) {
    Slot slot = layout.slot(node.name(name));
    return Arrays.copyOfRange(theta, slot.offset(), slot.end());
  }

  /** {@code [rows][columns][size]} as {@code [rows][columns · size]}. */
  private String flat(String values, Embedding.Part part) {
    long[] shape = {-1, (long) part.columns().size() * part.outputs()};
    return graph.node("Reshape", values, graph.longs(shape, 2));
  }

  private String transposed(String values) {
    return graph.node("Transpose", Attributes.none().with("perm", new long[] {1, 0, 2}), values);
  }

  /** {@code [rows][columns]} as {@code [rows][columns][1]}. */
  private String apart(String values) {
    return graph.node("Unsqueeze", values, graph.longs(new long[] {2}, 1));
  }

  /** The tables of all columns have two rows more: zeros, for −1, and NaN, for what is no value. */
  private String category(Embedding.Category category, String x) {
    int size = category.size();
    float[] tables = tensor(Embedding.Category.TABLE);
    int count = tables.length / size;
    float[] table = Arrays.copyOf(tables, tables.length + 2 * size);
    Arrays.fill(table, table.length - size, table.length, Float.NaN);
    int columns = category.columns().size();
    long[] first = new long[columns];
    float[] values = new float[columns];
    for (int c = 0; c < columns; c++) {
      values[c] = category.values().get(c);
      first[c] = c == 0 ? 0 : first[c - 1] + category.values().get(c - 1);
    }
    String number = graph.cast(x, Type.INT64);
    String isWhole = graph.node("Equal", x, graph.cast(number, Type.FLOAT));
    String isInside =
        graph.node(
            "And",
            graph.node("GreaterOrEqual", x, graph.floats(new float[1], 1)),
            graph.node("Less", x, graph.floats(values, columns)));
    String isNone = graph.node("Equal", x, graph.floats(new float[] {-1}, 1));
    String none = graph.longs(new long[] {count}, 1);
    String wrong = graph.longs(new long[] {count + 1}, 1);
    String row =
        graph.node(
            "Where",
            graph.node("And", isWhole, isInside),
            graph.node("Add", number, graph.longs(first, columns)),
            graph.node("Where", isNone, none, wrong));
    return flat(graph.node("Gather", graph.floats(table, count + 2, size), row), category);
  }

  /**
   * The angle in turns is rounded once, as a fused multiply-add does, and brought near 0 without
   * rounding.
   */
  private String periodic(Embedding.Periodic periodic, String x) {
    int columns = periodic.columns().size();
    int frequencies = periodic.frequencies();
    int products = periodic.outputs() - 1;
    String product =
        graph.node(
            "Mul",
            apart(graph.cast(x, Type.DOUBLE)),
            wide(tensor(Embedding.Periodic.FREQUENCY), columns, frequencies));
    String turns =
        graph.cast(
            graph.node(
                "Add", product, wide(tensor(Embedding.Periodic.PHASE), columns, frequencies)),
            Type.FLOAT);
    String rest = graph.node("Sub", turns, graph.node("Round", turns));
    String angle = graph.node("Mul", rest, graph.floats(new float[] {(float) (2 * Math.PI)}, 1));
    String cosines = transposed(graph.node("Cos", angle));
    String weight = graph.floats(tensor(Embedding.Periodic.WEIGHT), columns, frequencies, products);
    String bias = graph.floats(tensor(Embedding.Periodic.BIAS), columns, 1, products);
    String sums = transposed(graph.node("Add", graph.node("MatMul", cosines, weight), bias));
    return flat(graph.node("Concat", Attributes.none().with("axis", 2), apart(x), sums), periodic);
  }

  /** In {@code double}: close to an edge a difference is small beside its terms. */
  private String piecewise(Embedding.PiecewiseLinear piecewise, String x) {
    int columns = piecewise.columns().size();
    int size = piecewise.size();
    int bins = piecewise.edges().stream().mapToInt(edges -> edges.size() - 1).max().orElseThrow();
    double[] from = new double[columns * bins];
    double[] width = new double[columns * bins];
    double[] growth = new double[columns * bins * size];
    double[] lowest = new double[columns];
    double[] highest = new double[columns];
    Arrays.fill(from, NEVER);
    Arrays.fill(width, 1);
    float[] v = tensor(Embedding.PiecewiseLinear.BINS);
    int bin = 0;
    for (int c = 0; c < columns; c++) {
      List<Float> edges = piecewise.edges().get(c);
      lowest[c] = edges.getFirst();
      highest[c] = edges.getLast();
      for (int t = 0; t + 1 < edges.size(); t++, bin++) {
        int at = c * bins + t;
        from[at] = edges.get(t);
        width[at] = (double) edges.get(t + 1) - edges.get(t);
        for (int j = 0; j < size; j++) {
          growth[at * size + j] = v[bin * size + j];
        }
      }
    }
    String number = graph.cast(x, Type.DOUBLE);
    String inside =
        between(number, graph.doubles(lowest, columns), graph.doubles(highest, columns));
    String way =
        graph.node(
            "Div",
            graph.node("Sub", apart(number), graph.doubles(from, columns, bins)),
            graph.doubles(width, columns, bins));
    String share =
        between(way, graph.doubles(new double[] {0}, 1), graph.doubles(new double[] {1}, 1));
    String bends =
        transposed(
            graph.node("MatMul", transposed(share), graph.doubles(growth, columns, bins, size)));
    String slopes =
        graph.node(
            "Mul", apart(inside), wide(tensor(Embedding.PiecewiseLinear.SLOPE), columns, size));
    String line =
        graph.node("Add", slopes, wide(tensor(Embedding.PiecewiseLinear.INTERCEPT), columns, size));
    return flat(graph.cast(graph.node("Add", line, bends), Type.FLOAT), piecewise);
  }

  private String between(String value, String low, String high) {
    return graph.node("Min", graph.node("Max", value, low), high);
  }

  private String wide(float[] numbers, int... shape) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return graph.doubles(wide, shape);
  }
}
