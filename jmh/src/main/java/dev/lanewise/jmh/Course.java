package dev.lanewise.jmh;

import java.util.Random;

/**
 * The course's regularisation lab: net 2-20-3-1, gradient descent over all rows at once, on a pitch
 * of our own with one wrong label in twenty.
 *
 * @param net the net, with dropout behind its hidden layers in one of the three runs
 * @param lambda the course's λ: each weight's penalty is λ/2m·w²
 * @param rows {@code [ROWS][2]}
 * @param targets {@code [ROWS]}, 0 or 1
 */
record Course(Net net, double lambda, float[] rows, float[] targets) {

  static final int ROWS = 211;
  static final double RATE = 0.3;

  /** {@return the lab with the regularisation of that name: plain, l2 or dropout} */
  static Course of(String kind) {
    Net plain = Net.of("2-20-3-1");
    Net net = kind.equals("dropout") ? new Net(plain.sizes(), false, 1 - 0.86) : plain;
    Random random = new Random(1);
    float[] rows = new float[ROWS * 2];
    float[] targets = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      float x = 1.5f * random.nextFloat() - 0.75f;
      float y = 1.5f * random.nextFloat() - 0.75f;
      rows[2 * row] = x;
      rows[2 * row + 1] = y;
      targets[row] = y > x * x - 0.3f ^ random.nextFloat() < 0.05f ? 1 : 0;
    }
    return new Course(net, kind.equals("l2") ? 0.7 : 0, rows, targets);
  }
}
