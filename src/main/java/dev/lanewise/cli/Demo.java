package dev.lanewise.cli;

import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.engine.Engine;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Trains one network in four ways on the project's optical digits, and the preset for tables, and
 * prints how they compare. The digits lie in the folder that the launcher names in the property
 * {@code lanewise.data}.
 */
@Command(
    name = "demo",
    description =
        "Trains five models on optical digits: plain, L2, dropout, batch norm, and --preset"
            + " tabular.")
final class Demo implements Callable<Integer> {

  private static final int CLASSES = 10;
  private static final int EPOCHS = 60;
  private static final int SEEDS = 5;

  @Spec private CommandSpec spec;

  /**
   * One of the ways.
   *
   * @param name how the table calls it
   * @param learner makes a learner of digits one that learns in this way
   */
  private record Way(String name, UnaryOperator<Learner> learner) {

    /**
     * {@return a way of the small network}
     *
     * @param penalty the penalty on all weights
     * @param batchNorm whether hidden layers are normalised
     * @param drop the probability of dropping a hidden unit
     */
    static Way of(String name, Penalty penalty, boolean batchNorm, double drop) {
      return new Way(
          name,
          learner ->
              learner
                  .withNetwork((inputs, outputs, loss) -> network(inputs, penalty, batchNorm, drop))
                  .withRecipe(recipe -> recipe.withEpochs(EPOCHS)));
    }

    private static Network network(int inputs, Penalty penalty, boolean batchNorm, double drop) {
      Network.Builder network = Network.inputs(inputs);
      for (int units : new int[] {128, 64}) {
        network.add(new Dense(units).withPenalty(penalty));
        if (batchNorm) {
          network.batchNorm();
        }
        network.relu();
        if (drop > 0) {
          network.dropout(drop);
        }
      }
      return network
          .add(new Dense(CLASSES).withPenalty(penalty))
          .loss(new Loss.SoftmaxCrossEntropy());
    }
  }

  private static final List<Way> WAYS =
      List.of(
          Way.of("plain", Penalty.NONE, false, 0),
          Way.of("L2 0.001", Penalty.l2(0.001), false, 0),
          Way.of("dropout 0.3", Penalty.NONE, false, 0.3),
          Way.of("batch norm", Penalty.NONE, true, 0),
          new Way("tabular", learner -> learner.withPreset(Tabular.small())));

  @Override
  public Integer call() throws IOException {
    Path digits = Path.of(System.getProperty("lanewise.data", "data"), "digits.csv").normalize();
    if (!Files.exists(digits)) {
      throw new IOException(digits + ": no such file; expected the project's data folder");
    }
    FileChecks.requireDistinct(FileChecks.Given.of("the data", digits));
    Table table = TableReader.create().withLabels("label").csv(digits);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d optical digits, %d splits in 60 %% to train on, 20 %% dev, 20 %% test%n",
        table.rows(), SEEDS);
    out.println(
        "hidden layers 128 and 64, ReLU; Adam, rate 0.001, batches of 64; best epoch by dev loss;");
    out.println(
        "tabular: --preset tabular, what lanewise train begins with; best epoch after a"
            + " temperature");
    out.println(Engine.standard());
    out.println();
    out.printf(
        "%-12s%12s%12s%12s%14s%12s%12s%n",
        "model", "train", "dev", "test", "test correct", "test loss", "rows/s");
    for (Way way : WAYS) {
      out.println(compare(way, table));
    }
    return 0;
  }

  /**
   * The result of a training.
   *
   * @param learned the model and its scores
   * @param speed training rows for each second
   */
  private record Outcome(Learned learned, double speed) {

    Classification of(String set) {
      return ((Evaluation.OfClasses) learned.evaluations().get(set)).classification();
    }
  }

  /** {@return a line of the table: means over the splits} */
  private String compare(Way way, Table table) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      outcomes.add(train(way, table, seed));
    }
    return "%-12s%12.4f%12.4f%12.4f%14s%12.4f%12.0f"
        .formatted(
            way.name(),
            mean(outcomes, outcome -> outcome.of("train").accuracy()),
            mean(outcomes, outcome -> outcome.of("dev").accuracy()),
            mean(outcomes, outcome -> outcome.of("test").accuracy()),
            outcomes.stream().mapToInt(outcome -> outcome.of("test").correct()).sum()
                + "/"
                + outcomes.stream().mapToInt(outcome -> outcome.of("test").rows()).sum(),
            mean(outcomes, outcome -> outcome.of("test").logLoss()),
            mean(outcomes, Outcome::speed));
  }

  private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> score) {
    return outcomes.stream().mapToDouble(score).average().orElseThrow();
  }

  private Outcome train(Way way, Table table, long seed) {
    Learner learner = way.learner().apply(Learner.classifier("label")).withSeed(seed);
    try (Progress progress = new Progress(spec.commandLine().getErr());
        Run run = learner.begin(table)) {
      EpochLine line =
          new EpochLine(progress, run.recipe().epochs(), run.train().rows(), "accuracy");
      for (Epoch epoch : run) {
        line.show(epoch);
      }
      progress.end();
      return new Outcome(run.finish(), line.samplesPerSecond().orElseThrow());
    }
  }
}
