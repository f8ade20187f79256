package dev.lanewise.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The metrics of predictions for labelled rows: of classes ({@link OfClasses}) or of values ({@link
 * OfValues}). All are computed in {@code double}; weights of rows are ignored. Immutable; prints as
 * a table.
 */
public sealed interface Evaluation {

  /** {@return the number of rows, at least 1} */
  int rows();

  /**
   * {@return the scores that are one number, by name, those that are defined} Of classes: {@code
   * accuracy, logLoss, auc, macroPrecision, macroRecall, macroF1, ece, brier}; of values: {@code
   * rmse, mae, r2}.
   */
  Map<String, Double> scores();

  /**
   * Judges classes by a network's logits. The names of the classes are their numbers until {@link
   * OfClasses#withLabels} gives others.
   *
   * @param logits {@code [rows][outputs]}, finite, not divided by the temperature; the array may be
   *     longer
   * @param outputs the number of outputs: 1 for two classes by a sigmoid, else one for each class
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of rows, at least 1
   * @param temperature what logits are divided by before they become probabilities
   * @param threshold the least probability with which a row is taken for the second of two classes;
   *     at 0.5 the sign of the logit decides
   * @return the evaluation
   * @throws IllegalArgumentException if an array is too short, a logit is not finite, a target no
   *     class, or several classes have another threshold than 0.5
   */
  static OfClasses ofLogits(
      float[] logits,
      int outputs,
      float[] targets,
      int rows,
      Temperature temperature,
      Threshold threshold) {
    Rows.check(rows, "logits", logits, outputs);
    Rows.check(rows, "targets", targets, 1);
    Objects.requireNonNull(temperature, "temperature");
    return new Judging(Math.max(2, outputs), rows, threshold)
        .ofLogits(logits, outputs, targets, temperature);
  }

