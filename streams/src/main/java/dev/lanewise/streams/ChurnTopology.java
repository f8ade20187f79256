package dev.lanewise.streams;

import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Customers are scored as they come; what became of them retrains the model, which is swapped under
 * the scoring.
 */
final class ChurnTopology {

  static final String CUSTOMERS = "customers";
  static final String DECISIONS = "decisions";
  static final String OUTCOMES = "outcomes";
  static final String MODELS = "models";

  private ChurnTopology() {}

  /**
   * {@return the topology}
   *
   * @param served the model in use; retraining replaces it
   * @param window how many outcomes retrain it, all that have come since the last time
   */
  static Topology of(AtomicReference<SharedPredictor> served, int window) {
    StreamsBuilder streams = new StreamsBuilder();
    Consumed<String, String> texts = Consumed.with(Serdes.String(), Serdes.String());
    streams.stream(CUSTOMERS, texts)
        .mapValues(line -> told(served.get().decide(Customers.values(line))))
        .to(DECISIONS, Produced.with(Serdes.String(), Serdes.String()));
    streams.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Retraining.STORE), Serdes.Long(), Serdes.String()));
    streams.stream(OUTCOMES, texts)
        .process(() -> new Retraining(served, window), Retraining.STORE)
        .to(MODELS, Produced.with(Serdes.String(), Serdes.String()));
    return streams.build();
  }

  private static String told(Decision decision) {
    return decision.label() + "," + decision.probability();
  }
}
