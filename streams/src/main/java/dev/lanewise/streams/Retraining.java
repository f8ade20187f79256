package dev.lanewise.streams;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Collects outcomes, and when there are enough goes on training from the parameters in use: the
 * same encoder, a few epochs at a low rate. The same outcomes in the same order give the same bits.
 */
final class Retraining implements Processor<String, String, String, String> {

  static final String STORE = "outcomes-since-retraining";

  private static final double RATE = 1e-3;
  private static final int EPOCHS = 5;

  private final AtomicReference<SharedPredictor> served;
  private final int window;
  private ProcessorContext<String, String> context;
  private KeyValueStore<Long, String> outcomes;

  Retraining(AtomicReference<SharedPredictor> served, int window) {
    this.served = served;
    this.window = window;
  }

  @Override
  public void init(ProcessorContext<String, String> given) {
    context = given;
    outcomes = given.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, String> outcome) {
    outcomes.put(outcomes.approximateNumEntries(), outcome.value());
    if (outcomes.approximateNumEntries() < window) {
      return;
    }
    Model next = retrained((Model) served.get().model(), taken());
    served.set(next.shared());
    context.forward(outcome.withKey("churn").withValue(next.parametersSha256()));
  }

  /** Takes all outcomes out of the store, in the order in which they came. */
  private List<List<String>> taken() {
    List<List<String>> rows = new ArrayList<>();
    List<Long> keys = new ArrayList<>();
    try (KeyValueIterator<Long, String> all = outcomes.all()) {
      all.forEachRemaining(
          entry -> {
            keys.add(entry.key);
            rows.add(Customers.values(entry.value));
          });
    }
    keys.forEach(outcomes::delete);
    return rows;
  }

  private static Model retrained(Model model, List<List<String>> rows) {
    Encoder encoder = model.encoder().orElseThrow();
    Table table = Table.ofRows(Customers.COLUMNS, rows);
    Dataset outcomes = encoder.dataset(table, table.all());
    Recipe recipe =
        Recipe.of(model.network(), Optimizer.adam(RATE)).withBatchSize(32).withEpochs(EPOCHS);
    try (Training training =
        Training.start(recipe, TrainingData.of(outcomes), model.parameters(), Engine.standard())) {
      training.forEach(epoch -> {});
      return training.model();
    }
  }
}
