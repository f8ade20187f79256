package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.tensor.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints without a digest, or with a sound one and numbers that no training leaves behind. */
final class CheckpointDamageTest {

  private static final int BATCHES = 7;
  private static final Layout LAYOUT = Samples.recipe().network().layout();
  private static final long[] COUNTS = {9, 1, 2, 1};
  private static final double[] SUMS = {0.5, 0.25, 0.75};

  @TempDir Path folder;

  private Path written(long[] counts, double[] sums, UnaryOperator<SafetensorsFile.Builder> more)
      throws IOException {
    Path file = folder.resolve("a.checkpoint");
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder()
            .metadata("lanewise.kind", "checkpoint")
            .parameters("", LAYOUT, new float[LAYOUT.size()])
            .longs("progress.counts", counts)
            .doubles("progress.sums", sums);
    more.apply(builder).build().write(file);
    return file;
  }

  private static Checkpoint read(Path file) throws IOException {
    return Checkpoint.in(SafetensorsFile.read(file), LAYOUT, Map.of(), BATCHES, false);
  }

  private static SafetensorsFile.Builder steady(SafetensorsFile.Builder builder) {
    return builder.doubles("rateFactor", 1);
  }

  private void refused(
      String says, long[] counts, double[] sums, UnaryOperator<SafetensorsFile.Builder> more)
      throws IOException {
    Path file = written(counts, sums, more);
    String message = assertThrows(IOException.class, () -> read(file)).getMessage();
    assertTrue(message.startsWith(file + ": " + says), message);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    Checkpoint read =
        read(
            written(
                COUNTS,
                SUMS,
                b ->
                    steady(b)
                        .doubles("rateByHand", 0.5)
                        .doubles("plateau.best", -1)
                        .longs("plateau.waited", 3)));
    assertEquals(new Checkpoint.Progress(1, 2, 0.5, 0.25), read.progress());
    assertEquals(9, read.updater().step());
    assertEquals(0.5, read.updater().rateByHand().orElseThrow());
    assertEquals(1, read.bestEpoch());
    assertEquals(0.75, read.bestScore());
    assertEquals(new PlateauWatch.State(-1, 3), read.plateau());
  }

  @Test
  void aCheckpointNeedsItsDigest() throws IOException {
    Path file = written(COUNTS, SUMS, CheckpointDamageTest::steady);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replace("fileSha256", "FileSha256"), StandardCharsets.ISO_8859_1);
    String message = assertThrows(IOException.class, () -> read(file)).getMessage();
    assertTrue(message.startsWith(file + ": metadata \"fileSha256\" is missing"), message);
  }

  @Test
  void countsAreFourAndOfOneTraining() throws IOException {
    long tooMany = 1L << 31;
    for (long[] counts :
        new long[][] {
          {9, 1, 2}, // no best epoch
          {9, 1, 2, 1, 0},
          {9, 1, 2, 2}, // the best epoch is yet to come
          {9, 1, 2, -1},
          {10, 1, 2, 1}, // 7 batches and 2 are 9 steps
          {14, 1, 7, 1}, // that is epoch 2
          {6, 1, -1, 1},
          {tooMany * BATCHES, tooMany, 0, 0}
        }) {
      refused("progress.counts; expected step, epoch", counts, SUMS, CheckpointDamageTest::steady);
    }
    long[] before = {-5, -1, 2, -1};
    refused("step: -5; expected at least 0", before, SUMS, CheckpointDamageTest::steady);
    long last = Integer.MAX_VALUE;
    for (long[] counts : new long[][] {{0, 0, 0, 0}, {6, 0, 6, 0}, {last * 7, last, 0, last}}) {
      assertDoesNotThrow(() -> read(written(counts, SUMS, CheckpointDamageTest::steady)));
    }
  }

  @Test
  void sumsAreThreeNumbers() throws IOException {
    refused("progress.counts", COUNTS, new double[] {1, 2}, CheckpointDamageTest::steady);
    for (int place = 0; place < 3; place++) {
      double[] sums = SUMS.clone();
      sums[place] = Double.NaN;
      refused("progress.sums: NaN; expected", COUNTS, sums, CheckpointDamageTest::steady);
    }
  }

  @Test
  void ratesAreOneNumberEach() throws IOException {
    refused("rateFactor: NaN", COUNTS, SUMS, b -> b.doubles("rateFactor", 1, 1));
    refused("rate", COUNTS, SUMS, b -> steady(b).doubles("rateByHand", 0.1, 0.1));
  }

  @Test
  void aPlateauIsAScoreAndACount() throws IOException {
    String says = "plateau.best; expected a score and a number of epochs";
    refused(says, COUNTS, SUMS, b -> plateau(b, new double[] {1, 2}, 0));
    refused(says, COUNTS, SUMS, b -> plateau(b, new double[] {Double.NaN}, 0));
    refused(says, COUNTS, SUMS, b -> plateau(b, new double[] {1}, 0, 0));
    refused(says, COUNTS, SUMS, b -> plateau(b, new double[] {1}, 1L << 32));
  }

  private static SafetensorsFile.Builder plateau(
      SafetensorsFile.Builder builder, double[] best, long... waited) {
    return steady(builder).doubles("plateau.best", best).longs("plateau.waited", waited);
  }
}
