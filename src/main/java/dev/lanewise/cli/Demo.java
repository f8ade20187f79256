package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Ratios;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.kernel.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.StopRule;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Trains one network in four ways on the project's optical digits and prints how they compare. The
 * digits lie in the folder that the launcher names in the property {@code lanewise.data}.
 */
@Command(
    name = "demo",
    description = "Trains four models on optical digits: plain, L2, dropout, batch norm.")
final class Demo implements Callable<Integer> {

  private static final int CLASSES = 10;
  private static final int EPOCHS = 60;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path digits = Path.of(System.getProperty("lanewise.data", "data"), "digits.csv").normalize();
    if (!Files.exists(digits)) {
      throw new IOException(digits + ": no such file; expected the project's data folder");
    }
    Roles roles = Roles.of("label", Task.CLASSIFY);
    Examples examples = Examples.labelled(digits, Optional.empty(), Optional.of(roles));
    Sets sets = Sets.of(examples, Optional.empty(), new Ratios(60, 20, 20), 0, true);
    Engine engine = Engine.standard();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d optical digits: %d to train on, %d dev, %d test; %s%n",
        examples.count(),
        sets.train().rows(),
        sets.dev().orElseThrow().rows(),
        sets.test().orElseThrow().rows(),
        engine);
    out.println(
        "hidden layers 128 and 64, ReLU; Adam, rate 0.001, batches of 64; best epoch by dev loss");
    out.println();
    out.printf(
        "%-12s%8s%10s%10s%10s%14s%12s%12s%n",
        "model", "epochs", "train", "dev", "test", "test correct", "test loss", "rows/s");
    models(sets)
        .forEach(
            (name, network) -> out.println(line(name, train(network, sets, engine), sets, engine)));
    return 0;
  }

  private static Map<String, Network> models(Sets sets) {
    int inputs = sets.encoder().encodedColumns();
    Map<String, Network> models = new LinkedHashMap<>();
    models.put("plain", network(inputs, Penalty.NONE, false, 0));
    models.put("L2 0.001", network(inputs, Penalty.l2(0.001), false, 0));
    models.put("dropout 0.3", network(inputs, Penalty.NONE, false, 0.3));
    models.put("batch norm", network(inputs, Penalty.NONE, true, 0));
    return models;
  }

  private static Network network(int inputs, Penalty penalty, boolean batchNorm, double drop) {
    Network.Builder network = Network.inputs(inputs);
    for (int units : new int[] {128, 64}) {
      network.add(new Dense(units).with(penalty));
      if (batchNorm) {
        network.batchNorm();
      }
      network.relu();
      if (drop > 0) {
        network.add(Dropout.dropping(drop));
      }
    }
    return network.add(new Dense(CLASSES).with(penalty)).loss(new Loss.SoftmaxCrossEntropy());
  }

  private record Outcome(Training training, double samplesPerSecond) {}

  private Outcome train(Network network, Sets sets, Engine engine) {
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.001)).withEpochs(EPOCHS).with(StopRule.patience(10));
    TrainingData rows =
        TrainingData.of(sets.train())
            .withDev(sets.dev().orElseThrow())
            .withMetric(Scores.metric(sets.encoder().target()));
    Training training = Training.start(recipe, rows, engine);
    Progress progress =
        new Progress(spec.commandLine().getErr(), EPOCHS, sets.train().rows(), "accuracy");
    for (Epoch epoch : training) {
      progress.show(epoch);
    }
    progress.end();
    return new Outcome(training, progress.samplesPerSecond());
  }

  private static String line(String name, Outcome outcome, Sets sets, Engine engine) {
    Training training = outcome.training();
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(training.network(), training.parameters(), engine));
    Classification train = judge(plan, sets.train());
    Classification dev = judge(plan, sets.dev().orElseThrow());
    Classification test = judge(plan, sets.test().orElseThrow());
    return "%-12s%8d%10.4f%10.4f%10.4f%14s%12.4f%12.0f"
        .formatted(
            name,
            training.epochs(),
            train.accuracy(),
            dev.accuracy(),
            test.accuracy(),
            test.correct() + "/" + test.rows(),
            test.logLoss(),
            outcome.samplesPerSecond());
  }

  private static Classification judge(InferencePlan plan, Dataset rows) {
    float[] scores = new float[rows.rows() * CLASSES];
    plan.scores(rows.features(), 0, rows.rows(), scores, 0);
    return Classification.of(scores, CLASSES, rows.targets(), rows.rows());
  }
}
