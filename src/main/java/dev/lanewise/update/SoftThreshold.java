package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.List;

/**
 * The proximal step of L1 penalties: weights of the layers that ask for it become sign(w)·max(|w| −
 * α·λ, 0), computed as w − clip(w, α·λ), where α has the layer's factor. Once a step has begun,
 * different workers may apply it to different segments at the same time.
 */
final class SoftThreshold {

  private final int[] starts;
  private final int[] ends;
  private final double[] lambdas;
  private final double[] factors;
  private final float[] thresholds;

  private SoftThreshold(List<Network.Block> blocks, Layout layout, Runs runs) {
    starts = new int[blocks.size()];
    ends = new int[blocks.size()];
    lambdas = new double[blocks.size()];
    factors = new double[blocks.size()];
    thresholds = new float[blocks.size()];
    for (int i = 0; i < blocks.size(); i++) {
      Slot weight = layout.slot(blocks.get(i).name(Slot.Role.WEIGHT));
      starts[i] = weight.offset();
      ends[i] = weight.end();
      lambdas[i] = blocks.get(i).dense().penalty().threshold();
      factors[i] = runs.rate(runs.at(weight.offset()));
    }
  }

  /** Compiles a network's soft thresholds; null if it has none. */
  static SoftThreshold compile(Network network, Layout layout, Runs runs) {
    List<Network.Block> blocks =
        network.blocks().stream().filter(b -> b.dense().penalty().threshold() > 0).toList();
    return blocks.isEmpty() ? null : new SoftThreshold(blocks, layout, runs);
  }

  /** Begins a step of learning rate α. */
  void begin(double rate) {
    for (int i = 0; i < thresholds.length; i++) {
      thresholds[i] = (float) (rate * factors[i] * lambdas[i]);
    }
  }

  /** Shrinks the weights in a segment that has descended. */
  void apply(Kernels kernels, Segment s) {
    for (int i = 0; i < thresholds.length; i++) {
      int from = Math.max(s.from, starts[i]);
      int n = Math.min(s.from + s.length, ends[i]) - from;
      if (n > 0) {
        kernels.clip(s.theta, from, thresholds[i], s.scratch, 0, n);
        kernels.blend(s.theta, from, 1, s.scratch, 0, -1, s.theta, from, n);
      }
    }
  }
}
