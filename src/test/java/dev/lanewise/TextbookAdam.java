package dev.lanewise;

import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Transform;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;

/**
 * A training in double precision by Adam, with decoupled decay if there is some, a schedule that
 * counts steps, and factors on the rates and the decay of tensors, by their rules.
 */
public final class TextbookAdam {

  private final ReferenceNetwork network;
  private final Optimizer optimizer;
  private final Transform.Adam adam;
  private final double lambda;
  private final double[] theta;
  private final double[] m;
  private final double[] s;
  private int step;

  /**
   * Before the first step.
   *
   * @param network the network
   * @param optimizer Adam, and nothing but decay behind it
   * @param theta where it starts; the steps change it
   */
  public TextbookAdam(ReferenceNetwork network, Optimizer optimizer, double[] theta) {
    this.network = network;
    this.optimizer = optimizer;
    adam = (Transform.Adam) optimizer.transforms().getFirst();
    lambda =
        optimizer.transforms().size() == 1
            ? 0
            : ((Transform.WeightDecay) optimizer.transforms().get(1)).lambda();
    this.theta = theta;
    m = new double[theta.length];
    s = new double[theta.length];
  }

  /** Takes a step on a batch. */
  public void step(ReferenceNetwork.Batch batch) {
    double[] g = network.gradient(theta, batch);
    double rate = optimizer.schedule().rate(step);
    step++;
    for (Slot slot : network.layout().slots()) {
      Rates.Rule rule = rule(slot);
      double root = rule.rootOfInputs() ? Math.sqrt(slot.rows()) : 1;
      double decay = lambda * root * rule.decay().orElse(slot.role() == Slot.Role.WEIGHT ? 1 : 0);
      for (int i = slot.offset(); i < slot.end(); i++) {
        m[i] = adam.beta1() * m[i] + (1 - adam.beta1()) * g[i];
        s[i] = adam.beta2() * s[i] + (1 - adam.beta2()) * g[i] * g[i];
        double mean = m[i] / (1 - Math.pow(adam.beta1(), step));
        double square = s[i] / (1 - Math.pow(adam.beta2(), step));
        double u = mean / (Math.sqrt(square) + adam.epsilon()) + decay * theta[i];
        theta[i] -= rate * rule.rate() / root * u;
      }
    }
  }

  private Rates.Rule rule(Slot slot) {
    String last = network.network().dense().getLast().name();
    String alias = slot.name().replace(last + ".", "last.");
    return optimizer.rates().rules().stream()
        .filter(rule -> rule.matches(slot.name()) || rule.matches(alias))
        .reduce((before, behind) -> behind)
        .orElseThrow();
  }
}
