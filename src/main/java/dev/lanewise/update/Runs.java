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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The trained parameters cut where a factor on learning rate or decay changes: {@link Rates}
 * compiled for a network. One run where all tensors have the same factors. Immutable.
 */
final class Runs {

  private final int[] ends;
  private final double[] rates;
  private final double[] decays;

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
    List<Slot> trained =
        layout.slots().stream()
            .filter(slot -> slot.role().trained())
            .sorted(Comparator.comparingInt(Slot::offset))
            .toList();
    Map<String, List<String>> names = new HashMap<>();
    trained.forEach(slot -> names.put(slot.name(), List.of(slot.name())));
    Map<String, Integer> inputs = new HashMap<>();
    for (Network.Block block : network.blocks()) {
      inputs.put(block.name(Slot.Role.WEIGHT), block.inputs());
    }
    Network.Block last = network.blocks().getLast();
    for (Slot.Role role : List.of(Slot.Role.WEIGHT, Slot.Role.BIAS)) {
      String name = last.name(role);
      names.computeIfPresent(
          name, (key, own) -> List.of(name, "last" + name.substring(name.indexOf('.'))));
    }
    List<Rule> rules = optimizer.rates().rules();
    for (Rule rule : rules) {
      if (names.values().stream().noneMatch(of -> names(rule, of))) {
        throw new IllegalArgumentException(
            "rates: no trained tensor for %s; there are %s"
                .formatted(rule, trained.stream().map(Slot::name).toList()));
      }
    }
    boolean decays =
        optimizer.transforms().stream().anyMatch(Transform.WeightDecay.class::isInstance);
    List<Tensor> tensors = new ArrayList<>();
    for (Slot slot : trained) {
      Rule rule =
          rules.reversed().stream()
              .filter(r -> names(r, names.get(slot.name())))
              .findFirst()
              .orElse(new Rule(slot.name(), 1));
      double root = rule.rootOfInputs() ? Math.sqrt(inputs.getOrDefault(slot.name(), 1)) : 1;
      double ordinary = slot.role() == Slot.Role.WEIGHT ? 1 : 0;
      double decay = decays ? rule.decay().orElse(ordinary) * root : 0;
      tensors.add(new Tensor(slot, rule.rate() / root, decay));
    }
    return new Runs(tensors);
  }

  private static boolean names(Rule rule, List<String> names) {
    return names.stream().anyMatch(rule::matches);
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
