package dev.lanewise.update;

import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Rates.Rule;
import dev.lanewise.optim.Transform;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The trained parameters cut where a factor on learning rate or decay changes: {@link Rates}
 * compiled for a network. One run where all tensors have the same factors. Immutable.
 */
final class Runs {

  private final int[] ends;
  private final double[] rates;
  private final double[] decays;

  /** A tensor with the two names that rules may call it by, and the inputs of a unit. */
  private record Named(Slot slot, String alias, int inputs) {

    boolean isNamedBy(Rule rule) {
      return rule.matches(slot.name()) || rule.matches(alias);
    }
  }

  /** A tensor with its factors. */
  private record Tensor(Slot slot, double rate, double decay) {

    boolean hasFactorsOf(Tensor other) {
      return rate == other.rate && decay == other.decay;
    }
  }

  /** Takes tensors in the order of their offsets, without gaps. */
  private Runs(List<Tensor> tensors) {
    List<Tensor> lasts = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      if (i + 1 == tensors.size() || !tensors.get(i).hasFactorsOf(tensors.get(i + 1))) {
        lasts.add(tensors.get(i));
      }
    }
    ends = lasts.stream().mapToInt(tensor -> tensor.slot.end()).toArray();
    rates = lasts.stream().mapToDouble(Tensor::rate).toArray();
    decays = lasts.stream().mapToDouble(Tensor::decay).toArray();
  }

  /**
   * Compiles an optimiser's factors; without decay in the optimiser those on it are 0.
   *
   * @throws IllegalArgumentException if a rule names no trained tensor
   */
  static Runs compile(Optimizer optimizer, Network network, Layout layout) {
    List<Named> trained = trained(network, layout);
    List<Rule> rules = optimizer.rates().rules();
    for (Rule rule : rules) {
      if (trained.stream().noneMatch(tensor -> tensor.isNamedBy(rule))) {
        throw new IllegalArgumentException(
            "rates: no trained tensor for %s; there are %s"
                .formatted(rule, trained.stream().map(tensor -> tensor.slot.name()).toList()));
      }
    }
    boolean decays =
        optimizer.transforms().stream().anyMatch(Transform.WeightDecay.class::isInstance);
    List<Tensor> tensors = new ArrayList<>();
    for (Named tensor : trained) {
      Slot slot = tensor.slot;
      Rule rule =
          rules.reversed().stream()
              .filter(tensor::isNamedBy)
              .findFirst()
              .orElse(new Rule(slot.name(), 1));
      double root = rule.rootOfInputs() ? Math.sqrt(tensor.inputs) : 1;
      double ordinary = slot.role() == Slot.Role.WEIGHT ? 1 : 0;
      double decay = decays ? rule.decay().orElse(ordinary) * root : 0;
      tensors.add(new Tensor(slot, rule.rate() / root, decay));
    }
    return new Runs(tensors);
  }

  /** {@return the trained tensors in the order of their offsets} */
  private static List<Named> trained(Network network, Layout layout) {
    List<Named> tensors = new ArrayList<>();
    Network.Node last = network.dense().getLast();
    for (Network.Node node : network.nodes()) {
      for (Slot of : node.tensors()) {
        Slot slot = layout.slot(of.name());
        String alias = node.equals(last) ? slot.name().replace(node.name(), "last") : slot.name();
        int inputs = slot.role() == Slot.Role.WEIGHT ? node.inputs() : 1;
        tensors.add(new Named(slot, alias, inputs));
      }
    }
    return tensors.stream()
        .filter(tensor -> tensor.slot.role().trained())
        .sorted(Comparator.comparingInt(tensor -> tensor.slot.offset()))
        .toList();
  }

  /** {@return the number of runs} */
  int count() {
    return ends.length;
  }

  /** {@return the run of a trained parameter} */
  int at(int parameter) {
    int run = 0;
    while (ends[run] <= parameter) {
      run++;
    }
    return run;
  }

  /** {@return the index behind a run's last parameter} */
  int end(int run) {
    return ends[run];
  }

  /** {@return what the learning rate of a run is multiplied with} */
  double rate(int run) {
    return rates[run];
  }

  /** {@return what the decay of a run is multiplied with; 0 where nothing is decayed} */
  double decay(int run) {
    return decays[run];
  }
}
