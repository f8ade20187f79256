package dev.lanewise.published;

import dev.lanewise.data.Batch;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The double-precision reference beside PyTorch in double precision: two oracles, one number. */
class TorchReferenceTest {

  /* Some four times what was the worst, in units of a tensor's largest magnitude. */
  private static final double ONE_BATCH = 1e-14;
  private static final double A_HUNDRED_STEPS = 3e-15;

  private static List<TorchCase> batches() {
    return TorchCase.all("batch-", 47);
  }

  @Test
  void scoresOfTheReferenceAreThoseOfTorch() {
    Worst worst = new Worst("scores of the reference");
    for (TorchCase given : batches()) {
      TorchTerms terms = new TorchTerms(given);
      ReferenceNetwork reference = new ReferenceNetwork(terms.network());
      double[] theta = theta(reference.layout(), terms);
      worst.take(
          given + ": scores in evaluation",
          given.tensor("eval.scores"),
          reference.logits(theta, given.tensor("x")));
      worst.take(
          given + ": scores in training",
          given.tensor("train.scores"),
          reference.trainingLogits(theta, batch(given, terms)));
    }
    worst.assertWithin(ONE_BATCH);
  }

  @Test
  void lossesAndGradientsOfTheReferenceAreThoseOfTorch() {
    Worst worst = new Worst("losses and gradients of the reference");
    for (TorchCase given : batches()) {
      TorchTerms terms = new TorchTerms(given);
      ReferenceNetwork reference = new ReferenceNetwork(terms.network());
      double[] theta = theta(reference.layout(), terms);
      ReferenceNetwork.Batch batch = batch(given, terms);
      ReferenceNetwork.Cost cost = reference.cost(theta, batch);
      worst.take(given + ": loss", terms.lossFactor() * given.number("loss"), cost.loss());
      if (given.has("penalty")) {
        worst.take(given + ": penalty", given.number("penalty"), cost.penalty());
      }
      double[] gradient = reference.gradient(theta, batch);
      for (Map.Entry<String, String> name : terms.names().entrySet()) {
        if (given.has("grad." + name.getValue())) {
          worst.take(
              given + ": " + name.getKey(),
              terms.gradient(name.getKey(), name.getValue()),
              Matrices.read(gradient, reference.layout().slot(name.getKey())));
        }
      }
    }
    worst.assertWithin(ONE_BATCH);
  }

  /** θ := θ − α·g and running := decay·running + (1 − decay)·batch, in double precision. */
  @Test
  void gradientDescentOnTheReferenceGoesWhereTorchGoes() {
    Worst worst = new Worst("a hundred steps of gradient descent on the reference");
    for (String name : List.of("steps-sgd", "steps-sgd-decay", "steps-batch-norm-sgd")) {
      for (BatchNorm.Variance variance : BatchNorm.Variance.values()) {
        descend(TorchCase.read(name), variance, worst);
      }
    }
    worst.assertWithin(A_HUNDRED_STEPS);
  }

  private static void descend(TorchCase given, BatchNorm.Variance variance, Worst worst) {
    TorchTerms terms = new TorchTerms(given, variance);
    ReferenceNetwork reference = new ReferenceNetwork(terms.network());
    Layout layout = reference.layout();
    double[] theta = theta(layout, terms);
    double rate = given.described("optimizer").number("lr");
    for (int step = 0; step < 100; step++) {
      double[] gradient = reference.gradient(theta, part(given, step));
      for (int i = 0; i < layout.trained(); i++) {
        theta[i] -= rate * gradient[i];
      }
      for (Network.Node node : reference.network().nodes()) {
        if (node.layer() instanceof BatchNorm norm) {
          average(layout, node, norm, theta, gradient);
        }
      }
    }
    terms
        .names()
        .forEach(
            (ours, theirs) ->
                worst.take(
                    given + ": " + ours,
                    terms.tensor("step100.", ours, theirs),
                    Matrices.read(theta, layout.slot(ours))));
  }

  private static void average(
      Layout layout, Network.Node node, BatchNorm norm, double[] theta, double[] batch) {
    for (Slot.Role role : List.of(Slot.Role.MEAN, Slot.Role.VARIANCE)) {
      Slot slot = node.slot(layout, role);
      for (int i = slot.offset(); i < slot.end(); i++) {
        theta[i] = norm.decay() * theta[i] + (1 - norm.decay()) * batch[i];
      }
    }
  }

  /** The batch of a step: rows in order, the last batch shorter. */
  private static ReferenceNetwork.Batch part(TorchCase given, int step) {
    double[][] x = given.tensor("x");
    int size = Integer.parseInt(given.described("batch").name());
    int from = step % Math.ceilDiv(x.length, size) * size;
    int to = Math.min(from + size, x.length);
    return new ReferenceNetwork.Batch(
        Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(given.tensor("y"), from, to));
  }

  private static double[] theta(Layout layout, TorchTerms terms) {
    double[] theta = new double[layout.size()];
    terms
        .names()
        .forEach(
            (ours, theirs) ->
                Matrices.write(terms.tensor("", ours, theirs), theta, layout.slot(ours)));
    return theta;
  }

  private static ReferenceNetwork.Batch batch(TorchCase given, TorchTerms terms) {
    Batch batch = terms.batch();
    ReferenceNetwork.Batch plain =
        new ReferenceNetwork.Batch(given.tensor("x"), given.tensor("y"), terms.masks(), 0);
    return batch.weights() == null ? plain : plain.withWeights(batch.weights());
  }
}
