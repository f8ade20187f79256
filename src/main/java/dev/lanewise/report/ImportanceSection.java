package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.learn.Importance;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Which columns a model's predictions depend on. */
final class ImportanceSection {

  /** The most columns that are permuted. */
  static final int MOST_COLUMNS = 100;

  /** The most columns that are drawn. */
  static final int MOST_DRAWN = 30;

  private static final int MOST_ROWS = 2000;
  private static final int LEAST_ROWS = 200;
  private static final int LEAST_COLUMNS = 20;
  private static final int REPEATS = 5;
  private static final long SEED = 0;

  /** So many products take as long as it does to judge one output of a row: its exponential. */
  private static final double JUDGING = 1000;

  /** The most products of a weight and an input that are spent. */
  private static final double MOST_WORK = 2e10;

  private final String set;
  private final TrainedModel model;
  private final Encoder encoder;
  private final Dataset rows;

  private ImportanceSection(String set, TrainedModel model, Encoder encoder, Dataset rows) {
    this.set = set;
    this.model = model;
    this.encoder = encoder;
    this.rows = rows;
  }

  /**
   * The importance of some columns.
   *
   * @param section the section
   * @param columns all columns that are features, the most important first
   */
  record Judged(Section section, List<String> columns) {}

  /**
   * {@return the importance}
   *
   * @param set the name of the set
   * @param model a model of a table
   * @param encoder its encoder
   * @param rows encoded rows with targets
   * @param evaluation the model's evaluation on them
   */
  static Judged of(
      String set, TrainedModel model, Encoder encoder, Dataset rows, Evaluation evaluation) {
    return new ImportanceSection(set, model, encoder, rows).judged(evaluation);
  }

  private Judged judged(Evaluation evaluation) {
    double each = parameters() + JUDGING * model.outputs();
    int most =
        (int) Math.clamp(MOST_WORK / (LEAST_ROWS * REPEATS * each), LEAST_COLUMNS, MOST_COLUMNS);
    List<String> byWeight = byWeight();
    Set<String> permuted =
        new LinkedHashSet<>(byWeight.subList(0, Math.min(most, byWeight.size())));
    int some =
        (int) Math.clamp(MOST_WORK / (permuted.size() * REPEATS * each), LEAST_ROWS, MOST_ROWS);
    int[] chosen = Sample.even(rows.rows(), some);
    Dataset sample = chosen.length < rows.rows() ? rows.select(chosen) : rows;
    String score = evaluation instanceof Evaluation.OfClasses ? "logLoss" : "rmse";
    Importance importance = Importance.of(model, sample, permuted, SEED, score, REPEATS);
    Set<String> columns = new LinkedHashSet<>();
    importance.columns().forEach(of -> columns.add(of.column()));
    columns.addAll(byWeight);
    Section section =
        Section.of(
            set + "-importance",
            "Importance of columns (%s)".formatted(set),
            chart(importance, byWeight.size(), chosen.length));
    return new Judged(section, List.copyOf(columns));
  }

  private Chart chart(Importance importance, int all, int sample) {
    List<Importance.OfColumn> of = importance.columns();
    List<Importance.OfColumn> shown = of.subList(0, Math.min(MOST_DRAWN, of.size()));
    String loss = importance.score().equals("logLoss") ? "log loss" : "RMSE";
    StringBuilder caption =
        new StringBuilder(
            "By how much the %s of %s rises when a column's values are permuted among the rows, so that it tells nothing: the mean of %d permutations with its 95 %% interval. Of columns that tell the same, each looks less important than they are together."
                .formatted(loss, Texts.number(importance.baseline()), REPEATS));
    if (of.size() < all) {
      caption.append(
          " Of %d columns these %d were permuted, whose weights in the first layer times their spread are largest."
              .formatted(all, of.size()));
    }
    if (shown.size() < of.size()) {
      caption.append(" The %d most important are drawn.".formatted(shown.size()));
    }
    if (sample < rows.rows()) {
      caption.append(" On %d of %d rows, evenly spaced.".formatted(sample, rows.rows()));
    }
    return BarChart.of(
            set + "-importance",
            "Permutation importance",
            caption.toString(),
            "column",
            shown.stream().map(Importance.OfColumn::column).toList(),
            Axis.of("rise of the " + loss))
        .lying()
        .bars("importance", shown.stream().mapToDouble(Importance.OfColumn::mean).toArray())
        .whiskers(
            "95 % interval",
            shown.stream().mapToDouble(Importance.OfColumn::low).toArray(),
            shown.stream().mapToDouble(Importance.OfColumn::high).toArray())
        .chart();
  }

