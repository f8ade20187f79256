package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowSource;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.plan.Scorer;
import java.io.IOException;

/** How good a model's predictions for labelled rows are. */
final class Judgement {

  /** The rows that are predicted at once where not all are in memory. */
  private static final int ROWS = 256;

  private final Model model;
  private final Predictor predictor;

  Judgement(Model model) {
    this.model = model;
    predictor = model.predictor();
  }

  /** {@return how good predictions for rows in memory are} */
  Evaluation of(Dataset rows) {
    checkFits("rows", rows.rows(), rows.columns(), rows.targetColumns());
    float[] logits = new float[Math.multiplyExact(rows.rows(), predictor.outputs())];
    predictor.scores(rows.features(), rows.rows(), logits);
    return of(logits, rows.targets(), rows.rows());
  }

  /** {@return how good predictions for rows that are read one by one are} */
  Evaluation of(RowSource rows) throws IOException {
    checkFits(rows.name(), rows.rows(), rows.columns(), rows.targetColumns());
    int outputs = predictor.outputs();
    float[] features = new float[Math.multiplyExact(ROWS, rows.columns())];
    float[] some = new float[Math.multiplyExact(ROWS, outputs)];
    float[] targets = new float[Math.multiplyExact(rows.rows(), rows.targetColumns())];
    float[] logits = new float[Math.multiplyExact(rows.rows(), outputs)];
    try (RowSource.Reader reader = rows.open()) {
      for (int from = 0; from < rows.rows(); from += ROWS) {
        int count = Math.min(ROWS, rows.rows() - from);
        for (int i = 0; i < count; i++) {
          reader.read(features, i * rows.columns(), targets, (from + i) * rows.targetColumns());
        }
        predictor.scores(features, count, some);
        System.arraycopy(some, 0, logits, from * outputs, count * outputs);
      }
    }
    return of(logits, targets, rows.rows());
  }

  private Evaluation of(float[] logits, float[] targets, int rows) {
    Scorer scorer = new Scorer(model.network().loss(), model.encoder().map(Encoder::target));
    Evaluation judged =
        scorer.evaluate(logits, targets, rows, model.temperature(), model.threshold());
    return judged instanceof Evaluation.OfValues values
        ? model
            .encoder()
            .map(Encoder::labels)
            .filter(names -> !names.isEmpty())
            .map(values::withNames)
            .orElse(values)
        : judged;
  }

  private void checkFits(String name, int rows, int columns, int targetColumns) {
    if (rows < 1) {
      throw new IllegalArgumentException("%s: none; expected at least 1".formatted(name));
    }
    if (columns != predictor.columns()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d, the network's inputs"
              .formatted(name, columns, predictor.columns()));
    }
    if (!model.network().loss().accepts(targetColumns, predictor.outputs())) {
      throw new IllegalArgumentException(
          "%s: %d target columns; %s over %d outputs does not take them"
              .formatted(name, targetColumns, model.network().loss(), predictor.outputs()));
    }
  }
}
