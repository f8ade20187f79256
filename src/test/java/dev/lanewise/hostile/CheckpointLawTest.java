package dev.lanewise.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Sealed;
import dev.lanewise.engine.Engine;
import dev.lanewise.train.DivergedException;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Checkpoints with right digests and one number that is not what the training left: each is refused
 * in a line, or can be resumed, saved and resumed again, also after more steps.
 */
final class CheckpointLawTest {

  private static final Engine ENGINE = Engine.standard();

  /** A tensor of a file: its name, type, first byte and number of bytes. */
  private record Tensor(String name, String type, int at, int bytes) {}

  private static List<Tensor> tensors(byte[] file) {
    Matcher entry =
        Pattern.compile(
                "\"([^\"]+)\":\\{\"dtype\":\"(...)\",[^}]*\"data_offsets\":\\[(\\d+),(\\d+)]}")
            .matcher(Sealed.header(file));
    int data = Long.BYTES + Sealed.headerBytes(file);
    List<Tensor> tensors = new ArrayList<>();
    while (entry.find()) {
      int begin = Integer.parseInt(entry.group(3));
      int end = Integer.parseInt(entry.group(4));
      tensors.add(new Tensor(entry.group(1), entry.group(2), data + begin, end - begin));
    }
    return tensors;
  }

  @Property(tries = 600)
  void whatIsAcceptedCanBeSavedAndResumed(
      @ForAll @IntRange(max = Trainings.KINDS - 1) int kind,
      @ForAll @IntRange(max = 12) int steps,
      @ForAll @IntRange(max = 1000) int tensor,
      @ForAll @IntRange(max = 1000) int element,
      @ForAll @IntRange(max = 15) int value)
      throws IOException {
    byte[] file = Trainings.checkpoint(kind, steps);
    List<Tensor> tensors = tensors(file);
    Tensor its = tensors.get(tensor % tensors.size());
    change(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN), its, element, value);
    Sealed.seal(file);
    Training resumed;
    try {
      resumed = Trainings.resume(kind, file, ENGINE);
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith("bytes: "), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      return;
    }
    canBeSavedAndResumed(kind, resumed);
    try (resumed) {
      while (!resumed.finished()) {
        resumed.finishEpoch();
        canBeSavedAndResumed(kind, resumed);
      }
    } catch (DivergedException e) {
      canBeSavedAndResumed(kind, resumed);
    }
  }

  private static void canBeSavedAndResumed(int kind, Training training) throws IOException {
    byte[] saved = training.toBytes();
    try (Training again = Trainings.resume(kind, saved, ENGINE)) {
      assertArrayEquals(saved, again.toBytes());
      assertEquals(training.finished(), again.finished());
      assertEquals(training.bestEpoch(), again.bestEpoch());
    }
  }

  private static void change(ByteBuffer file, Tensor tensor, int element, int value) {
    int bytes = tensor.type.equals("F32") ? Float.BYTES : Double.BYTES;
    int at = tensor.at + bytes * (element % (tensor.bytes / bytes));
    switch (tensor.type) {
      case "F32" -> file.putFloat(at, (float) other(file.getFloat(at), Float.MAX_VALUE, value));
      case "F64" -> file.putDouble(at, other(file.getDouble(at), Double.MAX_VALUE, value));
      default -> file.putLong(at, other(file.getLong(at), value));
    }
  }

  private static double other(double old, double most, int value) {
    return switch (value) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> most;
      case 4 -> -most;
      case 5 -> 0;
      case 6 -> -0.0;
      case 7 -> Double.MIN_VALUE;
      case 8 -> Float.MIN_VALUE;
      case 9 -> -old;
      case 10 -> old + 1;
      case 11 -> old - 1;
      case 12 -> most / 2;
      case 13 -> -1;
      case 14 -> 1e30;
      default -> Math.sqrt(most);
    };
  }

  private static long other(long old, int value) {
    return switch (value) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> Long.MIN_VALUE;
      case 2 -> -1;
      case 3 -> 0;
      case 4 -> 1L << 31;
      case 5 -> 1L << 32;
      case 6 -> -old;
      case 7 -> old + (1L << 32);
      case 8 -> Integer.MAX_VALUE;
      case 9, 10, 11 -> old + 1;
      default -> old - 1;
    };
  }
}
