package dev.lanewise.onnx;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.onnx.Graph.Attributes;
import dev.lanewise.onnx.Graph.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the encoded rows of a model or an ensemble to its predictions. The means of members and
 * models are taken of logarithms of probabilities, so that no probability is too small for them.
 */
final class PredictionGraph {

  private final Graph graph;
  private final TrainedModel model;

  PredictionGraph(Graph graph, TrainedModel model) {
    this.graph = graph;
    this.model = model;
  }

  /** Whether probabilities are predicted, not values. */
  private boolean ofProbabilities() {
    return model.link() == Loss.Link.SIGMOID || model.link() == Loss.Link.SOFTMAX;
  }

  /** Predicts what predictors do: probabilities, one of two classes, or values. */
  void predict(String rows) {
    if (ofProbabilities()) {
      String probabilities = probabilities(tempered(logits(rows), model.temperature()));
      graph.output("probabilities", Type.FLOAT, model.outputs(), probabilities);
    } else {
      predictValues(rows);
    }
  }

  private void predictValues(String rows) {
    graph.output("values", Type.FLOAT, model.outputs(), graph.cast(values(rows), Type.FLOAT));
  }

  /** Decides as decisions do: the label, and the probabilities of all labels; or values. */
  void decide(String rows, Target target) {
    if (!(target instanceof Target.Classes classes)) {
      predictValues(rows);
      return;
    }
    String logits = logits(rows);
    String tempered = tempered(logits, model.temperature());
    String probabilities = probabilities(tempered);
    String chosen;
    if (model.outputs() == 1) {
      Threshold threshold = model.threshold();
      String isSecond =
          threshold.equals(Threshold.HALF)
              ? graph.node("GreaterOrEqual", logits, number(0))
              : graph.node("GreaterOrEqual", probabilities, number(threshold.probability()));
      chosen =
          graph.node("Squeeze", graph.cast(isSecond, Type.INT64), graph.longs(new long[] {1}, 1));
      String other = probabilities(graph.node("Neg", tempered));
      probabilities = graph.node("Concat", Attributes.none().with("axis", 1), other, probabilities);
    } else {
      chosen = graph.node("ArgMax", Attributes.none().with("axis", 1).with("keepdims", 0), logits);
    }
    List<String> labels = classes.labels();
    Optional<long[]> numbers = numbers(labels);
    String names =
        numbers.isPresent() ? graph.longs(numbers.get(), labels.size()) : graph.strings(labels);
    graph.output(
        "label",
        numbers.isPresent() ? Type.INT64 : Type.STRING,
        0,
        graph.node("Gather", names, chosen));
    graph.output("probabilities", Type.FLOAT, labels.size(), probabilities);
  }

