package dev.lanewise.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.TextbookAdam;
import dev.lanewise.data.Batch;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.update.Updater;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The small preset for tables, two classes, three classes and values, beside PyTorch in double
 * precision, which computes it in the form of its paper: W·x/√in with one learning rate for all W,
 * and two outputs for two classes.
 */
class TorchPresetTest {

  private static final List<Integer> SHOWN = List.of(2, 4, 10, 20);
  private static final int LAST = SHOWN.getLast();

  /* Some four times what was the worst, in units of a tensor's largest magnitude. */
  private static final double EXACT_GRADIENTS = 6e-15;
  private static final double EXACT_STEPS = 2e-14;
  private static final double STEPS_OF_ONE_EPSILON = 7e-4;
  private static final double SCORES = 8e-7;
  private static final double LOSSES = 4e-7;
  private static final double GRADIENTS = 2e-6;
  private static final double STEPS = 3e-5;

  private static List<TorchCase> cases() {
    return TorchCase.all("preset-", 3);
  }

  /** The parameters of a case, as we have them, in double precision. */
  private static double[] theta(Layout layout, PresetTerms terms, String prefix) {
    double[] theta = new double[layout.size()];
    terms
        .names()
        .forEach(
            (ours, theirs) ->
                Matrices.write(terms.tensor(prefix, theirs), theta, layout.slot(ours)));
    return theta;
  }

  private static void compare(
      Worst worst, TorchCase given, PresetTerms terms, String prefix, double[] theta) {
    terms
        .names()
        .forEach(
            (ours, theirs) ->
                worst.take(
                    given + ": " + prefix + ours,
                    terms.tensor(prefix, theirs),
                    Matrices.read(theta, terms.network().layout().slot(ours))));
  }

  /** A batch of the reference's as the engine takes it. */
  private static Batch floats(ReferenceNetwork.Batch batch) {
    return Replica.batch(batch.x(), batch.targets()).withMasks(batch.masks());
  }

  @Test
  void scoresLossesAndGradientsOfTheReferenceAreThoseOfTorch() {
    Worst worst = new Worst("the preset's gradients by the reference");
    for (TorchCase given : cases()) {
      PresetTerms terms = new PresetTerms(given);
      ReferenceNetwork reference = new ReferenceNetwork(terms.network());
      double[] theta = theta(reference.layout(), terms, "step" + LAST + ".");
      ReferenceNetwork.Batch first = terms.batch(0);
      worst.take(given + ": scores", terms.scores(), reference.logits(theta, given.tensor("x")));
      worst.take(
          given + ": loss",
          terms.lossFactor() * given.number("loss"),
          reference.cost(theta, first).loss());
      double[] gradient = reference.gradient(theta, first);
      for (Map.Entry<String, String> name : terms.names().entrySet()) {
        worst.take(
            given + ": " + name.getKey(),
            terms.gradient(name.getValue()),
            Matrices.read(gradient, reference.layout().slot(name.getKey())));
      }
    }
    worst.assertWithin(EXACT_GRADIENTS);
  }

  /** Takes our steps in double precision, comparing; returns the parameters in the end. */
  private static double[] descend(TorchCase given, PresetTerms terms, Worst worst) {
    ReferenceNetwork reference = new ReferenceNetwork(terms.network());
    double[] theta = theta(reference.layout(), terms, "");
    TextbookAdam adam = new TextbookAdam(reference, terms.recipe().optimizer(), theta);
    for (int step = 0; step < LAST; ) {
      ReferenceNetwork.Batch batch = terms.batch(step);
      double loss = reference.cost(theta, batch).loss();
      adam.step(batch);
      step++;
      if (SHOWN.contains(step)) {
        String prefix = "step" + step + ".";
        worst.take(
            given + ": " + prefix + "loss",
            terms.lossFactor() * given.number(prefix + "loss"),
            loss);
        compare(worst, given, terms, prefix, theta);
      }
    }
    return theta;
  }

  @Test
  void theFirstStepsOfTheReferenceAreThoseOfTorch() {
    Worst worst = new Worst("the preset's first steps by the reference");
    for (TorchCase given : cases()) {
      PresetTerms terms = new PresetTerms(given);
      assertTrue(terms.recipe().dropsTail());
      descend(given, terms, worst);
    }
    worst.assertWithin(EXACT_STEPS);
  }

  /**
   * Torch's steps above have ε by the size of its gradients, so that Adam does the same; here they
   * have the paper's one ε, beside gradients in W that are √in smaller than ours, and in values of
   * a loss twice as large.
   */
  @Test
  void withOneEpsilonForAllTorchGoesNearlyTheSameWay() {
    Worst worst = new Worst("the preset's steps with another ε by the reference");
    for (TorchCase given : cases()) {
      PresetTerms terms = new PresetTerms(given);
      double[] theta = descend(given, terms, new Worst("unused"));
      compare(worst, given, terms, "one_epsilon.step" + LAST + ".", theta);
    }
    worst.assertWithin(STEPS_OF_ONE_EPSILON);
  }

  private static Replica replica(TorchCase given, PresetTerms terms, String prefix) {
    Replica replica = new Replica(terms.network(), given.tensor("x").length);
    terms.names().forEach((ours, theirs) -> replica.put(ours, terms.tensor(prefix, theirs)));
    return replica;
  }

  @Test
  @Tag("kernels")
  void scoresLossesAndGradientsOfTheEngineAreThoseOfTorch() {
    Worst scores = new Worst("the preset's scores by the engine");
    Worst losses = new Worst("the preset's losses by the engine");
    Worst gradients = new Worst("the preset's gradients by the engine");
    for (TorchCase given : cases()) {
      PresetTerms terms = new PresetTerms(given);
      Replica replica = replica(given, terms, "step" + LAST + ".");
      scores.take(given + ": scores", terms.scores(), replica.scores(given.tensor("x")));
      losses.take(
          given + ": loss",
          terms.lossFactor() * given.number("loss"),
          replica.loss(floats(terms.batch(0))));
      terms
          .names()
          .forEach(
              (ours, theirs) ->
                  gradients.take(
                      given + ": " + ours, terms.gradient(theirs), replica.gradient(ours)));
    }
    scores.assertWithin(SCORES);
    losses.assertWithin(LOSSES);
    gradients.assertWithin(GRADIENTS);
  }

  @Test
  @Tag("kernels")
  void theFirstStepsOfTheEngineAreThoseOfTorch() {
    Worst worst = new Worst("the preset's first steps by the engine");
    for (TorchCase given : cases()) {
      PresetTerms terms = new PresetTerms(given);
      Replica replica = replica(given, terms, "");
      Optimizer optimizer = terms.recipe().optimizer();
      Updater updater = replica.updater(optimizer);
      for (int step = 0; step < LAST; ) {
        double loss = replica.loss(floats(terms.batch(step)));
        replica.step(updater);
        step++;
        if (SHOWN.contains(step)) {
          String prefix = "step" + step + ".";
          worst.take(
              given + ": " + prefix + "loss",
              terms.lossFactor() * given.number(prefix + "loss"),
              loss);
          terms
              .names()
              .forEach(
                  (ours, theirs) ->
                      worst.take(
                          given + ": " + prefix + ours,
                          terms.tensor(prefix, theirs),
                          replica.parameter(ours)));
        }
      }
      assertEquals(LAST, updater.step());
    }
    worst.assertWithin(STEPS);
  }
}
