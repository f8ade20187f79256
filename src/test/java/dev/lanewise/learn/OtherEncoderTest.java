package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Table;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rows of another encoder mean something else, even if they have as many columns. */
class OtherEncoderTest {

  private static final Table TABLE = Flowers.table(120, 1);
  private static final Model MODEL = Flowers.kinds().begin(TABLE).training().model();
  private static final Encoder OURS = MODEL.encoder().orElseThrow();
  private static final Encoder RAW =
      Flowers.kinds()
          .withEncoding(Encoder.Options.standard().withStandardize(false))
          .begin(TABLE)
          .encoder();

  private static void assertRefused(String name, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(name + ": of another encoder"), message);
  }

  @Test
  void encodersOfAsManyColumnsDiffer() {
    assertEquals(OURS.encodedColumns(), RAW.encodedColumns());
  }

  @Test
  void areNotJudged() {
    Dataset theirs = RAW.dataset(TABLE, TABLE.all());
    assertRefused("rows", () -> MODEL.evaluate(theirs));
    MemoryRows plain = new MemoryRows(theirs);
    RowSource streamed =
        new RowSource() {
          @Override
          public String name() {
            return "stream";
          }

          @Override
          public int rows() {
            return plain.rows();
          }

          @Override
          public int columns() {
            return plain.columns();
          }

          @Override
          public int targetColumns() {
            return plain.targetColumns();
          }

          @Override
          public Optional<Encoder> encoder() {
            return Optional.of(RAW);
          }

          @Override
          public Reader open() throws IOException {
            return plain.open();
          }
        };
    assertRefused("stream", () -> MODEL.evaluate(streamed));
  }

  @Test
  void areNotDecidedOn() {
    Object[] values = new Object[RAW.columns().size() - 1];
    RowEncoder<Object[]> theirs = RAW.forValues();
    assertRefused("rows", () -> MODEL.shared().decide(values, theirs));
    Arrays.fill(values, null);
    MODEL.shared().decide(values, OURS.forValues());
    assertRefused("rows", () -> MODEL.shared().decide(values, theirs));
  }

  @Test
  void areNoDevRows() {
    int[] all = TABLE.all();
    TrainingData training = TrainingData.of(OURS.dataset(TABLE, all));
    assertRefused("dev", () -> training.withDev(RAW.dataset(TABLE, all)));
    TrainingData both = training.withDev(OURS.dataset(TABLE, all));
    assertRefused("dev", () -> both.withTraining(RAW.dataset(TABLE, all)));
  }

  @Test
  void areNotWhatAModelTakesFromThenOn() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> MODEL.withEncoder(RAW)).getMessage();
    assertTrue(message.startsWith("encoder: another than this model's own"), message);
    assertEquals(MODEL.encoder(), MODEL.withEncoder(OURS).encoder());
  }

  /** A model that was saved and loaded takes rows of the encoder that it was trained with. */
  @Test
  void rowsOfAnEqualEncoderAreTaken() throws IOException {
    TrainedModel loaded = TrainedModel.of(MODEL.toBytes());
    Dataset rows = OURS.dataset(TABLE, TABLE.all());
    assertEquals(MODEL.evaluate(rows), loaded.evaluate(rows));
    Object[] values = new Object[OURS.columns().size() - 1];
    assertEquals(
        MODEL.shared().decide(values, OURS.forValues()).label(),
        loaded.shared().decide(values, OURS.forValues()).label());
  }
}
