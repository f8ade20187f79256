package dev.lanewise.report;

import dev.lanewise.metric.Evaluation.CurvePoint;
import dev.lanewise.metric.ThresholdCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How well scores tell classes apart: ROC and precision–recall curves, and for two classes what
 * each threshold gives.
 */
final class CurveSection {

  /** The most points that are drawn of a curve. */
  static final int MOST_POINTS = 250;

  /** The most classes against the rest that are drawn. */
  static final int MOST_CLASSES = 5;

  /** The most probabilities that the curves of several classes are counted from. */
  private static final long MOST_NUMBERS = 50_000_000;

  private static final int GRID = 101;

  private final String set;
  private final JudgedClasses judged;
  private final List<String> labels;

  private CurveSection(String set, JudgedClasses judged) {
    this.set = set;
    this.judged = judged;
    labels = judged.evaluation().labels();
  }

  static Section of(String set, JudgedClasses judged) {
    CurveSection of = new CurveSection(set, judged);
    return new Section(
        set + "-curves",
        "Thresholds (%s)".formatted(set),
        judged.classes() == 2 ? of.ofTwo() : of.ofSeveral());
  }

  /** Where a class against the rest is judged. */
  private record OfClass(String label, ThresholdCurve curve) {

    double auc() {
      return curve.auc().orElse(Double.NaN);
    }
  }

