package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.List;

/**
 * An embedding: a row's numbers are made of its columns part by part, a few rows in a task. The
 * gradients of tables are written column by column, as dense as the tables are. The inputs are
 * given, so they have no gradient.
 */
final class EmbeddingStep extends Step.Head {

  private final Pass pass;
  private final EmbeddedPart[] parts;
  private final Team.Task[] gradients;

  /** The chain of the inputs. */
  private final Chain below;

  private final float[] target;

  /** The gradient of the output; null where nothing needs it. */
  private final float[] delta;

  private final int stride;

  /** Each worker's room for the forward pass of a task. */
  private final float[][] rooms;

  EmbeddingStep(Embedding embedding, Place place, Chain.Ends ends, int workers) {
    pass = place.pass();
    below = ends.below();
    delta = ends.delta();
    target = place.output();
    stride = place.stride();
    parts = EmbeddedPart.of(embedding, place.node(), place.layout(), place.kernels(), workers);
    rooms = new float[workers][room(parts) * Region.WHOLE_ROWS];
    gradients = new Team.Task[parts.length];
    for (int i = 0; i < parts.length; i++) {
      EmbeddedPart part = parts[i];
      gradients[i] = (task, worker) -> gradient(part, task, worker);
    }
  }

  /** The room that any of the parts needs for a row. */
  private static int room(EmbeddedPart[] parts) {
    int most = 0;
    for (EmbeddedPart part : parts) {
      most = Math.max(most, part.room());
    }
    return most;
  }

  @Override
  String label() {
    return "embedding";
  }

  @Override
  long size() {
    long floats = 0;
    for (EmbeddedPart part : parts) {
      floats += part.size();
    }
    for (float[] room : rooms) {
      floats += room.length;
    }
    return floats;
  }

  @Override
  void prepare(Team team) {
    for (EmbeddedPart part : parts) {
      part.prepare(pass.parameters());
    }
  }

  @Override
  Region.Piece forward() {
    return new Region.Piece(Reach.ROWS, this::embed);
  }

  private void embed(int fromRow, int toRow, int column, int columns, int worker) {
    int xo = below.outputAt() + fromRow * below.stride();
    for (EmbeddedPart part : parts) {
      part.apply(
          below.output(),
          xo,
          below.stride(),
          pass.parameters(),
          target,
          fromRow * stride,
          stride,
          toRow - fromRow,
          rooms[worker],
          worker);
    }
  }

  @Override
  Region.Piece inputGradient() {
    throw new IllegalStateException("the inputs have no gradient");
  }

  @Override
  List<Region.Piece> finish() {
    return List.of();
  }

  @Override
  void parameterGradient(Team team) {
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].tasks() > 0) {
        team.run(gradients[i], parts[i].tasks());
      }
    }
  }

  private void gradient(EmbeddedPart part, int task, int worker) {
    part.gradient(
        task,
        below.output(),
        below.outputAt(),
        below.stride(),
        pass.parameters(),
        delta,
        stride,
        pass.gradient(),
        pass.rows(),
        pass.firstRow() > 0,
        worker);
  }

  /** The same for inference. */
  static final class Packed extends PackedHead {

    private final int columns;
    private final EmbeddedPart[] parts;

    /** The places of its tensors in θ, and in {@link #numbers}. */
    private final Slot[] slots;

    private final Slot[] own;
    private final float[] numbers;

    Packed(Embedding embedding, Network.Node node, Layout layout, Kernels kernels) {
      columns = node.outputs();
      Layout alone = Layout.of(node.tensors());
      parts = EmbeddedPart.of(embedding, node, alone, kernels, 0);
      own = alone.slots().toArray(Slot[]::new);
      slots = alone.slots().stream().map(slot -> layout.slot(slot.name())).toArray(Slot[]::new);
      numbers = new float[alone.size()];
    }

    @Override
    int columns() {
      return columns;
    }

    @Override
    long heapBytes() {
      long floats = numbers.length;
      for (EmbeddedPart part : parts) {
        floats += part.size();
      }
      return Float.BYTES * floats;
    }

    @Override
    void pack(float[] theta, Folding folding, Gemm gemm, float[] room) {
      for (int i = 0; i < own.length; i++) {
        System.arraycopy(theta, slots[i].offset(), numbers, own[i].offset(), own[i].size());
      }
      packParts();
    }

    private void packParts() {
      for (EmbeddedPart part : parts) {
        part.pack(numbers);
      }
    }

    @Override
    void copy(PackedHead other) {
      System.arraycopy(((Packed) other).numbers, 0, numbers, 0, numbers.length);
      packParts();
    }

    @Override
    int room() {
      return EmbeddingStep.room(parts);
    }

    @Override
    void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
      for (EmbeddedPart part : parts) {
        part.apply(x, xo, xRow, numbers, y, 0, columns, rows, room, 0);
      }
    }
  }
}