  /** {@return the labels as whole numbers, if all are spelled as such} */
  private static Optional<long[]> numbers(List<String> labels) {
    long[] numbers = new long[labels.size()];
    for (int i = 0; i < numbers.length; i++) {
      String label = labels.get(i);
      try {
        numbers[i] = Long.parseLong(label);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
      if (!label.equals(Long.toString(numbers[i]))) {
        return Optional.empty();
      }
    }
    return Optional.of(numbers);
  }

  private String number(float number) {
    return graph.floats(new float[] {number}, 1);
  }

  private String tempered(String logits, Temperature temperature) {
    return temperature.equals(Temperature.NONE)
        ? logits
        : graph.node("Div", logits, number(temperature.value()));
  }

  private String probabilities(String logits) {
    return model.link() == Loss.Link.SIGMOID
        ? graph.node("Sigmoid", logits)
        : graph.node("Softmax", Attributes.none().with("axis", -1), logits);
  }

  /** A model's columns of the rows. */
  private record Part(Model model, String rows) {}

  private List<Part> parts(String rows) {
    if (model instanceof Model one) {
      return List.of(new Part(one, rows));
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (Model one : ((Ensemble) model).models()) {
      String its = one.columns() == model.columns() ? rows : slice(rows, from, one.columns());
      from += one.columns();
      parts.add(new Part(one, its));
    }
    return parts;
  }

  private String slice(String rows, int from, int columns) {
    return graph.node(
        "Slice",
        rows,
        graph.longs(new long[] {from}, 1),
        graph.longs(new long[] {from + columns}, 1),
        graph.longs(new long[] {1}, 1));
  }

  /** The logits before the model's temperature, {@code [rows][outputs]}. */
  private String logits(String rows) {
    if (model instanceof Model one) {
      return logits(one, rows);
    }
    List<String> all = new ArrayList<>();
    for (Part part : parts(rows)) {
      String logits = tempered(logits(part.model, part.rows), part.model.temperature());
      all.add(graph.node("Unsqueeze", logits, graph.longs(new long[] {0}, 1)));
    }
    String stacked =
        graph.node("Concat", Attributes.none().with("axis", 0), all.toArray(String[]::new));
    double[] weights = ((Ensemble) model).weights();
    float[] logarithms = new float[weights.length];
    for (int m = 0; m < weights.length; m++) {
      logarithms[m] = (float) StrictMath.log(weights[m]);
    }
    return merged(
        model.link(), stacked, Optional.of(graph.floats(logarithms, weights.length, 1, 1)));
  }

  private String logits(Model one, String rows) {
    String scores = NetworkGraph.scores(graph, one.network(), one.parameters(), rows);
    boolean isStacked = one.network().layers().stream().anyMatch(Members.class::isInstance);
    return isStacked ? merged(one.link(), scores, Optional.empty()) : scores;
  }

  /**
   * Merges logits {@code [members][rows][outputs]}: those of the mean probability, but for what is
   * the same for all classes.
   *
   * @param logarithms those of the weights; none if these are the same
   */
  private String merged(Loss.Link link, String logits, Optional<String> logarithms) {
    return switch (link) {
      case SIGMOID ->
          graph.node(
              "Sub",
              logSum(logOfSigmoid(logits), logarithms),
              logSum(logOfSigmoid(graph.node("Neg", logits)), logarithms));
      case SOFTMAX ->
          logSum(graph.node("LogSoftmax", Attributes.none().with("axis", -1), logits), logarithms);
      case IDENTITY -> graph.node("ReduceMean", firstAxis(), logits);
      case EXP ->
          graph.node("Log", graph.node("ReduceMean", firstAxis(), graph.node("Exp", logits)));
    };
  }

  private static Attributes firstAxis() {
    return Attributes.none().with("axes", new long[] {0}).with("keepdims", 0);
  }

  private String logOfSigmoid(String logits) {
    return graph.node("Neg", graph.node("Softplus", graph.node("Neg", logits)));
  }

  private String logSum(String terms, Optional<String> logarithms) {
    String weighted = logarithms.map(added -> graph.node("Add", terms, added)).orElse(terms);
    return graph.node("ReduceLogSumExp", firstAxis(), weighted);
  }

  /** The values in original units, in {@code double}. */
  private String values(String rows) {
    if (model instanceof Model one) {
      return values(one, rows);
    }
    double[] weights = ((Ensemble) model).weights();
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    String sum = null;
    int m = 0;
    for (Part part : parts(rows)) {
      String share = graph.doubles(new double[] {weights[m++] / total}, 1);
      String term = graph.node("Mul", values(part.model, part.rows), share);
      sum = sum == null ? term : graph.node("Add", sum, term);
    }
    return sum;
  }

  private String values(Model one, String rows) {
    String logits = logits(one, rows);
    boolean isLog = one.link() == Loss.Link.EXP;
    String values = graph.cast(isLog ? graph.node("Exp", logits) : logits, Type.DOUBLE);
    Optional<Target.Values> target =
        one.encoder()
            .map(Encoder::target)
            .filter(Target.Values.class::isInstance)
            .map(Target.Values.class::cast);
    if (target.isEmpty()) {
      return values;
    }
    int columns = target.get().columns();
    if (!isLog && target.get().isScaled()) {
      String spread = graph.doubles(target.get().scale().spread(), columns);
      String centre = graph.doubles(target.get().scale().centre(), columns);
      values = graph.node("Add", graph.node("Mul", values, spread), centre);
    }
    if (!target.get().ranges().isEmpty()) {
      Stream<Column.Range> ranges = target.get().ranges().stream();
      String low = graph.doubles(ranges.mapToDouble(Column.Range::min).toArray(), columns);
      ranges = target.get().ranges().stream();
      String high = graph.doubles(ranges.mapToDouble(Column.Range::max).toArray(), columns);
      values = graph.node("Min", graph.node("Max", values, low), high);
    }
    return values;
  }
}
