package dev.lanewise.spark;

import dev.lanewise.learn.Learner;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Tabular;

/**
 * The params of an estimator, as a task needs them.
 *
 * @param maxIter the most epochs; null for the preset's
 * @param stepSize the learning rate; null for the preset's
 * @param layers the units of the hidden layers; null for the preset's
 */
record Settings(
    boolean classifies,
    String label,
    String preset,
    Integer maxIter,
    Double stepSize,
    int[] layers,
    long seed)
    implements LearnerSource {

  static final String PLAIN = "plain";

  /** {@return the preset of a name; null for plain} */
  static Tabular preset(String name) {
    return switch (name) {
      case PLAIN -> null;
      case "tabular" -> Tabular.small();
      case "tabular-full" -> Tabular.full();
      case "tabular-ensemble" -> Tabular.ensemble(8);
      default ->
          throw new IllegalArgumentException(
              "preset: %s; expected plain, tabular, tabular-full or tabular-ensemble"
                  .formatted(name));
    };
  }

  @Override
  public Learner learner() {
    Learner learner = classifies ? Learner.classifier(label) : Learner.regressor(label);
    Tabular tabular = preset(preset);
    return (tabular == null ? plain(learner) : learner.withPreset(changed(tabular))).withSeed(seed);
  }

  private Learner plain(Learner learner) {
    Learner changed =
        learner.withRecipe(
            recipe -> {
              var timed = maxIter == null ? recipe : recipe.withEpochs(maxIter);
              return stepSize == null ? timed : timed.withOptimizer(Optimizer.adam(stepSize));
            });
    return layers == null
        ? changed
        : changed.withNetwork(
            (inputs, outputs, loss) -> {
              Network.Builder network = Network.inputs(inputs);
              for (int units : layers) {
                network.dense(units).relu();
              }
              return network.dense(outputs).loss(loss);
            });
  }

  private Tabular changed(Tabular tabular) {
    Tabular changed = maxIter == null ? tabular : tabular.withEpochs(maxIter);
    changed = stepSize == null ? changed : changed.withRate(stepSize);
    return layers == null ? changed : changed.withHidden(layers);
  }
}
