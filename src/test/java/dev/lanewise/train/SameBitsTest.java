package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.model.Model;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A training on real data that uses everything at once (batch norm, dropout, a penalty, Adam, early
 * stopping) gives the same bits with any kernels and on any number of threads.
 */
@Tag("kernels")
class SameBitsTest {

  @Test
  void parametersAreIndependentOfKernelsAndThreads() throws IOException {
    Engine scalar = Engine.of("scalar");
    Engine standard = Engine.standard();
    String expected = trained(scalar);
    try (ExecutorService helpers = Executors.newSingleThreadExecutor()) {
      assertEquals(expected, trained(scalar.withParallel(Parallel.on(helpers, 2))));
      assertEquals(expected, trained(standard));
      assertEquals(expected, trained(standard.withParallel(Parallel.on(helpers, 2))));
    }
  }

  private static String trained(Engine engine) throws IOException {
    Table table = Table.csv(Path.of("data/digits.csv"));
    Split split = Split.plain(table.rows(), Split.Ratios.parse("40/10/50"), 0);
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("label", Roles.Task.CLASSIFY),
            split.train(),
            Encoder.Options.standard());
    Network network =
        Network.inputs(encoder.encodedColumns())
            .add(new Dense(64).withPenalty(Penalty.l2(1e-4)))
            .batchNorm()
            .relu()
            .dropout(0.2)
            .add(new Dense(33).withPenalty(Penalty.l2(1e-4)))
            .batchNorm()
            .relu()
            .dropout(0.2)
            .add(new Dense(10).withPenalty(Penalty.l2(1e-4)))
            .loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.001))
            .withEpochs(3)
            .withSeed(1)
            .withEarlyStopping(EarlyStopping.patience(2));
    TrainingData data =
        TrainingData.of(encoder.dataset(table, split.train()))
            .withDev(encoder.dataset(table, split.dev()));
    Training training = Samples.trained(recipe, data, engine);
    return Model.of(training.network(), training.parameters(), engine).parametersSha256();
  }
}
