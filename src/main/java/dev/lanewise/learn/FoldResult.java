package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.model.Model;
import dev.lanewise.plan.Scorer;

/**
 * The result of one fold.
 *
 * @param learned the model and its scores, the test rows being those held out
 * @param heldOut the numbers of the rows held out
 * @param predictions their predictions, {@code [rows][classes or values]}
 * @param truth their class numbers, or values in original units
 */
record FoldResult(Learned learned, int[] heldOut, double[] predictions, double[] truth) {

  static FoldResult of(Learned learned, int[] heldOut, Dataset rows) {
    Model model = learned.model();
    Scorer scorer = new Scorer(model.network().loss(), model.encoder().map(Encoder::target));
    float[] logits = new float[Math.multiplyExact(rows.rows(), model.network().outputs())];
    model.predictor().logits(rows.features(), rows.rows(), logits);
    return new FoldResult(
        learned,
        heldOut,
        scorer.judgesClasses()
            ? model.temperature().probabilities(logits, model.network().outputs(), rows.rows())
            : scorer.values(logits, rows.rows()),
        scorer.restored(rows.targets(), rows.rows()));
  }
}
