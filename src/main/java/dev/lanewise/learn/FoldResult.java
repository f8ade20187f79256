package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Target;
import dev.lanewise.model.Predictor;
import dev.lanewise.train.Recipe;
import java.util.Arrays;

/**
 * The result of one fold.
 *
 * @param learned the model and its scores, the test rows being those held out
 * @param recipe the recipe, with the seed of the fold
 * @param heldOut the numbers of the rows held out
 * @param predictions their predictions, {@code [rows][classes or values]}
 * @param truth their class numbers, or values in original units
 */
record FoldResult(
    Learned learned, Recipe recipe, int[] heldOut, double[] predictions, double[] truth) {

  static FoldResult of(Learned learned, Recipe recipe, int[] heldOut, Dataset rows) {
    Predictor predictor = learned.model().predictor();
    int count = rows.rows();
    return switch (rows.encoder().orElseThrow().target()) {
      case Target.Classes classes -> {
        double[] probabilities = new double[Math.multiplyExact(count, classes.labels().size())];
        predictor.probabilities(rows.features(), count, probabilities);
        double[] numbers = new double[count];
        Arrays.setAll(numbers, r -> rows.targets()[r]);
        yield new FoldResult(learned, recipe, heldOut, probabilities, numbers);
      }
      case Target.Values scale -> {
        double[] values = new double[Math.multiplyExact(count, scale.columns())];
        predictor.values(rows.features(), count, values);
        double[] truth = new double[values.length];
        scale.restore(rows.targets(), count, truth);
        yield new FoldResult(learned, recipe, heldOut, values, truth);
      }
    };
  }
}
