package dev.lanewise.train;

import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Rates.Rule;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the recipe of a preset for a network. */
final class TabularRecipe {

  /** What the rates of the one output are multiplied with that stands for two. */
  private static final double BOTH = 2;

  /** A phase in turns is so much smaller than in radians. */
  private static final double TURN = 2 * Math.PI;

  private TabularRecipe() {}

  /**
   * {@return the recipe}
   *
   * @param epochs the epochs
   */
  static Recipe of(TabularConstants its, Network network, int rows, int epochs) {
    int size = its.batchSize(rows);
    int batch = size == 0 ? rows : Math.min(size, rows);
    long steps = (long) epochs * (rows / batch);
    double rate = its.rate.of(network.loss());
    Optional<Schedule> fading = its.fades ? fading(steps) : Optional.empty();
    Optimizer optimizer =
        new Optimizer(
            its.transforms,
            new Schedule.PerStep(new Schedule.CosineLog(rate, its.cycles, steps)),
            rates(its, network));
    double decay = its.decay.of(network.loss());
    if (decay > 0) {
      optimizer = optimizer.then(new Transform.WeightDecay(decay, fading));
    }
    Recipe recipe =
        Recipe.of(network, optimizer)
            .withBatchSize(size == 0 ? 0 : batch)
            .withDroppedTail()
            .withEpochs(epochs)
            .withEarlyStopping(EarlyStopping.keepBest().withLatestOfEqual())
            .withStart(its.start);
    return fading.isPresent() && canFade(network) ? recipe.withDropoutFactor(fading.get()) : recipe;
  }

  /** {@return a factor that is 1 in the first half of the steps and then falls to 0 on a cosine} */
  private static Optional<Schedule> fading(long steps) {
    long flat = steps / 2;
    return flat == 0
        ? Optional.empty()
        : Optional.of(
            new Schedule.PerStep(
                new Schedule.Chained(
                    List.of(new Schedule.Chained.Leg(new Schedule.Constant(1), flat)),
                    new Schedule.Cosine(1, 0, steps - flat))));
  }

  /**
   * {@return whether there is dropout whose probabilities may change, as the classic form's may
   * not}
   */
  private static boolean canFade(Network network) {
    List<Dropout> all =
        network.layers().stream()
            .filter(Dropout.class::isInstance)
            .map(Dropout.class::cast)
            .toList();
    return !all.isEmpty() && all.stream().allMatch(its -> its.form() == Dropout.Form.INVERTED);
  }

  /** {@return the factors of single tensors, for those that the network has} */
  private static Rates rates(TabularConstants its, Network network) {
    List<String> tensors =
        network.nodes().stream().flatMap(node -> node.tensors().stream()).map(Slot::name).toList();
    Stream<Rule> named =
        Stream.of(
                new Rule("*.weight", 1).withRootOfInputs(),
                new Rule("*.bias", its.biasRate),
                new Rule("scaling*", its.scalingRate).withDecay(1),
                new Rule("blend*", its.blendRate).withDecay(1),
                new Rule("embedding*", its.numberRate).withDecay(1),
                new Rule("embedding*." + Embedding.Periodic.PHASE, its.numberRate / TURN)
                    .withDecay(TURN),
                new Rule("embedding*." + Embedding.Category.TABLE, 1).withDecay(1))
            .filter(rule -> tensors.stream().anyMatch(rule::matches));
    Stream<Rule> last =
        network.loss().link() == Loss.Link.SIGMOID
            ? Stream.of(
                new Rule("last.weight", BOTH).withDecay(1 / BOTH).withRootOfInputs(),
                new Rule("last.bias", BOTH * its.biasRate))
            : Stream.empty();
    return new Rates(Stream.concat(named, last).toList());
  }
}