  private ThresholdCurve curve(int number, int[] rows) {
    double[] scores = new double[rows.length];
    float[] targets = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      scores[i] = judged.score(rows[i], number);
      targets[i] = judged.actual(rows[i]) == number ? 1 : 0;
    }
    return ThresholdCurve.of(scores, targets, rows.length);
  }

  // ---- two classes

  private List<Part> ofTwo() {
    ThresholdCurve all = curve(1, Sample.even(judged.rows(), judged.rows()));
    String positive = labels.get(1);
    if (all.auc().isEmpty()) {
      return List.of(
          new Prose(
              "All rows are of one class, %s: there is nothing to tell apart."
                  .formatted(all.positives() == 0 ? labels.get(0) : positive)));
    }
    ThresholdCurve some = all.thinned(MOST_POINTS);
    String thinned =
        some.points().size() < all.points().size()
            ? " Counted from all rows; %d of %d points are drawn, the corners of its hull among them."
                .formatted(some.points().size(), all.points().size())
            : "";
    CurvePoint chosen = chosen(all);
    String at = "at the threshold " + Texts.number(chosen.threshold());
    XyChart roc =
        XyChart.of(
                set + "-roc",
                "ROC curve",
                ("The share of rows of %s that are found, against the share of other rows taken for"
                        + " it, from threshold to threshold. The area under it, %s, is the chance"
                        + " that a row of %s has a higher score than another; guessing gives the"
                        + " dashed line.%s")
                    .formatted(positive, Texts.number(all.auc().getAsDouble()), positive, thinned),
                share("false positive rate"),
                share("recall"))
            .line(
                "ROC",
                from(0, some, CurvePoint::falsePositiveRate),
                from(0, some, CurvePoint::recall))
            .dashed("guessing", new double[] {0, 1}, new double[] {0, 1})
            .points(at, one(chosen.falsePositiveRate()), one(chosen.recall()));
    double base = (double) all.positives() / judged.rows();
    XyChart precision =
        XyChart.of(
                set + "-precision-recall",
                "Precision and recall",
                ("How many of the rows taken for %s are right, against how many of its rows are"
                        + " found. The average precision is %s; guessing gives %s, the share of"
                        + " %s, whatever the recall.%s")
                    .formatted(
                        positive,
                        Texts.number(all.averagePrecision().orElseThrow()),
                        Texts.number(base),
                        positive,
                        thinned),
                share("recall"),
                share("precision"))
            .line("precision", of(some, CurvePoint::recall), of(some, CurvePoint::precision))
            .dashed("guessing", new double[] {0, 1}, new double[] {base, base});
    if (chosen.truePositives() + chosen.falsePositives() > 0) {
      precision.points(at, one(chosen.recall()), one(chosen.precision()));
    }
    return List.of(
        new Beside(List.of(roc.chart(), precision.chart())),
        thresholds(positive, some, chosen.threshold(), thinned));
  }

  /** {@return the counts at the model's threshold, which are those of the confusion matrix} */
  private CurvePoint chosen(ThresholdCurve all) {
    return new CurvePoint(
        judged.threshold(),
        judged.evaluation().confusion().count(1, 1),
        judged.evaluation().confusion().count(0, 1),
        all.positives(),
        all.negatives());
  }

  /**
   * From one distinct probability, exclusive, to the next, inclusive, the same rows are positive: a
   * point's counts hold from the next lower point's threshold on.
   */
  private Chart thresholds(String positive, ThresholdCurve some, double threshold, String thinned) {
    List<CurvePoint> points = some.points().reversed();
    int count = points.size();
    double[] xs = new double[count + 2];
    double[][] ys = new double[4][count + 2];
    CurvePoint none =
        new CurvePoint(1, 0, 0, some.positives(), some.negatives()); // above all probabilities
    for (int i = 0; i <= count; i++) {
      CurvePoint next = i < count ? points.get(i) : none;
      xs[i] = i == 0 ? 0 : judged.probabilityOf(points.get(i - 1).threshold());
      ys[0][i] = i < count ? next.precision() : Double.NaN;
      ys[1][i] = next.recall();
      ys[2][i] = next.f1();
      ys[3][i] = next.accuracy();
    }
    xs[count + 1] = 1;
    for (double[] of : ys) {
      of[count + 1] = of[count];
    }
    return XyChart.of(
            set + "-thresholds",
            "What a threshold gives",
            ("Precision, recall and F1 of %s and the accuracy, against the probability from which"
                    + " on a row is taken for %s. The model's threshold is %s.%s")
                .formatted(positive, positive, Texts.number(threshold), thinned),
            share("threshold"),
            share("score"))
        .steps("precision", xs, ys[0])
        .steps("recall", xs, ys[1])
        .steps("F1", xs, ys[2])
        .steps("accuracy", xs, ys[3])
        .vertical("threshold", threshold)
        .chart();
  }

  // ---- several classes

  private List<Part> ofSeveral() {
    int most = Math.clamp(MOST_NUMBERS / judged.classes(), 1, Integer.MAX_VALUE);
    int[] rows = Sample.even(judged.rows(), most);
    double[] grid = new double[GRID];
    Arrays.setAll(grid, i -> i / (GRID - 1.0));
    double[] recall = new double[GRID];
    double[] precision = new double[GRID];
    List<OfClass> all = new ArrayList<>();
    double aucs = 0;
    double precisions = 0;
    for (int c = 0; c < judged.classes(); c++) {
      ThresholdCurve curve = curve(c, rows);
      if (curve.auc().isPresent()) {
        addRecall(curve, recall);
        addPrecision(curve, precision);
        aucs += curve.auc().getAsDouble();
        precisions += curve.averagePrecision().orElseThrow();
        all.add(new OfClass(labels.get(c), curve.thinned(MOST_POINTS / 2)));
      }
    }
    if (all.isEmpty()) {
      return List.of(new Prose("All rows are of one class: there is nothing to tell apart."));
    }
    for (int i = 0; i < GRID; i++) {
      recall[i] /= all.size();
      precision[i] /= all.size();
    }
    all.sort(Comparator.comparingDouble(OfClass::auc));
    List<OfClass> worst = all.subList(0, Math.min(MOST_CLASSES, all.size()));
    String which =
        (worst.size() < all.size()
                ? " Drawn are the %d classes with the smallest areas of %d, and the mean of all at"
                        .formatted(worst.size(), all.size())
                    + " equal places."
                : " Drawn are all classes, and their mean at equal places.")
            + " Of a class, at most %d points are drawn.".formatted(MOST_POINTS / 2)
            + (rows.length < judged.rows()
                ? " Counted from %d of %d rows, evenly spaced."
                    .formatted(rows.length, judged.rows())
                : "");
    XyChart roc =
        XyChart.of(
            set + "-roc",
            "ROC curves, one class against the rest",
            "The share of a class's rows that are found, against the share of others taken for it."
                + " The mean area under the curves is %s."
                    .formatted(Texts.number(aucs / all.size()))
                + which,
            share("false positive rate"),
            share("recall"));
    XyChart precisionRecall =
        XyChart.of(
            set + "-precision-recall",
            "Precision and recall, one class against the rest",
            "How many of the rows taken for a class are right, against how many of its rows are"
                + " found. The mean average precision is %s."
                    .formatted(Texts.number(precisions / all.size()))
                + which,
            share("recall"),
            share("precision"));
    roc.line("mean", grid, recall);
    precisionRecall.line("mean", grid, precision);
    for (OfClass of : worst) {
      ThresholdCurve curve = of.curve();
      roc.line(
          name(of.label(), curve.auc()),
          from(0, curve, CurvePoint::falsePositiveRate),
          from(0, curve, CurvePoint::recall));
      precisionRecall.line(
          name(of.label(), curve.averagePrecision()),
          of(curve, CurvePoint::recall),
          of(curve, CurvePoint::precision));
    }
    return List.of(new Beside(List.of(roc.chart(), precisionRecall.chart())));
  }

  private static String name(String label, OptionalDouble area) {
    return "%s (%s)".formatted(Texts.cut(label), Texts.number(area.orElseThrow()));
  }

  /** Adds the recall at each false positive rate of the grid, on the line between two points. */
  private static void addRecall(ThresholdCurve curve, double[] sums) {
    List<CurvePoint> points = curve.points();
    double x0 = 0;
    double y0 = 0;
    int next = 0;
    for (int i = 0; i < GRID; i++) {
      double x = i / (GRID - 1.0);
      while (next < points.size() && points.get(next).falsePositiveRate() <= x) {
        x0 = points.get(next).falsePositiveRate();
        y0 = points.get(next).recall();
        next++;
      }
      if (next == points.size()) {
        sums[i] += y0;
      } else {
        double x1 = points.get(next).falsePositiveRate();
        sums[i] += y0 + (points.get(next).recall() - y0) * (x - x0) / (x1 - x0);
      }
    }
  }

  /** Adds the precision of the first point with at least the recall of each place of the grid. */
  private static void addPrecision(ThresholdCurve curve, double[] sums) {
    List<CurvePoint> points = curve.points();
    int at = 0;
    for (int i = 0; i < GRID; i++) {
      while (points.get(at).recall() < i / (GRID - 1.0)) {
        at++;
      }
      sums[i] += points.get(at).precision();
    }
  }

  // ---- both

  private static Axis share(String name) {
    return Axis.of(name).between(0, 1);
  }

  private static double[] one(double value) {
    return new double[] {value};
  }

  private static double[] of(ThresholdCurve curve, ToDoubleFunction<CurvePoint> coordinate) {
    return curve.points().stream().mapToDouble(coordinate).toArray();
  }

  private static double[] from(
      double first, ThresholdCurve curve, ToDoubleFunction<CurvePoint> coordinate) {
    double[] all = new double[curve.points().size() + 1];
    all[0] = first;
    System.arraycopy(of(curve, coordinate), 0, all, 1, all.length - 1);
    return all;
  }
}