  private List<Model> models() {
    return switch (model) {
      case Model one -> List.of(one);
      case Ensemble several -> several.models();
    };
  }

  private double parameters() {
    return models().stream().mapToDouble(of -> of.network().layout().size()).sum();
  }

  /**
   * {@return the columns that are features by what they add to the variance of the first layer's
   * outputs, the most first: Σ over their inputs of variance · Σ w²}
   */
  private List<String> byWeight() {
    double[] strengths = strengths();
    Map<String, Double> byName = new LinkedHashMap<>();
    int at = 0;
    for (Encoder part : encoder.parts()) {
      for (Column column : part.columns()) {
        for (int i = 0; i < column.encodedColumns(); i++) {
          byName.merge(column.name(), strengths[at++], Double::sum);
        }
      }
    }
    List<String> names = new ArrayList<>(byName.keySet());
    names.sort(Comparator.comparingDouble(name -> -byName.get(name)));
    return names;
  }

  /** {@return variance · Σ w² of each input; several models have the same inputs or their own} */
  private double[] strengths() {
    int[] some = Sample.even(rows.rows(), MOST_ROWS);
    double[] strengths = new double[rows.columns()];
    int from = 0;
    for (Model of : models()) {
      int[] columns = columns(of.network());
      double[] variances = variances(of, some, from);
      Slot weights = of.network().layout().slot("dense1.weight");
      float[] parameters = of.parameters();
      for (int i = 0; i < columns.length; i++) {
        double squares = 0;
        for (int u = 0; u < weights.columns(); u++) {
          double w = parameters[weights.offset() + i * weights.columns() + u];
          squares += w * w;
        }
        strengths[from + columns[i]] += variances[i] * squares;
      }
      from = of.columns() == strengths.length ? 0 : from + of.columns();
    }
    return strengths;
  }

  /** {@return the network's input that each input of the first dense layer is made of} */
  private static int[] columns(Network network) {
    return network.layers().getFirst() instanceof Embedding embedding
        ? embedding.parts().stream()
            .flatMap(
                part ->
                    part.columns().stream()
                        .flatMap(c -> Collections.nCopies(part.outputs(), c).stream()))
            .mapToInt(Integer::intValue)
            .toArray()
        : IntStream.range(0, network.inputs()).toArray();
  }

  /** {@return the variances of what an embedding makes of some rows, or of their columns} */
  private double[] variances(Model of, int[] some, int from) {
    double[][] x = new double[some.length][of.columns()];
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < x[r].length; c++) {
        x[r][c] = rows.features()[some[r] * rows.columns() + from + c];
      }
    }
    if (of.network().layers().getFirst() instanceof Embedding) {
      double[] theta = ReferenceNetwork.widen(of.parameters());
      x = new ReferenceNetwork(of.network()).layerValues(theta, x).getFirst().outputs();
    }
    double[] variances = new double[x[0].length];
    for (int c = 0; c < variances.length; c++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : x) {
        sum += row[c];
        squares += row[c] * row[c];
      }
      double mean = sum / x.length;
      variances[c] = Math.max(0, squares / x.length - mean * mean);
    }
    return variances;
  }
}
