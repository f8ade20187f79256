package dev.lanewise.search;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Points of a plane, a class on each side of a curve, with a learner that is quick. */
final class Planes {

  static final List<Space> SPACES =
      List.of(
          Space.logUniform("learning-rate", 1e-3, 1),
          Space.integer("hidden", 2, 6),
          Space.choice("batch-size", "8", "16"));

  private Planes() {}

  static Table table() {
    Random random = new Random(3);
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      rows.add(List.of(a, b, a + b * b + 0.3 * random.nextGaussian() > 0.9 ? "p" : "q"));
    }
    return Table.ofRows(List.of("a", "b", "y"), rows);
  }

  static Learner learner() {
    return Learner.classifier("y")
        .withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.patience(4)));
  }

  static Learner learner(Learner learner, Values values) {
    return learner
        .withNetwork(
            (inputs, outputs, loss) ->
                Network.inputs(inputs)
                    .dense(values.integer("hidden"))
                    .relu()
                    .dropout(0.1f)
                    .dense(outputs)
                    .loss(loss))
        .withRecipe(
            recipe ->
                recipe
                    .withBatchSize(values.integer("batch-size"))
                    .withOptimizer(Optimizer.adam(values.number("learning-rate"))));
  }

  /** {@return a search of 8 trials to 2 epochs, 4 to 4 and 2 to 8} */
  static Search search() {
    return Search.of(learner(), SPACES, Planes::learner)
        .withMethod(Search.Method.halving(2))
        .withTrials(8)
        .withEpochs(8);
  }
}
