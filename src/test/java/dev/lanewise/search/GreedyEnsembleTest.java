package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.train.DevMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Ensemble selection with replacement, on dev rows alone. */
final class GreedyEnsembleTest {

  private static final Engine ENGINE = Engine.standard();

  /** What is predicted: one of two classes, one of three, two values, or a mean count. */
  enum Kind {
    TWO(new Loss.SigmoidCrossEntropy(), 1),
    THREE(new Loss.SoftmaxCrossEntropy(), 3),
    LABELS(new Loss.SigmoidCrossEntropy(), 3),
    VALUES(new Loss.SquaredError(), 2),
    COUNTS(new Loss.Poisson(), 1);

    final Network network;

    Kind(Loss loss, int outputs) {
      network =
          Network.inputs(2).dense(4).activation(Activation.Function.TANH).dense(outputs).loss(loss);
    }

    DevMetric usual() {
      return network.loss().givesProbabilities() ? DevMetric.logLoss() : DevMetric.rmse();
    }
  }

  private static List<Model> models(Kind kind, int count, long seed) {
    List<Model> models = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      float[] theta = kind.network.initialParameters(100 * seed + m);
      for (int i = 0; i < theta.length; i++) {
        theta[i] *= 2;
      }
      Model model = Model.of(kind.network, theta, ENGINE);
      boolean tempered = kind.network.loss().givesProbabilities() && m % 3 == 1;
      models.add(tempered ? model.withTemperature(new Temperature(2)) : model);
    }
    return models;
  }

  private static Dataset rows(Kind kind, int count, long seed) {
    Random random = new Random(seed);
    int columns = kind == Kind.THREE ? 1 : kind.network.outputs();
    float[] features = new float[2 * count];
    float[] targets = new float[columns * count];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] =
          switch (kind) {
            case TWO, LABELS -> random.nextInt(2);
            case THREE, COUNTS -> random.nextInt(3);
            case VALUES -> (float) random.nextGaussian();
          };
    }
    return Dataset.of(features, 2, targets, columns);
  }

  private static double score(Evaluation judged) {
    return switch (judged) {
      case Evaluation.OfClasses of -> of.classification().logLoss();
      case Evaluation.OfValues of -> of.regression().rmse();
    };
  }

  @Property(tries = 40)
  void theChoiceIsNeverWorseThanTheBestSingleModelOnItsRows(
      @ForAll Kind kind, @ForAll @IntRange(min = 1, max = 6) int count, @ForAll int seed) {
    List<Model> models = models(kind, count, seed);
    Dataset rows = rows(kind, 20, seed);
    GreedyEnsemble.Selection chosen = GreedyEnsemble.of(models).select(rows);
    double best =
        models.stream().mapToDouble(model -> score(model.evaluate(rows))).min().orElseThrow();
    assertEquals(best, chosen.bestSingle(), 1e-6 * best);
    assertTrue(chosen.score() <= chosen.bestSingle(), chosen::toString);
    assertEquals(score(chosen.ensemble().evaluate(rows)), chosen.score(), 1e-6 * best);
  }

  /** Each round's score is the least over all means with one more model, made by hand. */
  @Property(tries = 25)
  void everyRoundAddsTheModelThatMakesTheMeanBest(
      @ForAll Kind kind, @ForAll @IntRange(min = 2, max = 5) int count, @ForAll int seed) {
    List<Model> models = models(kind, count, seed);
    Dataset rows = rows(kind, 15, seed);
    GreedyEnsemble.Selection chosen = GreedyEnsemble.of(models).withRounds(5).select(rows);
    List<Model> soFar = new ArrayList<>();
    for (int round = 0; round < chosen.curve().size(); round++) {
      double least = Double.POSITIVE_INFINITY;
      for (Model model : models) {
        List<Model> more = new ArrayList<>(soFar);
        more.add(model);
        least = Math.min(least, score(Ensemble.of(more).evaluate(rows)));
      }
      assertEquals(least, chosen.curve().get(round), 1e-5 * least);
      soFar.add(models.get(chosen.picks().get(round)));
    }
  }

  @Property(tries = 40)
  void keptAreTheRoundsUpToTheBestScore(
      @ForAll Kind kind,
      @ForAll @IntRange(min = 1, max = 6) int count,
      @ForAll @IntRange(min = 1, max = 30) int rounds,
      @ForAll int seed) {
    GreedyEnsemble.Selection chosen =
        GreedyEnsemble.of(models(kind, count, seed))
            .withRounds(rounds)
            .select(rows(kind, 20, seed));
    double best = Collections.min(chosen.curve());
    assertEquals(best, chosen.score(), 1e-8 * best);
    for (double before : chosen.curve().subList(0, chosen.kept() - 1)) {
      assertTrue(before > chosen.score(), chosen::toString);
    }
    int tried = chosen.curve().size();
    assertEquals(Math.min(rounds, chosen.kept() + 10), tried, "rounds tried");
    double[] weights = chosen.ensemble().weights();
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    assertEquals(chosen.kept(), total);
    List<Integer> kept = chosen.picks().subList(0, chosen.kept());
    List<Integer> places = new HashSet<>(kept).stream().sorted().toList();
    for (int m = 0; m < weights.length; m++) {
      assertEquals(Collections.frequency(kept, places.get(m)), weights[m]);
    }
  }

  @Test
  void ofEqualModelsTheFirstIsTaken() {
    Model model = models(Kind.TWO, 1, 3).getFirst();
    GreedyEnsemble.Selection chosen =
        GreedyEnsemble.of(List.of(model, model, model)).select(rows(Kind.TWO, 20, 3));
    assertEquals(List.of(0), chosen.picks().stream().distinct().toList());
    assertEquals(1, chosen.kept());
  }

  @Property(tries = 20)
  void aGivenMetricChoosesAsTheUsualOneDoesWhereItIsThat(@ForAll Kind kind, @ForAll int seed) {
    List<Model> models = models(kind, 4, seed);
    Dataset rows = rows(kind, 20, seed);
    GreedyEnsemble greedy = GreedyEnsemble.of(models);
    GreedyEnsemble.Selection usual = greedy.select(rows);
    GreedyEnsemble.Selection given = greedy.withMetric(kind.usual()).select(rows);
    assertEquals(usual.metric(), given.metric());
    assertEquals(usual.score(), given.score(), 1e-6 * usual.score());
    assertEquals(usual.bestSingle(), given.bestSingle(), 1e-6 * usual.bestSingle());
  }

  @Test
  void ofAMetricThatIsBetterWhenLargerTheLargestIsKept() {
    List<Model> models = models(Kind.THREE, 5, 9);
    Dataset rows = rows(Kind.THREE, 60, 9);
    GreedyEnsemble.Selection chosen =
        GreedyEnsemble.of(models).withMetric(DevMetric.accuracy()).select(rows);
    double best =
        models.stream()
            .mapToDouble(model -> ((Evaluation.OfClasses) model.evaluate(rows)).accuracy())
            .max()
            .orElseThrow();
    assertEquals(best, chosen.bestSingle());
    assertEquals(Collections.max(chosen.curve()), chosen.score());
    assertTrue(chosen.score() > best, chosen::toString);
  }

  /** Infinite features make each model's predictions NaN or not, by the signs of its weights. */
  @Test
  void aModelWithoutAScoreIsNotChosen() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Model fine = Model.of(network, new float[] {0.5f, 0}, ENGINE);
    Model huge = Model.of(network, new float[] {Float.MAX_VALUE, 0}, ENGINE);
    Dataset rows = Dataset.of(new float[] {1, 1e10f}, 1, new float[] {1, 2}, 1);
    GreedyEnsemble.Selection chosen = GreedyEnsemble.of(List.of(huge, fine)).select(rows);
    assertEquals(List.of(1), chosen.picks().stream().distinct().toList());
    GreedyEnsemble hopeless = GreedyEnsemble.of(List.of(huge));
    assertEquals(
        "no rmse of 1 candidates is a number; expected models that have not diverged",
        assertThrows(ArithmeticException.class, () -> hopeless.select(rows)).getMessage());
  }

  /** An encoder that takes a missing value for a number. */
  private static Encoder encoder(double mean) {
    return Encoder.of(
        true,
        List.of(
            new Column.Numeric("a", mean, false),
            new Column.Numeric("b", 0, false),
            new Column.Label("y")),
        Optional.empty(),
        new Target.Classes(List.of("no", "yes")));
  }

  @Test
  void aTableIsEncodedByEachModelsOwnEncoder() {
    List<List<?>> cells = new ArrayList<>();
    Random random = new Random(4);
    for (int r = 0; r < 30; r++) {
      cells.add(List.of(random.nextGaussian(), random.nextGaussian(), r % 3 == 0 ? "yes" : "no"));
    }
    cells.add(Arrays.asList(null, 1.5, "yes"));
    Table table = Table.ofRows(List.of("a", "b", "y"), cells);
    List<Model> models = models(Kind.TWO, 3, 4);
    List<Model> encoding = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      encoding.add(models.get(m).withEncoder(encoder(m % 2 * 9)));
    }
    GreedyEnsemble.Selection chosen = GreedyEnsemble.of(encoding).select(table);
    double best =
        encoding.stream().mapToDouble(model -> score(model.evaluate(table))).min().orElseThrow();
    assertEquals(best, chosen.bestSingle(), 1e-6);
    assertEquals(score(chosen.ensemble().evaluate(table)), chosen.score(), 1e-6);
    Dataset rows = encoder(0).dataset(table, table.all());
    GreedyEnsemble greedy = GreedyEnsemble.of(encoding);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> greedy.select(rows))
            .getMessage()
            .startsWith("dev: encoded once, but candidate 2 has another encoder"));
  }

  @Test
  void theProvenanceTellsOfTheChoice() {
    GreedyEnsemble.Selection chosen =
        GreedyEnsemble.of(models(Kind.VALUES, 3, 5)).select(rows(Kind.VALUES, 20, 5));
    String text = chosen.ensemble().provenance().entries().get("combined");
    assertEquals(
        "greedily, %d of 3 models in %d rounds, dev rmse %s"
            .formatted(chosen.ensemble().models().size(), chosen.kept(), chosen.score()),
        text);
  }

  @Test
  void theChoiceIsTheSameWheneverItIsMade() throws Exception {
    List<Model> models = models(Kind.THREE, 5, 6);
    Dataset rows = rows(Kind.THREE, 40, 6);
    byte[] first = GreedyEnsemble.of(models).select(rows).ensemble().toBytes();
    assertArrayEquals(first, GreedyEnsemble.of(models).select(rows).ensemble().toBytes());
  }
}
