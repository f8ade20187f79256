package dev.lanewise.reference;

import dev.lanewise.net.Dropout;
import dev.lanewise.random.CounterRandom;
import java.util.Optional;

/** Dropout with one mask; kept units are scaled as the dropout's form says. */
final class Masking {

  private final boolean[] kept;
  private final Dropout dropout;

  /**
   * @param kept for each unit, {@code [rows · width]}
   * @param dropout the description
   */
  Masking(boolean[] kept, Dropout dropout) {
    this.kept = kept;
    this.dropout = dropout;
  }

  /** Inverted dropout with a given mask. */
  Masking(boolean[] kept, double keep) {
    this(kept, Dropout.keeping(keep));
  }

  /** {@return the units as inference has them: times keep under classic dropout} */
  static double[][] inference(Optional<Dropout> dropout, double[][] a) {
    if (dropout.isEmpty() || dropout.get().form() == Dropout.Form.INVERTED) {
      return a;
    }
    double[][] scaled = new double[a.length][];
    for (int r = 0; r < a.length; r++) {
      scaled[r] = a[r].clone();
      for (int j = 0; j < a[r].length; j++) {
        scaled[r][j] *= dropout.get().keep();
      }
    }
    return scaled;
  }

  /** {@return the mask that a training step draws for a dropout} */
  static boolean[] draw(long stepKey, int dropout, double keep, int units) {
    long key = CounterRandom.key(stepKey, dropout, 0);
    int threshold = CounterRandom.threshold(keep);
    boolean[] mask = new boolean[units];
    for (int i = 0; i < units; i++) {
      mask[i] = CounterRandom.kept(key, i, threshold);
    }
    return mask;
  }

  /**
   * {@return a·mask/keep, or a·mask under classic dropout}; the backward pass is the same map,
   * because it is linear and diagonal.
   */
  double[][] apply(double[][] a) {
    double divisor = dropout.form() == Dropout.Form.INVERTED ? dropout.keep() : 1;
    double[][] masked = new double[a.length][];
    for (int r = 0; r < a.length; r++) {
      int width = a[r].length;
      masked[r] = new double[width];
      for (int j = 0; j < width; j++) {
        masked[r][j] = kept[r * width + j] ? a[r][j] / divisor : 0;
      }
    }
    return masked;
  }
}
