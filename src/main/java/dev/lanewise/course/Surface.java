package dev.lanewise.course;

/** A function of two variables on which optimisers are compared. */
public enum Surface {

  /** A ravine, 25 times as steep one way as the other: ½(x² + 25y²). */
  RAVINE("ravine, (x² + 25y²)/2", "distance to (0, 0) below 0.05", -4, 1.5) {
    @Override
    double height(double x, double y) {
      return (x * x + 25 * y * y) / 2;
    }

    @Override
    void slope(double x, double y, float[] gradient) {
      gradient[0] = (float) x;
      gradient[1] = (float) (25 * y);
    }

    @Override
    boolean reached(double x, double y) {
      return x * x + y * y < 0.05 * 0.05;
    }
  },

  /** A saddle between two minima at (0, ±√2): x² − y² + y⁴/4. */
  SADDLE("saddle, x² - y² + y⁴/4", "|y| above 0.7", 1, 1e-4) {
    @Override
    double height(double x, double y) {
      return x * x - y * y + y * y * y * y / 4;
    }

    @Override
    void slope(double x, double y, float[] gradient) {
      gradient[0] = (float) (2 * x);
      gradient[1] = (float) (y * y * y - 2 * y);
    }

    @Override
    boolean reached(double x, double y) {
      return Math.abs(y) > 0.7;
    }
  },

  /** Rosenbrock's curved valley (1960): (1 − x)² + 100(y − x²)². */
  ROSENBROCK("Rosenbrock, (1 - x)² + 100(y - x²)²", "distance to (1, 1) below 0.1", -1.2, 1) {
    @Override
    double height(double x, double y) {
      double valley = y - x * x;
      return (1 - x) * (1 - x) + 100 * valley * valley;
    }

    @Override
    void slope(double x, double y, float[] gradient) {
      double valley = y - x * x;
      gradient[0] = (float) (-2 * (1 - x) - 400 * x * valley);
      gradient[1] = (float) (200 * valley);
    }

    @Override
    boolean reached(double x, double y) {
      return (x - 1) * (x - 1) + (y - 1) * (y - 1) < 0.1 * 0.1;
    }
  };

  /** Its name and formula. */
  public final String formula;

  /** What an optimiser is to reach, in words. */
  public final String goal;

  /** Where optimisers begin. */
  public final double startX;

  /** Where optimisers begin. */
  public final double startY;

  Surface(String formula, String goal, double startX, double startY) {
    this.formula = formula;
    this.goal = goal;
    this.startX = startX;
    this.startY = startY;
  }

  /** {@return the function's value} */
  abstract double height(double x, double y);

  /** Writes both partial derivatives. */
  abstract void slope(double x, double y, float[] gradient);

  /** {@return whether an optimiser has reached the goal} */
  abstract boolean reached(double x, double y);
}
