package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Regression;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.plan.Scorer;
import dev.lanewise.train.DevMetric;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How well a network does on a set of rows, as the commands print it. */
sealed interface Scores {

  /** The rows that are judged at once where not all are in memory. */
  int ROWS_AT_ONCE = 256;

  /** {@return the scores by the name that the JSON output gives them, those that are defined} */
  Map<String, Json> byName();

  /**
   * {@return the scores of rows, their classes and probabilities being those that a model says}
   *
   * @param model the model, with its encoder
   * @param rows encoded rows with targets, at least one
   */
  static Scores of(Model model, Dataset rows) {
    return of(model, outputs(model, rows), rows.targets());
  }

  /**
   * {@return the scores of rows, their classes and probabilities being those that a model says}
   *
   * @param model the model, with its encoder
   * @param outputs what its network says of them
   * @param targets the rows' targets, at least one
   */
  static Scores of(Model model, float[] outputs, float[] targets) {
    Target target = model.encoder().orElseThrow().target();
    int rows = targets.length / target.columns();
    Evaluation judged =
        new Scorer(model.network().loss(), Optional.of(target))
            .evaluate(outputs, targets, rows, model.temperature(), model.threshold());
    return switch (judged) {
      case Evaluation.OfClasses classes -> new OfClasses(classes.classification());
      case Evaluation.OfValues values -> new OfValues(values.regression());
    };
  }

  /** {@return what a model's network says of encoded rows} */
  static float[] outputs(Model model, Dataset rows) {
    float[] outputs = new float[Math.multiplyExact(rows.rows(), model.network().outputs())];
    model.predictor().logits(rows.features(), rows.rows(), outputs);
    return outputs;
  }

  /** {@return the probabilities of the second of two classes, as a model's predictors give them} */
  static double[] probabilities(Model model, float[] outputs) {
    double[] both = model.temperature().probabilities(outputs, 1, outputs.length);
    double[] second = new double[outputs.length];
    Arrays.setAll(second, r -> both[2 * r + 1]);
    return second;
  }

  /**
   * {@return the scores of rows that are read one by one; their outputs and targets are held}
   *
   * @param model the model, with its encoder
   * @param rows encoded rows with targets, at least one
   */
  static Scores of(Model model, RowSource rows) throws IOException {
    Predictor predictor = model.predictor();
    int columns = rows.columns();
    int width = model.network().outputs();
    float[] features = new float[Math.multiplyExact(ROWS_AT_ONCE, columns)];
    float[] scores = new float[Math.multiplyExact(ROWS_AT_ONCE, width)];
    int values = rows.targetColumns();
    float[] targets = new float[Math.multiplyExact(rows.rows(), values)];
    float[] outputs = new float[Math.multiplyExact(rows.rows(), width)];
    try (RowSource.Reader reader = rows.open()) {
      for (int from = 0; from < rows.rows(); from += ROWS_AT_ONCE) {
        int some = Math.min(ROWS_AT_ONCE, rows.rows() - from);
        for (int i = 0; i < some; i++) {
          reader.read(features, i * columns, targets, (from + i) * values);
        }
        predictor.logits(features, some, scores);
        System.arraycopy(scores, 0, outputs, from * width, some * width);
      }
    }
    return of(model, outputs, targets);
  }

  /**
   * {@return the metric that is followed during training: accuracy, or RMSE in original units, over
   * all columns}
   */
  static DevMetric metric(Target target) {
    return target instanceof Target.Classes ? DevMetric.accuracy() : DevMetric.rmse();
  }

  /**
   * Scores of a classifier.
   *
   * @param classification the scores
   */
  record OfClasses(Classification classification) implements Scores {

    @Override
    public Map<String, Json> byName() {
      Map<String, Json> scores = new LinkedHashMap<>();
      scores.put("rows", Json.of(classification.rows()));
      scores.put("correct", Json.of(classification.correct()));
      scores.put("accuracy", Json.of(classification.accuracy()));
      scores.put("logLoss", Json.of(classification.logLoss()));
      put(scores, "auc", classification.auc());
      return scores;
    }
  }

  /**
   * Scores of predicted values.
   *
   * @param restored in the original unit
   */
  record OfValues(Regression restored) implements Scores {

    @Override
    public Map<String, Json> byName() {
      Map<String, Json> scores = new LinkedHashMap<>();
      scores.put("rows", Json.of(restored.rows()));
      scores.put("rmse", Json.of(restored.rmse()));
      scores.put("mae", Json.of(restored.mae()));
      put(scores, "r2", restored.r2());
      return scores;
    }
  }

  private static void put(Map<String, Json> scores, String name, OptionalDouble score) {
    score.ifPresent(value -> scores.put(name, Json.of(value)));
  }

  /** {@return the scores as a table, a line for each set, under the names of the scores} */
  static String table(Map<String, Scores> sets) {
    StringBuilder text = new StringBuilder("%-8s".formatted("set"));
    Map<String, Json> columns = sets.values().iterator().next().byName();
    columns.keySet().forEach(name -> text.append("%12s".formatted(name)));
    sets.forEach(
        (set, scores) -> {
          text.append("%n%-8s".formatted(set));
          Map<String, Json> byName = scores.byName();
          columns.keySet().forEach(name -> text.append("%12s".formatted(text(byName.get(name)))));
        });
    return text.toString();
  }

  private static String text(Json score) {
    if (!(score instanceof Json.Num number)) {
      return "";
    }
    boolean whole = number.literal().matches("-?[0-9]+");
    return whole ? number.literal() : "%.5g".formatted(number.asDouble());
  }
}
