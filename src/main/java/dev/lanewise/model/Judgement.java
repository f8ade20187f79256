package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowSource;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.net.Loss;
import dev.lanewise.plan.Scorer;
import java.io.IOException;
import java.util.Optional;

/** The evaluation of a model's predictions for labelled rows. */
final class Judgement {

  /** The rows that are predicted at once where not all are in memory. */
  private static final int ROWS = 256;

  private final TrainedModel model;
  private final Loss loss;
  private final Predictor predictor;
  private final Scorer scorer;

  Judgement(TrainedModel model) {
    this.model = model;
    loss =
        switch (model) {
          case Model one -> one.network().loss();
          case Ensemble several -> several.models().getFirst().network().loss();
        };
    predictor = model.predictor();
    scorer = new Scorer(loss, model.encoder().map(Encoder::target));
  }

  /** Refuses rows that do not fit the model. */
  void checkFits(Dataset rows) {
    checkFits("rows", rows.rows(), rows.columns(), rows.targetColumns(), rows.encoder());
  }

  /** {@return the targets of rows that fit the model, in original units} */
  double[] truth(Dataset rows) {
    checkFits(rows);
    return scorer.restored(rows.targets(), rows.rows());
  }

  /** {@return the evaluation on rows in memory} */
  Evaluation of(Dataset rows) {
    checkFits(rows);
    Predictions all = new Predictions(rows.rows());
    all.predict(rows.features(), rows.rows());
    return all.judge(rows.targets());
  }

  /** {@return the evaluation on rows that are read one by one} */
  Evaluation of(RowSource rows) throws IOException {
    checkFits(rows.name(), rows.rows(), rows.columns(), rows.targetColumns(), rows.encoder());
    float[] features = new float[Math.multiplyExact(ROWS, rows.columns())];
    float[] targets = new float[Math.multiplyExact(rows.rows(), rows.targetColumns())];
    Predictions all = new Predictions(rows.rows());
    try (RowSource.Reader reader = rows.open()) {
      for (int from = 0; from < rows.rows(); from += ROWS) {
        int count = Math.min(ROWS, rows.rows() - from);
        for (int i = 0; i < count; i++) {
          reader.read(features, i * rows.columns(), targets, (from + i) * rows.targetColumns());
        }
        all.predict(features, count);
      }
    }
    return all.judge(targets);
  }

  /** Predictions in the form that is evaluated: logits of classes, values in original units. */
  private final class Predictions {
    private final int rows;
    private final float[] logits;
    private final double[] values;
    private int done;

    Predictions(int rows) {
      this.rows = rows;
      int numbers = Math.multiplyExact(rows, predictor.outputs());
      logits = new float[scorer.judgesClasses() ? numbers : 0];
      values = new double[scorer.judgesClasses() ? 0 : numbers];
    }

    /** Predicts the next rows. */
    void predict(float[] features, int count) {
      int at = done * predictor.outputs();
      int numbers = count * predictor.outputs();
      if (scorer.judgesClasses()) {
        float[] some = new float[numbers];
        predictor.logits(features, count, some);
        for (int i = 0; i < numbers; i++) {
          logits[at + i] = some[i];
          requireFinite(some[i], i);
        }
      } else {
        double[] some = new double[numbers];
        predictor.values(features, count, some);
        for (int i = 0; i < numbers; i++) {
          boolean overflows = some[i] > Double.MAX_VALUE && loss.link() == Loss.Link.EXP;
          values[at + i] = overflows ? Double.MAX_VALUE : some[i]; // a mean, not its logarithm
          requireFinite(values[at + i], i);
        }
      }
      done += count;
    }

    /** Numbers that are not finite are no fault of the labels, and nothing can judge them. */
    private void requireFinite(double number, int place) {
      if (!Double.isFinite(number)) {
        throw new ArithmeticException(
            "row %d: the model gives %s: a feature is not finite, or its training has diverged"
                .formatted(done + place / predictor.outputs(), number));
      }
    }

    Evaluation judge(float[] targets) {
      if (scorer.judgesClasses()) {
        return scorer.evaluate(logits, targets, rows, model.temperature(), model.threshold());
      }
      Evaluation.OfValues judged =
          Evaluation.ofValues(values, scorer.restored(targets, rows), rows, predictor.outputs());
      return model
          .encoder()
          .map(Encoder::labels)
          .filter(names -> !names.isEmpty())
          .map(judged::withNames)
          .orElse(judged);
    }
  }

  private void checkFits(
      String name, int rows, int columns, int targetColumns, Optional<Encoder> encoder) {
    if (rows < 1) {
      throw new IllegalArgumentException("%s: none; expected at least 1".formatted(name));
    }
    if (columns != predictor.columns()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d, the network's inputs"
              .formatted(name, columns, predictor.columns()));
    }
    if (!loss.accepts(targetColumns, predictor.outputs())) {
      throw new IllegalArgumentException(
          "%s: %d target columns; %s over %d outputs does not take them"
              .formatted(name, targetColumns, loss, predictor.outputs()));
    }
    if (encoder.isPresent() && model.encoder().isPresent()) {
      Encoders.requireSame(name, encoder.get(), model.encoder().get());
    }
  }
}
