package dev.lanewise.model;

import static dev.lanewise.Refusals.assertRefused;
import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The descriptions in a model's header: all kinds come back, and no other kind is read. */
final class DescriptionFieldsTest {

  private static Network network(Initializer initializer, Loss loss) {
    return Network.inputs(2).add(new Dense(3).withInitializer(initializer)).loss(loss);
  }

  private static JsonReader networkWith(String old, String other) {
    String text =
        NetworkJson.write(network(new Initializer.Zeros(), new Loss.SquaredError())).toString();
    assertTrue(text.contains(old), text);
    return new JsonReader(text.replace(old, other));
  }

  private static JsonReader encoderWith(String old, String other) {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(new Column.Categorical("x", List.of("a", "b"), false)),
            Optional.empty(),
            new Target.Classes(List.of("no", "yes")));
    String text = EncoderJson.write(encoder).toString();
    assertTrue(text.contains(old), text);
    return new JsonReader(text.replace(old, other));
  }

  @Test
  void everyInitializerIsReadAsItWasWritten() {
    for (Distribution distribution : Distribution.values()) {
      for (Initializer initializer :
          List.of(
              new Initializer.Zeros(),
              new Initializer.Fixed(0.1, distribution),
              new Initializer.LeCun(distribution),
              new Initializer.Glorot(distribution),
              new Initializer.He(distribution),
              new Initializer.Orthogonal(1.25))) {
        Network network = network(initializer, new Loss.SquaredError());
        assertEquals(
            network, NetworkJson.read(new JsonReader(NetworkJson.write(network).toString())));
      }
    }
  }

  @Test
  void everyLossIsReadAsItWasWritten() {
    for (Loss loss :
        List.of(
            new Loss.SoftmaxCrossEntropy(0.1f),
            new Loss.SigmoidCrossEntropy(0.2f),
            new Loss.SquaredError(),
            new Loss.Poisson(),
            new Loss.Quantile(0.9f),
            new Loss.Huber(0.3f))) {
      Network network = network(new Initializer.Zeros(), loss);
      assertEquals(
          network, NetworkJson.read(new JsonReader(NetworkJson.write(network).toString())));
    }
  }

  @Test
  void unknownKindsAreRefusedByName() {
    assertRefusedSaying("ones", () -> NetworkJson.read(networkWith("\"zeros\"", "\"ones\"")));
    assertRefusedSaying(
        "hinge", () -> NetworkJson.read(networkWith("\"squared_error\"", "\"hinge\"")));
    assertRefusedSaying("conv", () -> NetworkJson.read(networkWith("\"dense\"", "\"conv\"")));
    assertRefusedSaying(
        "colour", () -> EncoderJson.read(encoderWith("\"categorical\"", "\"colour\"")));
    assertRefusedSaying("ranks", () -> EncoderJson.read(encoderWith("\"classes\"", "\"ranks\"")));
  }

  @Test
  void listsOfOtherThingsThanTextsAreRefused() {
    assertRefusedSaying("expected strings", () -> EncoderJson.read(encoderWith("\"yes\"", "1")));
  }

  @Test
  void aDescriptionHasFewMembersAndEachOnce() {
    StringBuilder many = new StringBuilder("{\"m0\":0");
    for (int i = 1; i <= 64; i++) {
      many.append(",\"m").append(i).append("\":[{}]");
    }
    assertRefused(
        "network: more than 64 members; member \"m64\" is unknown",
        () -> NetworkJson.read(new JsonReader(many + "}")));
    assertRefused(
        "network: character 13: the name \"inputs\" stands twice",
        () -> NetworkJson.read(new JsonReader("{\"inputs\":1,\"inputs\":1}")));
  }

  /** A member is read when it is asked for, whatever stands before it. */
  @Test
  void membersStandInAnyOrder() {
    Network network = network(new Initializer.Zeros(), new Loss.Huber(0.25f));
    String text = NetworkJson.write(network).toString();
    int loss = text.indexOf(",\"loss\":");
    String turned =
        "{" + text.substring(loss + 1, text.length() - 1) + "," + text.substring(1, loss) + "}";
    assertEquals(network, NetworkJson.read(new JsonReader(turned)));
  }
}
