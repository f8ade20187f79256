package dev.lanewise.reference;

import dev.lanewise.net.Dropout;
import dev.lanewise.random.CounterRandom;

/** Dropout by one mask in a training pass; units are scaled as the dropout's form says. */
final class Masking implements TextbookLayer {

  private final int number;
  private final Dropout dropout;

  /** For each unit {@code [rows · width]} whether the last training pass kept it. */
  private boolean[] kept;

  /**
   * @param number the number of the dropout, which its masks are known by
   * @param dropout the description
   */
  Masking(int number, Dropout dropout) {
    this.number = number;
    this.dropout = dropout;
  }

  /** {@return the units as inference has them: times keep under classic dropout} */
  @Override
  public double[][] infer(double[][] a) {
    if (dropout.form() == Dropout.Form.INVERTED) {
      return a;
    }
    double[][] scaled = new double[a.length][];
    for (int r = 0; r < a.length; r++) {
      scaled[r] = a[r].clone();
      for (int j = 0; j < a[r].length; j++) {
        scaled[r][j] *= dropout.keep();
      }
    }
    return scaled;
  }

  /** {@return the units times the batch's mask: a given one, or one drawn by the step's key} */
  @Override
  public double[][] train(double[][] a, ReferenceNetwork.Batch batch) {
    if (dropout.keep() == 1) {
      return a;
    }
    int units = a.length * a[0].length;
    kept = batch.masks().get(number);
    if (kept == null) {
      kept = draw(batch.stepKey(), number, dropout.keep(), units);
    }
    if (kept.length != units) {
      throw new IllegalArgumentException(
          "batch: mask %d has %d units; expected %d".formatted(number, kept.length, units));
    }
    return apply(kept, dropout, a);
  }

  /** The same map as forward, because it is linear and diagonal. */
  @Override
  public double[][] backward(double[][] dY) {
    return dropout.keep() == 1 ? dY : apply(kept, dropout, dY);
  }

  private static boolean[] draw(long stepKey, int dropout, double keep, int units) {
    long key = CounterRandom.key(stepKey, dropout, 0);
    int threshold = CounterRandom.threshold(keep);
    boolean[] mask = new boolean[units];
    for (int i = 0; i < units; i++) {
      mask[i] = CounterRandom.kept(key, i, threshold);
    }
    return mask;
  }

  /** {@return a·mask/keep, or a·mask under classic dropout} */
  static double[][] apply(boolean[] kept, Dropout dropout, double[][] a) {
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
