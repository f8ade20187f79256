package dev.lanewise.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Factors on the learning rate and the decay of single tensors: rules, of which the last that names
 * a tensor is taken. A tensor without a rule has the optimiser's rate; its weights are decayed
 * fully, all else not at all. Immutable.
 *
 * <p>The learning rate of a tensor is α times its factor, and the λ of {@link
 * Transform.WeightDecay} on it λ times the other; a step shrinks it by the product of both. Links
 * and their state, and the length that {@link Transform.ClipByGlobalNorm} looks at, know nothing of
 * factors.
 *
 * @param rules the rules in order; each has to name a tensor of the network that the optimiser is
 *     compiled for
 */
public record Rates(List<Rule> rules) {

  /** No factors. */
  public static final Rates NONE = new Rates(List.of());

  /** Creates factors. */
  public Rates {
    rules = List.copyOf(Objects.requireNonNull(rules, "rules"));
  }

  /**
   * {@return these rules and one more behind them, which wins over them}
   *
   * @param rule the rule
   */
  public Rates then(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(Objects.requireNonNull(rule, "rule"));
    return new Rates(more);
  }

  /**
   * The factors of the tensors whose name fits a pattern.
   *
   * <p>With the root of the inputs a weight matrix {@code [in][out]} has 1/√in times the rate and
   * √in times the decay. With a start of variance 1/in that is the NTK parametrisation of Jacot et
   * al. (2018), z = W·x/√in with entries of W of variance 1, for an optimiser whose steps do not
   * depend on the gradient's size: Adam but for ε, and its relatives. (For gradient descent it
   * would be 1/in and in.) Vectors have one input.
   *
   * @param tensors a tensor's name as in {@code dense1.weight}, in which {@code *} stands for any
   *     characters, none too; the tensors of the last dense layer are called {@code last.weight}
   *     and {@code last.bias} as well
   * @param rate what the learning rate is multiplied with, finite and at least 0; with 0 the
   *     tensors stay what they are
   * @param decay what λ of {@link Transform.WeightDecay} is multiplied with, finite and at least 0;
   *     without it 1 for weights and 0 for all else
   * @param rootOfInputs whether the root of the inputs of a unit divides the rate, and multiplies
   *     the decay
   */
  public record Rule(String tensors, double rate, OptionalDouble decay, boolean rootOfInputs) {

    /**
     * Creates a rule.
     *
     * @throws IllegalArgumentException if the pattern is empty or a factor negative or not finite
     *     as a float
     */
    public Rule {
      if (Objects.requireNonNull(tensors, "tensors").isEmpty()) {
        throw new IllegalArgumentException(
            "tensors: empty; expected a name, in which * stands for any characters");
      }
      checkFactor("rate", rate);
      decay.ifPresent(factor -> checkFactor("decay", factor));
    }

    /**
     * Creates a rule on the rate alone.
     *
     * @param tensors the names; see {@link Rule}
     * @param rate what the learning rate is multiplied with, finite and at least 0
     * @throws IllegalArgumentException if the pattern is empty or the factor negative or not finite
     */
    public Rule(String tensors, double rate) {
      this(tensors, rate, OptionalDouble.empty(), false);
    }

    /**
     * {@return this rule with another factor on the decay}
     *
     * @param factor what λ is multiplied with, finite and at least 0; it holds for tensors that are
     *     no weights, too
     * @throws IllegalArgumentException if the factor is negative or not finite
     */
    public Rule withDecay(double factor) {
      return new Rule(tensors, rate, OptionalDouble.of(factor), rootOfInputs);
    }

    /**
     * {@return this rule by whose rate and decay the root of the inputs of a unit divides and
     * multiplies}
     */
    public Rule withRootOfInputs() {
      return new Rule(tensors, rate, decay, true);
    }

    /**
     * {@return whether a name fits the pattern}
     *
     * @param name a tensor's name
     */
    public boolean matches(String name) {
      String regex =
          Arrays.stream(tensors.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*"));
      return name.matches(regex);
    }

    private static void checkFactor(String name, double factor) {
      if (!(factor >= 0 && (float) factor < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "%s: %s; expected a finite number >= 0".formatted(name, factor));
      }
    }
  }
}
