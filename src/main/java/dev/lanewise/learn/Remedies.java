package dev.lanewise.learn;

import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.train.Recipe;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can still be done about bias and variance after a training: what it did not do, and more or
 * less of what it did, with the numbers that it had. Immutable.
 *
 * @param recipe the recipe of the training
 * @param bestEpoch the epoch that its result is from
 */
record Remedies(Recipe recipe, int bestEpoch) {

  /** Fewer epochs than any preset begins with. */
  private static final int FEW = 64;

  private static final String OTHER = "another architecture";

  /** {@return what can be done about bias} */
  List<String> ofBias() {
    List<String> remedies = new ArrayList<>();
    if (recipe.earlyStopping().active() && 2L * bestEpoch < recipe.epochs()) {
      remedies.add(
          "what helps the variance, as dev rows chose epoch %d of at most %d"
              .formatted(bestEpoch, recipe.epochs()));
    }
    List<Integer> hidden = hidden();
    remedies.add(
        hidden.isEmpty()
            ? "hidden layers, of which there are none"
            : "a bigger network than hidden layers of %s units"
                .formatted(hidden.stream().map(String::valueOf).collect(Collectors.joining(","))));
    if (stillImproved()) {
      remedies.add("more epochs than " + recipe.epochs());
    }
    if (layers(Scaling.class).findAny().isPresent() && !embedsNumbers()) {
      remedies.add("trained functions of numbers");
    }
    Map<String, Double> regularizers = regularizers();
    if (!regularizers.isEmpty()) {
      remedies.add("less regularisation than " + text(regularizers));
    }
    remedies.add(OTHER);
    return remedies;
  }

  /** {@return what can be done about variance} */
  List<String> ofVariance() {
    List<String> remedies = new ArrayList<>(List.of("more training rows"));
    Map<String, Double> regularizers = regularizers();
    if (!regularizers.isEmpty()) {
      remedies.add("more regularisation than " + text(regularizers));
    }
    List<String> absent = new ArrayList<>();
    if (!regularizers.containsKey("L2") && !regularizers.containsKey("decay")) {
      absent.add("L2");
    }
    if (!regularizers.containsKey("dropout") && !hidden().isEmpty()) {
      absent.add("dropout");
    }
    if (recipe.augmentations().isEmpty()) {
      absent.add("augmentation");
    }
    if (!recipe.earlyStopping().active()) {
      absent.add("early stopping");
    }
    remedies.addAll(absent);
    if (recipe.network().members() == 1) {
      remedies.add("an average of several models");
    }
    remedies.add(OTHER);
    return remedies;
  }

  /**
   * Whether the result is from the last tenth of the epochs, and that tells something. A rate that
   * is counted in steps, as that of a preset, ends low with the training, however long that is: its
   * last epochs are nearly always the best, which tells something if there were few.
   */
  private boolean stillImproved() {
    boolean inSteps = recipe.optimizer().schedule() instanceof Schedule.PerStep;
    return (!inSteps || recipe.epochs() < FEW)
        && bestEpoch > recipe.epochs() - Math.max(1, recipe.epochs() / 10);
  }

  private <L extends Layer> Stream<L> layers(Class<L> kind) {
    return recipe.network().layers().stream().filter(kind::isInstance).map(kind::cast);
  }

  private List<Integer> hidden() {
    List<Network.Node> dense = recipe.network().dense();
    return dense.subList(0, dense.size() - 1).stream()
        .map(node -> ((Dense) node.layer()).units())
        .toList();
  }

  private boolean embedsNumbers() {
    return layers(Embedding.class)
        .flatMap(embedding -> embedding.parts().stream())
        .anyMatch(
            part ->
                part instanceof Embedding.Periodic || part instanceof Embedding.PiecewiseLinear);
  }

  /** {@return what regularises, with the largest of its numbers} */
  private Map<String, Double> regularizers() {
    Map<String, Double> found = new LinkedHashMap<>();
    layers(Dropout.class).forEach(layer -> put(found, "dropout", 1 - layer.keep()));
    layers(Dense.class)
        .map(Dense::penalty)
        .forEach(
            penalty -> {
              put(found, "L2", Math.max(penalty.l2(), penalty.l2PerExample()));
              put(found, "L1", Math.max(penalty.l1(), penalty.l1PerExample()));
            });
    recipe.optimizer().transforms().stream()
        .filter(Transform.WeightDecay.class::isInstance)
        .map(Transform.WeightDecay.class::cast)
        .forEach(decay -> put(found, "decay", decay.lambda()));
    return found;
  }

  private static void put(Map<String, Double> found, String name, double value) {
    if (value > 0) {
      found.merge(name, value, Math::max);
    }
  }

  private static String text(Map<String, Double> regularizers) {
    return regularizers.entrySet().stream()
        .map(of -> of.getKey() + " " + rounded(of.getValue()))
        .collect(Collectors.joining(" and "));
  }

  private static String rounded(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
