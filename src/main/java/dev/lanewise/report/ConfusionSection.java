package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.metric.ConfusionMatrix;
import dev.lanewise.metric.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which classes are taken for which: the confusion matrix, its pairs, and the scores by class. */
final class ConfusionSection {

  /** The most classes of the matrix. */
  static final int MOST_CLASSES = 20;

  /** The most pairs of classes that are listed. */
  static final int MOST_PAIRS = 15;

  /** The most classes whose scores are listed. */
  static final int MOST_SCORES = 40;

  private final String set;
  private final List<String> labels;
  private final Evaluation.OfClasses evaluation;
  private final ConfusionMatrix confusion;

  private ConfusionSection(String set, Evaluation.OfClasses evaluation) {
    this.set = set;
    this.evaluation = evaluation;
    labels = evaluation.labels();
    confusion = evaluation.confusion();
  }

  /** A class that was taken for another. */
  private record Pair(int actual, int predicted, int rows) {}

  static Section of(String set, Evaluation.OfClasses evaluation) {
    ConfusionSection of = new ConfusionSection(set, evaluation);
    List<Part> parts = new ArrayList<>();
    parts.add(of.matrix());
    parts.addAll(of.mostConfused());
    parts.addAll(of.scores());
    return new Section(set + "-classes", "Classes (%s)".formatted(set), parts);
  }

  private Chart matrix() {
    int[] shown = mostConfusedClasses();
    List<String> names = IntStream.of(shown).mapToObj(labels::get).toList();
    double[][] counts = new double[shown.length][shown.length];
    double[][] shares = new double[shown.length][shown.length];
    for (int i = 0; i < shown.length; i++) {
      int support = confusion.support(shown[i]);
      for (int j = 0; j < shown.length; j++) {
        counts[i][j] = confusion.count(shown[i], shown[j]);
        shares[i][j] = support == 0 ? Double.NaN : counts[i][j] / support;
      }
    }
    String caption =
        "Rows by their true class, from the top, and the class they are taken for. Each cell has"
            + " its number of rows and is coloured by their share of the true class; the diagonal"
            + " is right.";
    if (shown.length < labels.size()) {
      caption +=
          " Of %d classes these are the %d with the most confused rows; rows of or taken for others"
                  .formatted(labels.size(), shown.length)
              + " are not in it.";
    }
    return HeatMap.of(
        set + "-confusion",
        "Confusion matrix",
        caption,
        "true class",
        names,
        "taken for",
        names,
        "rows",
        counts,
        "share of the true class",
        shares);
  }

  /** {@return the classes with the most rows in wrong cells, in their usual order} */
  private int[] mostConfusedClasses() {
    int classes = labels.size();
    long[] wrong = new long[classes];
    for (int a = 0; a < classes; a++) {
      for (int p = 0; p < classes; p++) {
        if (a != p) {
          wrong[a] += confusion.count(a, p);
          wrong[p] += confusion.count(a, p);
        }
      }
    }
    return IntStream.range(0, classes)
        .boxed()
        .sorted(Comparator.comparing((Integer c) -> -wrong[c]))
        .limit(MOST_CLASSES)
        .sorted()
        .mapToInt(c -> c)
        .toArray();
  }

  private List<Part> mostConfused() {
    List<Pair> pairs = pairs();
    if (pairs.isEmpty()) {
      return List.of(new Prose("No row is taken for another class than its own."));
    }
    List<List<Json>> rows = new ArrayList<>();
    for (Pair pair : pairs.subList(0, Math.min(MOST_PAIRS, pairs.size()))) {
      rows.add(
          List.of(
              Grid.cell(Texts.cut(labels.get(pair.actual()))),
              Grid.cell(Texts.cut(labels.get(pair.predicted()))),
              Grid.cell(pair.rows()),
              Texts.cell((double) pair.rows() / confusion.support(pair.actual()))));
    }
    String which =
        pairs.size() > rows.size()
            ? "The %d most confused pairs of %d:".formatted(rows.size(), pairs.size())
            : "The confused pairs, the most frequent first:";
    List<String> columns = List.of("true class", "taken for", "rows", "share of the true class");
    return List.of(new Prose(which), new Grid(columns, rows));
  }

  /** {@return all pairs that there are, the most frequent first} */
  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < labels.size(); a++) {
      for (int p = 0; p < labels.size(); p++) {
        if (a != p && confusion.count(a, p) > 0) {
          pairs.add(new Pair(a, p, confusion.count(a, p)));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(Pair::rows).reversed());
    return pairs;
  }

  private List<Part> scores() {
    List<Evaluation.ClassScores> classes = evaluation.classes();
    List<Evaluation.ClassScores> shown = new ArrayList<>(classes);
    String which = "Precision, recall and F1 by class:";
    if (classes.size() > MOST_SCORES) {
      shown.sort(Comparator.comparingDouble(Evaluation.ClassScores::f1));
      shown.subList(MOST_SCORES, shown.size()).clear();
      which =
          "Precision, recall and F1 of the %d classes with the lowest F1 of %d:"
              .formatted(MOST_SCORES, classes.size());
    }
    shown.add(evaluation.macro());
    shown.add(evaluation.weighted());
    List<List<Json>> rows = new ArrayList<>();
    for (Evaluation.ClassScores of : shown) {
      rows.add(
          List.of(
              Grid.cell(Texts.cut(of.label())),
              Texts.cell(of.precision()),
              Texts.cell(of.recall()),
              Texts.cell(of.f1()),
              Grid.cell(of.support())));
    }
    return List.of(
        new Prose(which), new Grid(List.of("class", "precision", "recall", "F1", "rows"), rows));
  }
}
