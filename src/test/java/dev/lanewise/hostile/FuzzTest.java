package dev.lanewise.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Sealed;
import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.json.JsonException;
import dev.lanewise.json.JsonReader;
import dev.lanewise.learn.Learner;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, its reader gives what the file says or refuses it as documented, in one
 * line. The inputs begin as sound ones and are changed where it hurts: lengths, structure, values,
 * and digests put right again, so that what lies behind them is reached.
 */
final class FuzzTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  /** A refusal is a line that can be printed, and says what it is about. */
  private static boolean refused(Exception e, String source) {
    String message = e.getMessage();
    assertTrue(message != null && message.startsWith(source), () -> "message: " + message);
    assertTrue(
        message.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028),
        () -> "message: " + message);
    assertTrue(message.length() < 5000, () -> "message: " + message);
    return false;
  }

  // JSON

  private static final String[] DOCUMENTS = {
    "{\"a\":[1,-2.5e-3,true,null,{\"b\":\"\\u00e9\\ud83d\\ude00\\n\"}],\"c\":{}}",
    Sealed.header(sounds()[0]),
    Sealed.header(sounds()[1])
  };

  @Test
  void jsonIsReadOrRefused() {
    Fuzzing.feed(
        "json",
        new Fuzzing.Subject() {
          @Override
          public byte[] draw(Random random) {
            Mutations mutations = new Mutations(random);
            String text = mutations.json(mutations.one(DOCUMENTS));
            byte[] bytes = text.getBytes(UTF_8);
            return mutations.once(2) ? bytes : mutations.bytes(bytes, bytes);
          }

          @Override
          public boolean reads(byte[] input) {
            String text = new String(input, UTF_8);
            Json value;
            try {
              value = Json.parse(text);
            } catch (JsonException e) {
              assertTrue(e.getMessage().length() < 400, e.getMessage());
              return false;
            }
            assertEquals(value, Json.parse(value.toString()));
            JsonReader past = new JsonReader(text);
            past.skip();
            past.end();
            return true;
          }
        },
        50_000);
  }

  // Models

  private static byte[][] sounds() {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(
                new Column.Numeric("n", 1.5, true, new Column.Range(0, 3)),
                new Column.Date("d", 1e9, false, Column.Range.UNKNOWN),
                new Column.Bool("b", true, true),
                new Column.Categorical("c", List.of("x", "1", "1.5", "true"), true, true),
                new Column.Ignored("i"),
                new Column.Label("y")),
            Optional.of(Standardizer.of(new double[11], filled(11))),
            new Target.Classes(List.of("no", "yes")));
    Network network =
        Network.inputs(11)
            .dense(3)
            .batchNorm()
            .relu()
            .dropout(0.5)
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Model classes =
        Model.of(network, network.initialParameters(1), ENGINE)
            .withEncoder(encoder)
            .withTemperature(new Temperature(1.5f))
            .withThreshold(new Threshold(0.25f));
    Network two = Network.inputs(2).dense(2).layerNorm().relu().dense(2).loss(new Loss.Huber(0.5f));
    Model values =
        Model.of(two, two.initialParameters(2), ENGINE)
            .withEncoder(
                Encoder.of(
                    false,
                    List.of(
                        new Column.Numeric("1", 0, false, Column.Range.UNKNOWN),
                        new Column.Numeric("2", 0, false, Column.Range.UNKNOWN)),
                    Optional.empty(),
                    new Target.Values(Standardizer.of(new double[] {1, 2}, new double[] {3, 4}))));
    return new byte[][] {
      classes.toBytes(),
      Ensemble.of(List.of(classes, classes.withTemperature(new Temperature(3)))).toBytes(),
      values.toBytes(),
      ofPreset(Tabular.ensemble(2), Roles.of("kind", Roles.Task.CLASSIFY)),
      ofPreset(Tabular.full(), Roles.of("price", Roles.Task.REGRESS)),
      calibrated(classes, Conformal.Score.APS),
      calibrated(values, Conformal.Score.RESIDUAL),
      calibrated(Ensemble.of(List.of(quantile(0.25f), quantile(0.75f))), Conformal.Score.CQR)
    };
  }

  /** Small, and with every kind of column, of code of a column and of layer that a preset has. */
  private static byte[] ofPreset(Tabular preset, Roles roles) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String plant = "plant " + i % 10;
      Object price = i == 7 ? "?" : 1.5 + i % 6;
      rows.add(List.of(i * 0.25, plant, i % 3 == 0, price, i % 4 == 0 ? "a" : "b"));
    }
    List<String> names = List.of("weight", "plant", "sold", "price", "kind");
    return Learner.of(roles)
        .withPreset(preset.withHidden(4, 3).withCategorySize(2).withPiecewiseSizes(3, 2))
        .withRecipe(recipe -> recipe.withEpochs(1))
        .learn(
            Table.ofRows(names, roles.task() == Roles.Task.CLASSIFY ? rows : rows.subList(8, 40)))
        .model()
        .toBytes();
  }

  private static Model quantile(float tau) {
    Network network = Network.inputs(2).dense(1).loss(new Loss.Quantile(tau));
    return Model.of(network, network.initialParameters(3), ENGINE);
  }

  /** Two coverages, of which the second has too few rows. */
  private static byte[] calibrated(TrainedModel model, Conformal.Score score) {
    int columns = score == Conformal.Score.RESIDUAL ? 2 : 1;
    float[] targets = new float[4 * columns];
    targets[columns] = 1;
    Dataset rows = Dataset.of(new float[4 * model.columns()], model.columns(), targets, columns);
    return Conformal.calibrate(model, rows, score, 0.5, 0.9).model().toBytes();
  }

  private static double[] filled(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 2);
    return ones;
  }

  @Test
  void modelsAreReadOrRefused() {
    byte[][] sound = sounds();
    Fuzzing.feed(
        "model",
        new Fuzzing.Subject() {
          @Override
          public byte[] draw(Random random) {
            Mutations mutations = new Mutations(random);
            return mutations.file(mutations.one(sound), mutations.one(sound));
          }

          @Override
          public boolean reads(byte[] input) throws IOException {
            TrainedModel model;
            try {
              model = TrainedModel.of(input);
            } catch (IOException e) {
              return refused(e, "bytes");
            }
            byte[] written = model.toBytes();
            TrainedModel again = TrainedModel.of(written);
            assertArrayEquals(written, again.toBytes());
            assertArrayEquals(predictions(model), predictions(again));
            assertEquals(
                model.conformal().map(Conformal::toString),
                again.conformal().map(Conformal::toString));
            return true;
          }
        },
        5_000);
  }

  private static float[] predictions(TrainedModel model) {
    Predictor predictor = model.predictor();
    float[] rows = new float[3 * predictor.columns()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i - 1.5f;
    }
    float[] out = new float[3 * predictor.outputs()];
    predictor.predict(rows, 3, out);
    return out;
  }

  // Checkpoints

  @Test
  void checkpointsAreResumedOrRefused() {
    List<byte[]> sound = new ArrayList<>();
    for (int kind = 0; kind < Trainings.KINDS; kind++) {
      for (int steps : new int[] {0, 4, 100}) {
        sound.add(Trainings.checkpoint(kind, steps));
      }
    }
    byte[][] all = sound.toArray(byte[][]::new);
    Fuzzing.feed(
        "checkpoint",
        new Fuzzing.Subject() {
          @Override
          public byte[] draw(Random random) {
            Mutations mutations = new Mutations(random);
            return mutations.file(mutations.one(all), mutations.one(all));
          }

          @Override
          public boolean reads(byte[] input) throws IOException {
            boolean read = false;
            for (int kind = 0; kind < Trainings.KINDS; kind++) {
              try (Training training = Trainings.resume(kind, input, ENGINE)) {
                byte[] written = training.toBytes();
                try (Training again = Trainings.resume(kind, written, ENGINE)) {
                  assertArrayEquals(written, again.toBytes());
                }
                read = true;
              } catch (IOException e) {
                refused(e, "bytes");
              }
            }
            return read;
          }
        },
        2_500);
  }

  // CSV

  private static final String[] TABLES = {
    "a,b,c,d,y\n"
        + "1,x,true,2024-01-01,p\n"
        + "2.5,y,false,2024-02-29T12:00:00Z,q\n"
        + "?,,t,,p\n"
        + "-1e3,x,f,1999-12-31,q\n",
    "1,2,3\n4,5,6\n7,8,9\n0.5,,-1\n",
    "\"a,1\",\"b \"\"q\"\"\",y\n\"x\",1,0\n\"multi\nline\",2,1\nz,3,0\n",
    "id;price;y\n1;2,5;a\n2;3,5;b\n3;4,5;a\n",
    "name\ty\n\u00e9\t1\n\ud83d\ude00\t0\n01\t1\n1\t0\n",
    "y,x\n" + "no,1\nyes,2\n".repeat(40)
  };

  @Test
  void tablesAreReadAsStreamedOrRefused() {
    Fuzzing.feed(
        "csv",
        new Fuzzing.Subject() {
          @Override
          public byte[] draw(Random random) {
            Mutations mutations = new Mutations(random);
            String text = mutations.one(TABLES);
            byte[] bytes = (mutations.once(6) ? text : mutations.csv(text)).getBytes(UTF_8);
            if (mutations.once(8)) {
              bytes = Mutations.gzip(bytes);
            }
            return mutations.once(3) ? mutations.bytes(bytes, TABLES[0].getBytes(UTF_8)) : bytes;
          }

          @Override
          public boolean reads(byte[] input) throws IOException {
            TableReader reader = TableReader.create();
            int options = Math.floorMod(Arrays.hashCode(input), 4);
            reader = options < 2 ? reader : reader.withHeader(options == 2);
            Table table;
            try {
              table = reader.csv(new ByteArrayInputStream(input), "t.csv");
            } catch (IOException | DataException e) {
              return refused(e, "t.csv");
            }
            isStreamedAsItStands(table, reader, input);
            return true;
          }
        },
        8_000);
  }

  private void isStreamedAsItStands(Table table, TableReader reader, byte[] input)
      throws IOException {
    Path file = folder.resolve("t.csv");
    Files.write(file, input);
    String label = Integer.toString(table.columns());
    Encoder encoder;
    Dataset rows;
    try {
      encoder =
          Encoder.fit(
              table,
              Roles.of(label, Roles.Task.of(table, label)),
              table.all(),
              Encoder.Options.standard());
      rows = encoder.dataset(table, table.all());
    } catch (DataException e) {
      refused(e, "t.csv");
      return;
    }
    RowSource streamed = reader.stream(file, encoder);
    assertEquals(rows.rows(), streamed.rows());
    float[] features = new float[rows.features().length];
    float[] targets = new float[rows.targets().length];
    read(streamed, features, targets);
    assertArrayEquals(rows.features(), features);
    assertArrayEquals(rows.targets(), targets);
  }

  private static void read(RowSource source, float[] features, float[] targets) throws IOException {
    try (RowSource.Reader reader = source.open()) {
      for (int row = 0; row < source.rows(); row++) {
        reader.read(features, row * source.columns(), targets, row * source.targetColumns());
      }
    }
  }

  // IDX

  private static byte[] idx(int... sizes) {
    int bytes = IntStream.of(sizes).reduce(1, (a, b) -> a * b);
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + bytes);
    file.putInt(0x0800 | sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    for (int i = 0; i < bytes; i++) {
      file.put((byte) (37 * i));
    }
    return file.array();
  }

  @Test
  void imagesAreReadAsStreamedOrRefused() {
    byte[][] sound = {
      idx(5, 3, 2), idx(2, 2, 2, 3), idx(1, 1, 1), Mutations.gzip(idx(5, 3, 2)), idx(300, 1, 1)
    };
    Path images = folder.resolve("a-images-idx3-ubyte");
    Path labels = folder.resolve("a-labels-idx1-ubyte");
    Fuzzing.feed(
        "idx",
        new Fuzzing.Subject() {
          @Override
          public byte[] draw(Random random) {
            Mutations mutations = new Mutations(random);
            byte[] bytes = mutations.one(sound);
            if (mutations.once(4)) {
              return Mutations.gzip(mutations.bytes(idx(5, 3, 2), bytes));
            }
            return mutations.bytes(bytes, mutations.one(sound));
          }

          @Override
          public boolean reads(byte[] input) throws IOException {
            Files.write(images, input);
            Idx.Images read;
            try {
              read = Idx.images(images);
            } catch (IOException e) {
              return refused(e, images.toString());
            }
            areStreamedAsTheyStand(read, images, labels);
            return true;
          }
        },
        12_000);
  }

  private static void areStreamedAsTheyStand(Idx.Images unlabelled, Path images, Path labels)
      throws IOException {
    assertEquals(
        unlabelled.count() * unlabelled.shape().encodedColumns(), unlabelled.pixels().length);
    Files.write(labels, idx(unlabelled.count()));
    Idx.Images read = Idx.labelled(images);
    assertArrayEquals(unlabelled.pixels(), read.pixels());
    assertEquals(read, Idx.first(images, read.count()));
    Encoder encoder;
    try {
      encoder = Encoder.fit(read);
    } catch (DataException e) {
      refused(e, images.toString());
      return;
    }
    Dataset rows = encoder.dataset(read, IntStream.range(0, read.count()).toArray());
    RowSource streamed = Idx.rows(images, encoder);
    float[] features = new float[rows.features().length];
    float[] targets = new float[rows.targets().length];
    read(streamed, features, targets);
    assertArrayEquals(rows.features(), features);
    assertArrayEquals(rows.targets(), targets);
  }
}
