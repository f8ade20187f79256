package dev.lanewise;

/** A sum of doubles that keeps what each addition loses (Neumaier 1974), with Σ|x| beside it. */
public final class ExactSum {

  private double sum;
  private double lost;
  private double magnitudes;

  public void add(double x) {
    double next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
    magnitudes += Math.abs(x);
  }

  public double value() {
    return sum + lost;
  }

  public double magnitudes() {
    return magnitudes;
  }
}