  /**
   * Judges classes by probabilities, as an ensemble's mean gives them. The log loss of a row whose
   * class has the probability 0 is taken for that of the least {@code double} above.
   *
   * @param probabilities {@code [rows][classes]}, in [0, 1], a column for each class also of two;
   *     the array may be longer
   * @param classes the number of classes, at least 2
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of rows, at least 1
   * @param threshold the least probability with which a row is taken for the second of two classes;
   *     at 0.5 the larger probability decides, the second of equal ones
   * @return the evaluation
   * @throws IllegalArgumentException if an array is too short, a number is no probability, a target
   *     no class, or several classes have another threshold than 0.5
   */
  static OfClasses ofProbabilities(
      double[] probabilities, int classes, float[] targets, int rows, Threshold threshold) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: %d; expected at least 2".formatted(classes));
    }
    Rows.check(rows, "probabilities", probabilities, classes);
    Rows.check(rows, "targets", targets, 1);
    return new Judging(classes, rows, threshold).ofProbabilities(probabilities, targets);
  }

  /**
   * Judges values.
   *
   * @param predicted p {@code [rows][columns]} in original units, finite; the array may be longer
   * @param actual y {@code [rows][columns]} in original units, finite; the array may be longer
   * @param rows the number of rows, at least 1
   * @param columns the values of a row, at least 1
   * @return the evaluation
   * @throws IllegalArgumentException if an array is too short or a value is not finite
   */
  static OfValues ofValues(double[] predicted, double[] actual, int rows, int columns) {
    return new OfValues(numbered(columns, 1), Regression.of(predicted, actual, rows, columns));
  }

  private static List<String> numbered(int count, int from) {
    return IntStream.range(from, from + count).mapToObj(Integer::toString).toList();
  }

  private static List<String> renamed(List<String> names, int expected) {
    List<String> copy = List.copyOf(Objects.requireNonNull(names, "names"));
    if (copy.size() != expected) {
      throw new IllegalArgumentException("names: %s; expected %d".formatted(copy, expected));
    }
    return copy;
  }

  /** The metrics of predicted classes. */
  final class OfClasses implements Evaluation {

    /** The most points of a {@link #curve}. */
    public static final int MOST_POINTS = 1000;

    private static final int MOST_CLASSES_PRINTED = 30;

    private final List<String> labels;
    private final Classification classification;
    private final ConfusionMatrix confusion;
    private final Calibration calibration;
    private final List<CurvePoint> curve;

    OfClasses(
        List<String> labels,
        Classification classification,
        ConfusionMatrix confusion,
        Calibration calibration,
        List<CurvePoint> curve) {
      this.labels = labels;
      this.classification = classification;
      this.confusion = confusion;
      this.calibration = calibration;
      this.curve = curve;
    }

    /**
     * {@return this evaluation with names of the classes}
     *
     * @param names a name for each class, in the order of their numbers
     * @throws IllegalArgumentException if there are more or fewer
     */
    public OfClasses withLabels(List<String> names) {
      return new OfClasses(
          renamed(names, labels.size()), classification, confusion, calibration, curve);
    }

    /** {@return the names of the classes in the order of their numbers} */
    public List<String> labels() {
      return labels;
    }

    @Override
    public int rows() {
      return classification.rows();
    }

    /** {@return the share of rows whose predicted class is the true one} */
    public double accuracy() {
      return classification.accuracy();
    }

    /** {@return correct rows, log loss, AUC} */
    public Classification classification() {
      return classification;
    }

    /** {@return the counts by true and predicted class, with all scores that follow from them} */
    public ConfusionMatrix confusion() {
      return confusion;
    }

    /** {@return how well probabilities agree with frequencies} */
    public Calibration calibration() {
      return calibration;
    }

    /** {@return precision and recall of each class, in the order of {@link #labels}} */
    public List<ClassScores> classes() {
      return IntStream.range(0, labels.size()).mapToObj(this::scoresOf).toList();
    }

    /**
     * {@return precision and recall of a class}
     *
     * @param label the class's name
     * @throws IllegalArgumentException if there is none of that name
     */
    public ClassScores scoresOf(String label) {
      int number = labels.indexOf(Objects.requireNonNull(label, "label"));
      if (number < 0) {
        throw new IllegalArgumentException(
            "label: %s; expected one of %s".formatted(label, labels));
      }
      return scoresOf(number);
    }

    private ClassScores scoresOf(int number) {
      return new ClassScores(
          labels.get(number),
          confusion.precision(number),
          confusion.recall(number),
          confusion.f1(number),
          confusion.support(number));
    }

    /** {@return the means of the classes' scores, with the same weight for each class} */
    public ClassScores macro() {
      return new ClassScores(
          "macro mean",
          confusion.macroPrecision(),
          confusion.macroRecall(),
          confusion.macroF1(),
          rows());
    }

    /** {@return the means of the classes' scores, weighted by support} */
    public ClassScores weighted() {
      return new ClassScores(
          "weighted mean",
          weighted(ClassScores::precision),
          weighted(ClassScores::recall),
          weighted(ClassScores::f1),
          rows());
    }

    private double weighted(ToDoubleFunction<ClassScores> score) {
      double sum = 0;
      for (ClassScores of : classes()) {
        sum += score.applyAsDouble(of) * of.support();
      }
      return sum / rows();
    }

    /**
     * {@return the counts for each threshold on the probability of the second of two classes, from
     * the highest threshold down; empty for more classes} There is a point for each distinct
     * probability p, which takes the rows of at least p for positive; of more than {@value
     * #MOST_POINTS} distinct ones, so many at equal steps, the first and the last among them. A ROC
     * curve begins at (0, 0), where no row is taken for positive, and goes on through these points.
     * A {@link ThresholdCurve} has them all.
     */
    public List<CurvePoint> curve() {
      return curve;
    }

    @Override
    public Map<String, Double> scores() {
      Map<String, Double> scores = new LinkedHashMap<>();
      scores.put("accuracy", accuracy());
      scores.put("logLoss", classification.logLoss());
      classification.auc().ifPresent(auc -> scores.put("auc", auc));
      scores.put("macroPrecision", confusion.macroPrecision());
      scores.put("macroRecall", confusion.macroRecall());
      scores.put("macroF1", confusion.macroF1());
      scores.put("ece", calibration.ece());
      scores.put("brier", calibration.brier());
      return scores;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfClasses that
          && labels.equals(that.labels)
          && classification.equals(that.classification)
          && confusion.equals(that.confusion)
          && calibration.equals(that.calibration)
          && curve.equals(that.curve);
    }

    @Override
    public int hashCode() {
      return Objects.hash(labels, classification, confusion, calibration, curve);
    }

    /** {@return the scores, a line for each class, and the confusion matrix of up to 30 classes} */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(summary(this));
      int width = width(labels, 16);
      String head = "%n%n%-" + width + "s%11s%11s%11s%11s";
      text.append(head.formatted("class", "precision", "recall", "F1", "rows"));
      List<ClassScores> lines = new ArrayList<>(classes());
      lines.add(macro());
      lines.add(weighted());
      String line = "%n%-" + width + "s%11.4f%11.4f%11.4f%11d";
      for (ClassScores of : lines) {
        text.append(
            String.format(
                Locale.ROOT, line, of.label(), of.precision(), of.recall(), of.f1(), of.support()));
      }
      return labels.size() > MOST_CLASSES_PRINTED
          ? text.toString()
          : text.append(confusionTable(width)).toString();
    }

    private String confusionTable(int width) {
      int column = Math.max(9, width(labels, 7) + 2);
      String head = "%-" + width + "s";
      StringBuilder text = new StringBuilder("%n%n".formatted());
      text.append(head.formatted("true, taken for"));
      labels.forEach(label -> text.append(right(label, column)));
      for (int actual = 0; actual < labels.size(); actual++) {
        text.append("%n".formatted()).append(head.formatted(labels.get(actual)));
        for (int predicted = 0; predicted < labels.size(); predicted++) {
          text.append(right(Integer.toString(confusion.count(actual, predicted)), column));
        }
      }
      return text.toString();
    }

    private static String right(String text, int width) {
      return " ".repeat(Math.max(1, width - text.length())) + text;
    }
  }

  /**
   * The precision, recall, F1 and support of one class.
   *
   * @param label its name
   * @param precision the share of right ones among the rows predicted as the class; 0 if there are
   *     none
   * @param recall the share of the class's rows that were found; 0 if there are none
   * @param f1 the harmonic mean of both; 0 where there is nothing to divide by
   * @param support the rows of the class
   */
  record ClassScores(String label, double precision, double recall, double f1, int support) {

    /** Creates the scores; the numbers are not checked. */
    public ClassScores {
      Objects.requireNonNull(label, "label");
    }
  }

  /**
   * The counts for one threshold on a score, as the probability of the second of two classes.
   *
   * @param threshold the score from which on a row is taken for positive
   * @param truePositives the positive rows among those
   * @param falsePositives the others among those
   * @param positives all positive rows
   * @param negatives all other rows
   */
  record CurvePoint(
      double threshold, int truePositives, int falsePositives, int positives, int negatives) {

    /** {@return TP / (TP + FP)} */
    public double precision() {
      return ConfusionMatrix.ratio(truePositives, (long) truePositives + falsePositives);
    }

    /** {@return TP / (TP + FN), the true positive rate; 0 without positive rows} */
    public double recall() {
      return ConfusionMatrix.ratio(truePositives, positives);
    }

    /** {@return FP / (FP + TN); 0 without negative rows} */
    public double falsePositiveRate() {
      return ConfusionMatrix.ratio(falsePositives, negatives);
    }

    /** {@return 2·TP / (2·TP + FP + FN)} */
    public double f1() {
      return ConfusionMatrix.ratio(
          2L * truePositives, (long) truePositives + falsePositives + positives);
    }

    /** {@return the share of correct rows, (TP + TN) / n} */
    public double accuracy() {
      return ConfusionMatrix.ratio(
          (long) truePositives + negatives - falsePositives, (long) positives + negatives);
    }
  }

  /** The metrics of predicted values. */
  final class OfValues implements Evaluation {

    private final List<String> names;
    private final Regression regression;

    OfValues(List<String> names, Regression regression) {
      this.names = names;
      this.regression = regression;
    }

    /**
     * {@return this evaluation with names of the columns}
     *
     * @param names a name for each column, in their order
     * @throws IllegalArgumentException if there are more or fewer
     */
    public OfValues withNames(List<String> names) {
      return new OfValues(renamed(names, this.names.size()), regression);
    }

    /** {@return the names of the columns; their numbers from 1 until others are given} */
    public List<String> names() {
      return names;
    }

    @Override
    public int rows() {
      return regression.rows();
    }

    /** {@return RMSE, MAE and R², over all columns and column by column} */
    public Regression regression() {
      return regression;
    }

    @Override
    public Map<String, Double> scores() {
      Map<String, Double> scores = new LinkedHashMap<>();
      scores.put("rmse", regression.rmse());
      scores.put("mae", regression.mae());
      regression.r2().ifPresent(r2 -> scores.put("r2", r2));
      return scores;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfValues that
          && names.equals(that.names)
          && regression.equals(that.regression);
    }

    @Override
    public int hashCode() {
      return Objects.hash(names, regression);
    }

    /** {@return the scores, and of several columns a line for each} */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(summary(this));
      if (names.size() > 1) {
        int width = width(names, 6);
        String head = "%n%n%-" + width + "s%12s%12s%12s";
        text.append(head.formatted("column", "rmse", "mae", "r2"));
        String line = "%n%-" + width + "s%12.5g%12.5g%12s";
        for (int c = 0; c < names.size(); c++) {
          Regression.Column of = regression.columns().get(c);
          String r2 =
              of.r2().isPresent() ? String.format(Locale.ROOT, "%.4f", of.r2().getAsDouble()) : "";
          text.append(String.format(Locale.ROOT, line, names.get(c), of.rmse(), of.mae(), r2));
        }
      }
      return text.toString();
    }
  }

  private static String summary(Evaluation of) {
    StringBuilder text = new StringBuilder("rows " + of.rows());
    of.scores()
        .forEach(
            (name, score) -> text.append(String.format(Locale.ROOT, "  %s %.5g", name, score)));
    return text.toString();
  }

  private static int width(List<String> names, int least) {
    return Math.max(least, names.stream().mapToInt(String::length).max().orElse(0));
  }
}
