package dev.lanewise.reference;

import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An embedding: each column of the inputs becomes numbers, part by part. It has no dX. */
final class Embedded implements TextbookLayer {

  private final List<Embedding.Part> parts;
  private final int outputs;

  /** E, a row for each value of each category; null without categories. */
  private final double[][] table;

  /** The tensors of numbers with cosines; null without such. */
  private final double[][] frequency;

  private final double[][] phase;
  private final double[][] weight;
  private final double[] bias;

  /** Null without a piecewise-linear part. */
  private final Binned binned;

  private double[][] x;
  private final Map<String, double[][]> gradients = new HashMap<>();

  Embedded(Embedding embedding, Network.Node at, Tensors tensors) {
    parts = embedding.parts();
    outputs = at.outputs();
    boolean hasCategories = has(Embedding.Part.Kind.CATEGORY);
    table = hasCategories ? tensors.matrix(at.name(Embedding.Category.TABLE)) : null;
    boolean hasCosines = has(Embedding.Part.Kind.PERIODIC);
    frequency = hasCosines ? tensors.matrix(at.name(Embedding.Periodic.FREQUENCY)) : null;
    phase = hasCosines ? tensors.matrix(at.name(Embedding.Periodic.PHASE)) : null;
    weight = hasCosines ? tensors.matrix(at.name(Embedding.Periodic.WEIGHT)) : null;
    bias = hasCosines ? tensors.vector(at.name(Embedding.Periodic.BIAS)) : null;
    binned =
        parts.stream()
            .filter(Embedding.PiecewiseLinear.class::isInstance)
            .map(part -> new Binned((Embedding.PiecewiseLinear) part, at, tensors))
            .findFirst()
            .orElse(null);
  }

  private boolean has(Embedding.Part.Kind kind) {
    return parts.stream().anyMatch(part -> part.kind() == kind);
  }

  @Override
  public double[][] infer(double[][] inputs) {
    x = inputs;
    double[][] y = new double[x.length][outputs];
    for (int r = 0; r < x.length; r++) {
      int at = 0;
      for (Embedding.Part part : parts) {
        switch (part) {
          case Embedding.Pass pass -> {
            for (int column : pass.columns()) {
              y[r][at++] = x[r][column];
            }
          }
          case Embedding.Category category -> {
            int first = 0;
            for (int c = 0; c < category.columns().size(); c++) {
              double value = x[r][category.columns().get(c)];
              int values = category.values().get(c);
              for (int j = 0; j < category.size(); j++) {
                y[r][at++] =
                    isValue(value, values)
                        ? table[first + (int) value][j]
                        : value == -1 ? 0 : Double.NaN;
              }
              first += values;
            }
          }
          case Embedding.Periodic periodic -> {
            for (int c = 0; c < periodic.columns().size(); c++) {
              double number = x[r][periodic.columns().get(c)];
              y[r][at++] = number;
              for (int j = 0; j < periodic.outputs() - 1; j++) {
                double sum = bias[c * (periodic.outputs() - 1) + j];
                for (int f = 0; f < periodic.frequencies(); f++) {
                  sum +=
                      weight[c * periodic.frequencies() + f][j]
                          * StrictMath.cos(angle(c, f, number));
                }
                y[r][at++] = sum;
              }
            }
          }
          case Embedding.PiecewiseLinear piecewise -> {
            binned.infer(x[r], y[r], at);
            at += piecewise.columns().size() * piecewise.size();
          }
        }
      }
    }
    return y;
  }

  private double angle(int column, int f, double number) {
    return 2 * Math.PI * (frequency[column][f] * number + phase[column][f]);
  }

  private static boolean isValue(double value, int values) {
    return value >= 0 && value < values && value == Math.rint(value);
  }

  /** {@return zeros, as the inputs are given}; leaves dE. */
  @Override
  public double[][] backward(double[][] dY) {
    int at = 0;
    for (Embedding.Part part : parts) {
      switch (part) {
        case Embedding.Pass pass -> {}
        case Embedding.Category category -> backward(category, dY, at);
        case Embedding.Periodic periodic -> backward(periodic, dY, at);
        case Embedding.PiecewiseLinear piecewise -> binned.backward(x, dY, at, gradients);
      }
      at += part.columns().size() * part.outputs();
    }
    return new double[dY.length][x[0].length];
  }

  private void backward(Embedding.Category category, double[][] dY, int at) {
    double[][] dE = new double[table.length][category.size()];
    int first = 0;
    for (int c = 0; c < category.columns().size(); c++) {
      for (int r = 0; r < dY.length; r++) {
        double value = x[r][category.columns().get(c)];
        for (int j = 0; j < category.size() && isValue(value, category.values().get(c)); j++) {
          dE[first + (int) value][j] += dY[r][at + c * category.size() + j];
        }
      }
      first += category.values().get(c);
    }
    gradients.put(Embedding.Category.TABLE, dE);
  }

  private void backward(Embedding.Periodic periodic, double[][] dY, int at) {
    int numbers = periodic.outputs() - 1;
    double[][] dFrequency = new double[frequency.length][periodic.frequencies()];
    double[][] dPhase = new double[frequency.length][periodic.frequencies()];
    double[][] dWeight = new double[weight.length][numbers];
    double[] dBias = new double[bias.length];
    for (int r = 0; r < dY.length; r++) {
      for (int c = 0; c < frequency.length; c++) {
        double number = x[r][periodic.columns().get(c)];
        for (int j = 0; j < numbers; j++) {
          double d = dY[r][at + c * periodic.outputs() + 1 + j];
          dBias[c * numbers + j] += d;
          for (int f = 0; f < periodic.frequencies(); f++) {
            int row = c * periodic.frequencies() + f;
            dWeight[row][j] += d * StrictMath.cos(angle(c, f, number));
            double dTurns = -2 * Math.PI * StrictMath.sin(angle(c, f, number)) * weight[row][j] * d;
            dPhase[c][f] += dTurns;
            dFrequency[c][f] += dTurns * number;
          }
        }
      }
    }
    gradients.put(Embedding.Periodic.FREQUENCY, dFrequency);
    gradients.put(Embedding.Periodic.PHASE, dPhase);
    gradients.put(Embedding.Periodic.WEIGHT, dWeight);
    gradients.put(Embedding.Periodic.BIAS, new double[][] {dBias});
  }

  @Override
  public Map<String, double[][]> gradients() {
    return gradients;
  }
}
