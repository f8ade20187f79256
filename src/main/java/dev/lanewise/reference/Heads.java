package dev.lanewise.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The last dense layer behind members: each has weights {@code [in][out]} and a bias of its own,
 * for every k-th row.
 */
final class Heads implements TextbookLayer {

  private final List<Affine> heads = new ArrayList<>();

  /**
   * Splits tensors into those of the members.
   *
   * @param w the weights, {@code [k·in][out]}
   * @param b the biases, {@code [k·out]}
   * @param k the members
   */
  Heads(double[][] w, double[] b, int k) {
    int in = w.length / k;
    int out = b.length / k;
    for (int m = 0; m < k; m++) {
      heads.add(
          new Affine(
              Arrays.copyOfRange(w, m * in, (m + 1) * in),
              Arrays.copyOfRange(b, m * out, (m + 1) * out)));
    }
  }

  @Override
  public double[][] infer(double[][] x) {
    double[][] z = new double[x.length][];
    for (int m = 0; m < heads.size(); m++) {
      put(heads.get(m).infer(of(m, x)), m, z);
    }
    return z;
  }

  @Override
  public double[][] backward(double[][] dZ) {
    double[][] dX = new double[dZ.length][];
    for (int m = 0; m < heads.size(); m++) {
      put(heads.get(m).backward(of(m, dZ)), m, dX);
    }
    return dX;
  }

  /** {@return the rows of a member} */
  private double[][] of(int m, double[][] rows) {
    double[][] its = new double[rows.length / heads.size()][];
    Arrays.setAll(its, i -> rows[i * heads.size() + m]);
    return its;
  }

  private void put(double[][] its, int m, double[][] rows) {
    for (int i = 0; i < its.length; i++) {
      rows[i * heads.size() + m] = its[i];
    }
  }

  /** {@return the members' gradients, one below the other} */
  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("weight", gradients("weight"), "bias", gradients("bias"));
  }

  private double[][] gradients(String name) {
    return heads.stream()
        .flatMap(head -> Arrays.stream(head.gradients().get(name)))
        .toArray(double[][]::new);
  }
}
