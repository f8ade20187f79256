package dev.lanewise.published;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import dev.lanewise.train.Lbfgs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * L-BFGS ends where PyTorch's does, on a convex cost. Their line searches differ, so the ways there
 * cannot be compared.
 */
@Tag("kernels")
class TorchMinimumTest {

  /* Some four times what was found, in units of a tensor's largest magnitude. */
  private static final double PLACE = 1.2e-6;
  private static final double COST = 1e-7;

  @Test
  void lbfgsEndsAtTheMinimumOfTorch() {
    TorchCase given = TorchCase.read("minimum-lbfgs");
    TorchTerms terms = new TorchTerms(given);
    Network network = terms.network();
    TrainingPlan plan = TrainingPlan.compile(network, given.tensor("x").length, Engine.standard());
    float[] theta = new float[plan.layout().size()];
    Lbfgs.Result result =
        new Lbfgs(theta.length)
            .minimize(
                Lbfgs.Objective.of(plan.network(), terms.batch(), 0, plan.engine()), theta, 200, 0);
    Worst cost = new Worst("cost at the minimum");
    cost.take("minimum", given.number("minimum.cost"), result.value());
    Worst place = new Worst("place of the minimum");
    terms
        .names()
        .forEach(
            (ours, theirs) -> {
              Slot slot = plan.layout().slot(ours);
              place.take(
                  ours,
                  terms.tensor("minimum.", ours, theirs),
                  Replica.doubles(theta, slot.offset(), slot.rows(), slot.columns()));
            });
    cost.assertWithin(COST);
    place.assertWithin(PLACE);
  }
}
