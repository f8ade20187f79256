package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
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

  private SoftThreshold(List<Slot> weights, double[] lambdas, Runs runs) {
    starts = weights.stream().mapToInt(Slot::offset).toArray();
    ends = weights.stream().mapToInt(Slot::end).toArray();
    this.lambdas = lambdas;
    factors = weights.stream().mapToDouble(w -> runs.factor(runs.at(w.offset()))).toArray();
    thresholds = new float[lambdas.length];
  }

  /** Compiles a network's soft thresholds; null if it has none. */
  static SoftThreshold compile(Network network, Layout layout, Runs runs) {
    List<Slot> weights = new ArrayList<>();
    List<Double> lambdas = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof Dense dense && dense.penalty().threshold() > 0) {
        weights.add(node.slot(layout, Slot.Role.WEIGHT));
        lambdas.add(dense.penalty().threshold());
      }
    }
    return weights.isEmpty()
        ? null
        : new SoftThreshold(
            weights, lambdas.stream().mapToDouble(Double::doubleValue).toArray(), runs);
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
