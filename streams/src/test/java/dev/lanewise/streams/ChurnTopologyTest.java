package dev.lanewise.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChurnTopologyTest {

  private static final Path FILE = Path.of("../data/customers.csv");
  private static final int WINDOW = 200;

  private static List<String> lines;
  private static SharedPredictor first;

  @BeforeAll
  static void train() throws IOException {
    lines = Files.readAllLines(FILE).stream().skip(1).toList();
    first =
        Learner.classifier("status")
            .withRecipe(recipe -> recipe.withEpochs(5))
            .learn(Table.csv(FILE))
            .model()
            .shared();
  }

  private static String withoutOutcome(String line) {
    return line.substring(0, line.lastIndexOf(','));
  }

  private static String told(SharedPredictor predictor, String customer) {
    Decision decision = predictor.decide(Customers.values(customer));
    return decision.label() + "," + decision.probability();
  }

  /** The topics of a topology under test. */
  private static final class Topics implements AutoCloseable {

    private final AtomicReference<SharedPredictor> served = new AtomicReference<>(first);
    private final TopologyTestDriver driver =
        new TopologyTestDriver(ChurnTopology.of(served, WINDOW));

    TestInputTopic<String, String> input(String topic) {
      return driver.createInputTopic(topic, new StringSerializer(), new StringSerializer());
    }

    TestOutputTopic<String, String> output(String topic) {
      return driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer());
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  @Test
  void customersAreScoredAsTheModelDecides() {
    try (Topics topics = new Topics()) {
      TestOutputTopic<String, String> decisions = topics.output(ChurnTopology.DECISIONS);
      for (String line : lines.subList(0, 50)) {
        topics.input(ChurnTopology.CUSTOMERS).pipeInput("id", withoutOutcome(line));
        assertEquals(told(first, withoutOutcome(line)), decisions.readValue());
      }
    }
  }

  @Test
  void outcomesRetrainTheModelThatScoresFromThenOn() {
    try (Topics topics = new Topics()) {
      TestOutputTopic<String, String> models = topics.output(ChurnTopology.MODELS);
      String customer = withoutOutcome(lines.getFirst());
      lines.subList(0, WINDOW - 1).forEach(topics.input(ChurnTopology.OUTCOMES)::pipeInput);
      assertTrue(models.isEmpty(), "one outcome is missing yet");
      topics.input(ChurnTopology.OUTCOMES).pipeInput(lines.get(WINDOW - 1));

      SharedPredictor next = topics.served.get();
      assertEquals(next.model().parametersSha256(), models.readValue());
      topics.input(ChurnTopology.CUSTOMERS).pipeInput("id", customer);
      String decision = topics.output(ChurnTopology.DECISIONS).readValue();
      assertEquals(told(next, customer), decision);
      assertNotEquals(told(first, customer), decision);
    }
  }

  @Test
  void theSameOutcomesGiveTheSameModels() {
    List<String> digests = models();
    assertEquals(3, digests.size());
    assertEquals(3, digests.stream().distinct().count());
    assertEquals(digests, models());
  }

  private static List<String> models() {
    try (Topics topics = new Topics()) {
      lines.subList(0, 3 * WINDOW).forEach(topics.input(ChurnTopology.OUTCOMES)::pipeInput);
      return topics.output(ChurnTopology.MODELS).readValuesToList();
    }
  }
}
