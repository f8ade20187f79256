package dev.lanewise.learn;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Encoder.What;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Categories as the numbers of their values, from the table to the served model. */
class IndexColumnsTest {

  private static final List<String> CITIES = List.of("Ath", "Bonn", "Caen", "Delft");

  /** A category of four values and missing ones, one of two values, and a number to predict. */
  private static Table table() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      Map<String, Object> row = new HashMap<>();
      row.put("city", r % 5 == 4 ? null : CITIES.get(r % 5));
      row.put("size", 1.5 * r);
      row.put("kind", r % 2 == 0 ? "new" : "old");
      row.put("price", r % 5 + 0.25 * r);
      rows.add(row);
    }
    return Table.ofMaps(rows);
  }

  private static final Roles ROLES = Roles.of("price", Roles.Task.REGRESS);

  private static final int[] TRAINING = IntStream.range(0, 40).toArray();

  @TempDir Path folder;

  private static Encoder encoder(Encoder.Options options) {
    return Encoder.fit(table(), ROLES, TRAINING, options.withIndexAbove(2));
  }

  private static int place(Encoder encoder, What what) {
    List<Encoder.Encoded> columns = encoder.encoded();
    return IntStream.range(0, columns.size())
        .filter(c -> columns.get(c).what() == what)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreNumberedInOrderAndNeverScaled(Encoder.Scale scale) {
    Encoder encoder = encoder(Encoder.Options.standard().withScale(scale));
    int city = place(encoder, What.INDEX);
    assertEquals(5, encoder.encoded().get(city).values());
    for (int i = 0; i < 4; i++) {
      assertEquals(i, encoder.encode(Map.of("city", CITIES.get(i)))[city]);
    }
    assertEquals(4, encoder.encode(Map.of("size", 3))[city]);
    assertEquals(-1, encoder.encode(Map.of("city", "Rome"))[city]);
    float[] rows = encoder.features(table(), TRAINING);
    for (int r = 0; r < 40; r++) {
      assertEquals(r % 5, rows[r * encoder.encodedColumns() + city]);
    }
  }

  @Test
  void aMissingValueThatTrainingRowsNeverMissedHasNoNumber() {
    int[] known = IntStream.range(0, 40).filter(r -> r % 5 != 4).toArray();
    Encoder encoder =
        Encoder.fit(table(), ROLES, known, Encoder.Options.standard().withIndexAbove(2));
    int city = place(encoder, What.INDEX);
    assertEquals(4, encoder.encoded().get(city).values());
    assertEquals(-1, encoder.encode(Map.of("size", 3))[city]);
  }

  @Test
  void onlyCategoriesOfMoreValuesAreNumbered() {
    List<What> expected = List.of(What.INDEX, What.NUMBER, What.ONE_HOT, What.ONE_HOT);
    Encoder encoder = encoder(Encoder.Options.standard());
    assertEquals(
        expected.stream().sorted().toList(),
        encoder.encoded().stream().map(Encoder.Encoded::what).sorted().toList());
    Encoder signed = encoder(Encoder.Options.standard().withSignedPairs(true));
    assertEquals(
        List.of(What.NUMBER, What.SIGN, What.INDEX),
        signed.encoded().stream().map(Encoder.Encoded::what).sorted().toList());
  }

  /** The most values of a category that has columns do not limit the numbers. */
  @Test
  void everyValueHasANumber() {
    Encoder encoder = encoder(Encoder.Options.standard().withMaxCategories(3));
    Column.Categorical city =
        (Column.Categorical) encoder.encoded().get(place(encoder, What.INDEX)).source();
    assertEquals(CITIES, city.categories());
  }

  /** So that an embedding does not learn rows by heart. */
  @Test
  void valuesOfOneRowShareANumber() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      rows.add(
          Map.of("id", "row " + r, "place", r < 36 ? "p" + r % 12 : "once " + r, "price", 1.5 * r));
    }
    Encoder encoder =
        Encoder.fit(
            Table.ofMaps(rows), ROLES, TRAINING, Encoder.Options.standard().withIndexAbove(8));
    List<String> names = encoder.encoded().stream().map(c -> c.source().name()).toList();
    int id = names.indexOf("id");
    int place = names.indexOf("place");
    assertEquals(1, encoder.encoded().get(id).values());
    assertEquals(13, encoder.encoded().get(place).values());
    for (String other : List.of("once 36", "once 39", "never")) {
      assertEquals(12, encoder.encode(Map.of("place", other))[place]);
    }
    for (String other : List.of("row 0", "row 39", "row 40")) {
      assertEquals(0, encoder.encode(Map.of("id", other))[id]);
    }
    assertTrue(encoder.encode(Map.of("place", "p7"))[place] < 12);
  }

  private static Network network(Encoder encoder, int values) {
    int city = place(encoder, What.INDEX);
    List<Integer> others =
        IntStream.range(0, encoder.encodedColumns()).filter(c -> c != city).boxed().toList();
    Embedding embedding =
        new Embedding(
            List.of(
                new Embedding.Category(List.of(city), List.of(values), 3),
                new Embedding.Pass(others)));
    return Network.inputs(encoder.encodedColumns())
        .add(embedding)
        .dense(8)
        .relu()
        .dense(1)
        .loss(new Loss.SquaredError());
  }

  @Test
  void aNetworkMustTakeNumbersOfValuesAsSuch() {
    Encoder encoder = encoder(Encoder.Options.standard());
    Dataset rows = encoder.dataset(table(), TRAINING);
    Network plain = Network.inputs(encoder.encodedColumns()).dense(1).loss(new Loss.SquaredError());
    int city = place(encoder, What.INDEX);
    String taken = "network: input %d, of column city, taken as ".formatted(city);
    String asNumber = taken + "a number; expected the number of one of 5 values";
    assertRefusedSaying(asNumber, () -> training(plain, rows));
    assertRefusedSaying(
        asNumber,
        () -> Model.of(plain, plain.initialParameters(1), Engine.standard()).withEncoder(encoder));
    assertRefusedSaying(
        taken + "the number of one of 4 values; expected the number of one of 5 values",
        () -> training(network(encoder, 4), rows));
    Encoder oneHot = Encoder.fit(table(), ROLES, TRAINING, Encoder.Options.standard());
    Network wrong =
        Network.inputs(oneHot.encodedColumns())
            .add(
                new Embedding(
                    List.of(
                        new Embedding.Category(List.of(0), List.of(5), 3),
                        new Embedding.Pass(
                            IntStream.range(1, oneHot.encodedColumns()).boxed().toList()))))
            .dense(1)
            .loss(new Loss.SquaredError());
    assertRefusedSaying(
        "taken as the number of one of 5 values; expected a number",
        () -> training(wrong, oneHot.dataset(table(), TRAINING)));
  }

  private static Training training(Network network, Dataset rows) {
    return training(Recipe.of(network, Optimizer.adam(0.02)), rows);
  }

  private static Training training(Recipe recipe, Dataset rows) {
    return Training.start(
        recipe.withBatchSize(8).withEpochs(60), TrainingData.of(rows), Engine.standard());
  }

  @Test
  void numbersOfValuesAreNotMixedAndGetNoNoise() {
    Encoder encoder = encoder(Encoder.Options.standard());
    Recipe recipe = Recipe.of(network(encoder, 5), Optimizer.adam(0.02));
    Dataset rows = encoder.dataset(table(), TRAINING);
    for (Augmentation change : List.of(new Augmentation.Noise(0.1), new Augmentation.Mixup(0.2))) {
      assertRefusedSaying(
          "augmentations: " + change + " of columns that are numbers of categories; expected none",
          () -> training(recipe.withAugmentations(List.of(change)), rows));
    }
  }

  /** What is trained, saved, loaded and asked by raw values is one thing. */
  @Test
  void aModelOfNumberedCategoriesIsTrainedSavedAndServed() throws IOException {
    Encoder encoder = encoder(Encoder.Options.standard());
    Dataset rows = encoder.dataset(table(), TRAINING);
    Training training = training(network(encoder, 5), rows);
    List<Double> losses = new ArrayList<>();
    for (Epoch epoch : training) {
      losses.add(epoch.trainingLoss());
    }
    assertTrue(losses.getLast() < losses.getFirst() / 10, losses::toString);
    Model model =
        Model.of(network(encoder, 5), training.parameters(), Engine.standard())
            .withEncoder(encoder);
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    Model loaded = Model.load(file);
    assertEquals(encoder, loaded.encoder().orElseThrow());
    float[] one = new float[1];
    float[] other = new float[1];
    for (String city : List.of("Ath", "Delft", "Rome")) {
      float[] row = encoder.encode(Map.of("city", city, "size", 7, "kind", "old"));
      model.predictor().predict(row, 1, one);
      loaded.predictor().predict(row, 1, other);
      assertTrue(Float.isFinite(one[0]), city);
      assertArrayEquals(one, other);
    }
  }
}
