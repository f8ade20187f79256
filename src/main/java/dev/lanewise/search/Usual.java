package dev.lanewise.search;

import dev.lanewise.data.Roles.Task;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Network;
import dev.lanewise.net.Network.Builder;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.Arrays;
import java.util.List;

/** The parameters that matter most, in the order of their importance. */
final class Usual {

  /** Of any network. */
  static final List<Space> SPACES =
      List.of(
          Space.logUniform("learning-rate", 1e-4, 1),
          Space.oneMinusLog("beta", 0.9, 0.999),
          Space.choice("hidden", "32", "64", "128", "256", "64,32", "128,64", "256,128"),
          Space.choice("batch-size", "32", "64", "128", "256"),
          Space.choice("schedule", "constant", "cosine"));

  private static final String CONSTANT = "constant";
  private static final String COSINE = "cosine";

  private Usual() {}

  /** {@return those of a preset for tables, around its constants} */
  static List<Space> tabular(Task task) {
    Space rate =
        switch (task) {
          case CLASSIFY -> Space.logUniform("learning-rate", 0.01, 0.1);
          case REGRESS -> Space.logUniform("learning-rate", 0.02, 0.3);
        };
    return List.of(
        rate,
        Space.choice("hidden", "128,128", "256,256,256", "512,512"),
        Space.choice("dropout", "0", "0.15", "0.3"));
  }

  static Learner learner(Learner learner, Tabular preset, Values values) {
    Tabular changed = preset;
    for (String name : values.texts().keySet()) {
      changed =
          switch (name) {
            case "learning-rate" -> changed.withRate(values.number(name));
            case "hidden" -> changed.withHidden(sizes(values.text(name)));
            case "dropout" -> changed.withDropout(values.number(name));
            default -> throw unknown(name, tabular(Task.CLASSIFY));
          };
    }
    return learner.withPreset(changed);
  }

  private static IllegalArgumentException unknown(String name, List<Space> spaces) {
    return new IllegalArgumentException(
        "name: %s; expected one of %s".formatted(name, spaces.stream().map(Space::name).toList()));
  }

  static Learner learner(Learner learner, Values values) {
    Learner changed = learner;
    for (String name : values.texts().keySet()) {
      changed =
          switch (name) {
            case "hidden" -> withHidden(changed, sizes(values.text(name)));
            case "batch-size" -> {
              int rows = values.integer(name);
              yield changed.withRecipe(recipe -> recipe.withBatchSize(rows));
            }
            case "learning-rate" -> {
              double rate = values.number(name);
              yield withRate(changed, rate);
            }
            case "beta" -> {
              double beta = values.number(name);
              yield changed.withRecipe(recipe -> recipe.withOptimizer(withBeta(recipe, beta)));
            }
            case "schedule" -> changed; // needs the rate, so it comes last
            default -> throw unknown(name, SPACES);
          };
    }
    return values.has("schedule") ? withDecay(changed, values.text("schedule")) : changed;
  }

  private static int[] sizes(String text) {
    try {
      return Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "hidden: %s; expected the units of each layer, as 128,64".formatted(text), e);
    }
  }

  private static Learner withHidden(Learner learner, int[] sizes) {
    return learner.withNetwork(
        (inputs, outputs, loss) -> {
          Builder network = Network.inputs(inputs);
          for (int units : sizes) {
            network.dense(units).relu();
          }
          return network.dense(outputs).loss(loss);
        });
  }

  private static Learner withRate(Learner learner, double rate) {
    return learner.withRecipe(
        recipe -> {
          constant(recipe.optimizer()); // another schedule has more than a rate
          return recipe.withOptimizer(recipe.optimizer().withSchedule(new Schedule.Constant(rate)));
        });
  }

  private static Schedule.Constant constant(Optimizer optimizer) {
    if (optimizer.schedule() instanceof Schedule.Constant constant) {
      return constant;
    }
    throw new IllegalArgumentException(
        "learner: a schedule %s; expected a constant rate".formatted(optimizer.schedule()));
  }

  private static Learner withDecay(Learner learner, String schedule) {
    return switch (schedule) {
      case CONSTANT -> learner;
      case COSINE ->
          learner.withRecipe(
              recipe ->
                  recipe.withOptimizer(
                      recipe
                          .optimizer()
                          .withSchedule(
                              new Schedule.Cosine(
                                  constant(recipe.optimizer()).rate(0), 0, recipe.epochs()))));
      default ->
          throw new IllegalArgumentException(
              "schedule: %s; expected %s or %s".formatted(schedule, CONSTANT, COSINE));
    };
  }

  private static Optimizer withBeta(Recipe recipe, double beta) {
    Optimizer optimizer = recipe.optimizer();
    if (optimizer.transforms().stream().noneMatch(Usual::averagesGradients)) {
      throw new IllegalArgumentException(
          "beta: the optimiser averages no gradients; expected one that does, as Adam");
    }
    return new Optimizer(
        optimizer.transforms().stream().map(link -> withBeta(link, beta)).toList(),
        optimizer.schedule(),
        optimizer.rates());
  }

  private static boolean averagesGradients(Transform link) {
    return link instanceof Transform.Momentum
        || link instanceof Transform.Adam
        || link instanceof Transform.AmsGrad
        || link instanceof Transform.NAdam
        || link instanceof Transform.Lion;
  }

  private static Transform withBeta(Transform link, double beta) {
    return switch (link) {
      case Transform.Momentum m -> new Transform.Momentum(beta, m.form(), m.nesterov());
      case Transform.Adam a -> new Transform.Adam(beta, a.beta2(), a.epsilon(), a.place());
      case Transform.AmsGrad a -> new Transform.AmsGrad(beta, a.beta2(), a.epsilon(), a.place());
      case Transform.NAdam a -> new Transform.NAdam(beta, a.beta2(), a.epsilon(), a.place());
      case Transform.Lion l -> new Transform.Lion(beta, l.beta2());
      default -> link;
    };
  }
}
