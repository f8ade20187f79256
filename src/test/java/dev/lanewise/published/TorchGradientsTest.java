package dev.lanewise.published;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Scores, losses and gradients as PyTorch computes them in double precision: every activation,
 * every loss that it has, penalties, norms, dropout under given masks. All numbers that a case
 * starts from are floats, so that nothing is lost on the way in.
 */
@Tag("kernels")
class TorchGradientsTest {

  /* Some four times what was the worst, in units of a tensor's largest magnitude. */
  private static final double SCORES = 1e-6;
  private static final double LOSSES = 4e-7;
  private static final double GRADIENTS = 4e-6;

  private static List<TorchCase> cases() {
    return TorchCase.all("batch-", 47);
  }

  private static Replica replica(TorchCase given, TorchTerms terms) {
    Replica replica = new Replica(terms.network(), given.tensor("x").length);
    terms.names().forEach((ours, theirs) -> replica.put(ours, terms.tensor("", ours, theirs)));
    return replica;
  }

  @Test
  void scoresOfTheEngineAreThoseOfTorch() {
    Worst worst = new Worst("scores of the engine");
    for (TorchCase given : cases()) {
      double[][] ours = replica(given, new TorchTerms(given)).scores(given.tensor("x"));
      worst.take(given + ": scores", given.tensor("eval.scores"), ours);
    }
    worst.assertWithin(SCORES);
  }

  @Test
  void lossesAndPenaltiesOfTheEngineAreThoseOfTorch() {
    Worst worst = new Worst("losses of the engine");
    for (TorchCase given : cases()) {
      TorchTerms terms = new TorchTerms(given);
      Replica replica = replica(given, terms);
      double published = terms.lossFactor() * given.number("loss");
      worst.take(given + ": loss", published, replica.loss(terms.batch()));
      if (given.has("penalty")) {
        worst.take(given + ": penalty", given.number("penalty"), replica.penalty());
      }
    }
    worst.assertWithin(LOSSES);
  }

  @Test
  void gradientsOfTheEngineAreThoseOfTorch() {
    Worst worst = new Worst("gradients of the engine");
    for (TorchCase given : cases()) {
      TorchTerms terms = new TorchTerms(given);
      Replica replica = replica(given, terms);
      replica.loss(terms.batch());
      for (Map.Entry<String, String> name : terms.names().entrySet()) {
        if (given.has("grad." + name.getValue())) {
          double[][] published = terms.gradient(name.getKey(), name.getValue());
          worst.take(given + ": " + name.getKey(), published, replica.gradient(name.getKey()));
        }
      }
    }
    worst.assertWithin(GRADIENTS);
  }
}
