package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.RowReader;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Regression;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Loss;
import dev.lanewise.train.DevMetric;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
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
   * @param engine what computes
   */
  static Scores of(Model model, Dataset rows, Engine engine) {
    return of(model, outputs(model, rows), rows.targets(), engine);
  }

  /**
   * {@return the scores of rows, their classes and probabilities being those that a model says}
   *
   * @param model the model, with its encoder
   * @param outputs what its network says of them
   * @param targets the rows' targets, at least one
   * @param engine what computes
   */
  static Scores of(Model model, float[] outputs, float[] targets, Engine engine) {
    Target target = model.encoder().orElseThrow().target();
    Scores plain = of(model.network().loss(), target, outputs, targets);
    boolean likelier = model.threshold().equals(Threshold.HALF);
    if (likelier && model.temperature().equals(Temperature.NONE)) {
      return plain;
    }
    Classification judged =
        Classification.of(outputs, target.outputs(), targets, targets.length, model.temperature());
    if (!likelier) {
      float[] probabilities = probabilities(model, outputs, engine);
      judged = judged.at(model.threshold(), probabilities, targets);
    }
    return new OfClasses(judged);
  }

  /** {@return what a model's network says of encoded rows} */
  static float[] outputs(Model model, Dataset rows) {
    float[] outputs = new float[Math.multiplyExact(rows.rows(), model.network().outputs())];
    model.predictor().scores(rows.features(), rows.rows(), outputs);
    return outputs;
  }

  /** {@return the probabilities of the second of two classes, as a model's predictors give them} */
  static float[] probabilities(Model model, float[] outputs, Engine engine) {
    float[] probabilities = outputs.clone();
    model.temperature().apply(probabilities, probabilities.length);
    engine.kernels().sigmoid(probabilities, 0, probabilities, 0, probabilities.length);
    return probabilities;
  }

  /**
   * {@return the scores of rows, classes being the likelier ones}
   *
   * @param loss the network's loss
   * @param target what is predicted
   * @param outputs what a network says of them
   * @param targets the rows' targets, at least one
   */
  static Scores of(Loss loss, Target target, float[] outputs, float[] targets) {
    return switch (target) {
      case Target.Classes classes ->
          new OfClasses(Classification.of(outputs, classes.outputs(), targets, targets.length));
      case Target.Values values ->
          new OfValues(
              Regression.of(
                  restored(values, values(loss, outputs)),
                  restored(values, targets),
                  targets.length / values.columns(),
                  values.columns()));
    };
  }

  /**
   * {@return the values that a network's scores stand for; a mean that overflows is the largest}
   */
  private static float[] values(Loss loss, float[] scores) {
    if (loss.link() != Loss.Link.EXP) {
      return scores;
    }
    float[] means = new float[scores.length];
    Engine.standard().kernels().exp(scores, 0, means, 0, means.length);
    for (int i = 0; i < means.length; i++) {
      means[i] = Math.min(means[i], Float.MAX_VALUE);
    }
    return means;
  }

  /**
   * {@return the scores of rows that are read one by one; their outputs and targets are held}
   *
   * @param model the model, with its encoder
   * @param rows encoded rows with targets, at least one
   * @param engine what computes
   */
  static Scores of(Model model, RowSource rows, Engine engine) throws IOException {
    Predictor predictor = model.predictor();
    int columns = rows.columns();
    int width = model.network().outputs();
    float[] features = new float[Math.multiplyExact(ROWS_AT_ONCE, columns)];
    float[] scores = new float[Math.multiplyExact(ROWS_AT_ONCE, width)];
    int values = rows.targetColumns();
    float[] targets = new float[Math.multiplyExact(rows.rows(), values)];
    float[] outputs = new float[Math.multiplyExact(rows.rows(), width)];
    try (RowReader reader = rows.open()) {
      for (int from = 0; from < rows.rows(); from += ROWS_AT_ONCE) {
        int some = Math.min(ROWS_AT_ONCE, rows.rows() - from);
        for (int i = 0; i < some; i++) {
          reader.read(features, i * columns, targets, (from + i) * values);
        }
        predictor.scores(features, some, scores);
        System.arraycopy(scores, 0, outputs, from * width, some * width);
      }
    }
    return of(model, outputs, targets, engine);
  }

  private static float[] restored(Target.Values values, float[] scaled) {
    float[] restored = scaled.clone();
    values.restore(restored, restored.length / values.columns());
    return restored;
  }

  /**
   * {@return the metric that is followed during training: accuracy, or RMSE in original units, over
   * all columns}
   */
  static DevMetric metric(Loss loss, Target target) {
    boolean classes = target instanceof Target.Classes;
    return new DevMetric() {
      @Override
      public String name() {
        return classes ? "accuracy" : "rmse";
      }

      @Override
      public boolean largerIsBetter() {
        return classes;
      }

      @Override
      public double of(float[] scores, Dataset dev) {
        return switch (Scores.of(loss, target, scores, dev.targets())) {
          case OfClasses of -> of.classification().accuracy();
          case OfValues of -> of.restored().rmse();
        };
      }
    };
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
