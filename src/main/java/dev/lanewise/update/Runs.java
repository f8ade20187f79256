package dev.lanewise.update;

import dev.lanewise.net.Network;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Rates.Rule;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The trained parameters cut where a factor changes: {@link Rates} compiled for a network, those on
 * the rate or those on the decay. One run where all tensors have the same factor. Immutable.
 */
final class Runs {

  private final int[] ends;
  private final double[] factors;

  /** A tensor with the two names that rules may call it by, and the inputs of a unit. */
  private record Named(Slot slot, String alias, int inputs) {

    boolean isNamedBy(Rule rule) {
      return rule.matches(slot.name()) || rule.matches(alias);
    }

    /** {@return the last rule that names it, or one that changes nothing} */
    Rule rule(List<Rule> rules) {
      return rules.reversed().stream()
          .filter(this::isNamedBy)
          .findFirst()
          .orElse(new Rule(slot.name(), 1));
    }

    /** {@return what a rule divides its rate by, and multiplies its decay with} */
    double root(Rule rule) {
      return rule.rootOfInputs() ? Math.sqrt(inputs) : 1;
    }
  }

  /** Takes tensors in the order of their offsets, without gaps, and the factor of each. */
  private Runs(List<Named> tensors, double[] factors) {
    int[] lasts =
        IntStream.range(0, factors.length)
            .filter(i -> i + 1 == factors.length || factors[i] != factors[i + 1])
            .toArray();
    ends = Arrays.stream(lasts).map(i -> tensors.get(i).slot.end()).toArray();
    this.factors = Arrays.stream(lasts).mapToDouble(i -> factors[i]).toArray();
  }

  /**
   * {@return an optimiser's factors on the learning rate}
   *
   * @throws IllegalArgumentException if a rule names no trained tensor
   */
  static Runs ofRate(Rates rates, Network network, Layout layout) {
    List<Named> trained = trained(network, layout);
    for (Rule rule : rates.rules()) {
      if (trained.stream().noneMatch(tensor -> tensor.isNamedBy(rule))) {
        throw new IllegalArgumentException(
            "rates: no trained tensor for %s; there are %s"
                .formatted(rule, trained.stream().map(tensor -> tensor.slot.name()).toList()));
      }
    }
    double[] factors = new double[trained.size()];
    for (int i = 0; i < factors.length; i++) {
      Rule rule = trained.get(i).rule(rates.rules());
      factors[i] = rule.rate() / trained.get(i).root(rule);
    }
    return new Runs(trained, factors);
  }

  /** {@return an optimiser's factors on the decay: 0 where nothing is decayed} */
  static Runs ofDecay(Rates rates, Network network, Layout layout) {
    List<Named> trained = trained(network, layout);
    double[] factors = new double[trained.size()];
    for (int i = 0; i < factors.length; i++) {
      Rule rule = trained.get(i).rule(rates.rules());
      double ordinary = trained.get(i).slot.role() == Slot.Role.WEIGHT ? 1 : 0;
      factors[i] = rule.decay().orElse(ordinary) * trained.get(i).root(rule);
    }
    return new Runs(trained, factors);
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

  /** {@return what the rate, or the decay, of a run is multiplied with} */
  double factor(int run) {
    return factors[run];
  }
}
