package dev.lanewise.course;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.report.Axis;
import dev.lanewise.report.BarChart;
import dev.lanewise.report.Chart;
import dev.lanewise.report.Plane;
import dev.lanewise.report.XyChart;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The kinds of charts that several experiments have. */
final class Drawing {

  /** The points of a curve: as many as a screen shows. */
  private static final int POINTS = 80;

  private static final int BINS = 40;

  private Drawing() {}

  /**
   * {@return curves of costs, of which evenly spaced points are drawn}
   *
   * @param id the chart's name
   * @param title its title
   * @param caption what it shows
   * @param x what the costs are counted by
   * @param y the axis of the costs
   * @param costs the costs by the name of the curve, the first at 0
   */
  static Chart costs(
      String id, String title, String caption, String x, Axis y, Map<String, double[]> costs) {
    XyChart chart = XyChart.of(id, title, caption, Axis.of(x), y);
    costs.forEach(
        (name, values) -> {
          int count = Math.min(POINTS, values.length);
          double[] xs = new double[count];
          double[] ys = new double[count];
          for (int i = 0; i < count; i++) {
            int at = count == 1 ? 0 : (int) ((long) i * (values.length - 1) / (count - 1));
            xs[i] = at;
            ys[i] = values[at];
          }
          chart.line(name, xs, ys);
        });
    return chart.chart();
  }

  /**
   * {@return the regions of classes, with points}
   *
   * @param id the chart's name
   * @param title its title
   * @param caption what it shows
   * @param plane what part of the plane is shown
   * @param network the network, of two inputs
   * @param theta its parameters
   * @param points the points
   * @param engine what computes
   */
  static Chart regions(
      String id,
      String title,
      String caption,
      Plane plane,
      Network network,
      float[] theta,
      Dataset points,
      Engine engine) {
    int outputs = network.outputs();
    int classes = Math.max(2, outputs);
    InferencePlan plan = InferencePlan.over(PackedNetwork.pack(network, theta, engine));
    byte[] png =
        plane.classes(
            classes,
            (xs, ys) -> {
              float[] rows = new float[2 * xs.length];
              for (int i = 0; i < xs.length; i++) {
                rows[2 * i] = (float) xs[i];
                rows[2 * i + 1] = (float) ys[i];
              }
              float[] scores = new float[outputs * xs.length];
              plan.scores(rows, 0, xs.length, scores, 0);
              return probabilities(scores, outputs);
            });
    XyChart chart = plane.chart(id, title, caption, "x1", "x2", "regions", png);
    for (int c = 0; c < classes; c++) {
      double[][] own = ofClass(points, c);
      chart.points("class " + c, own[0], own[1]);
    }
    return chart.chart();
  }

  /** {@return probabilities of logits: of the second class alone if there are two} */
  private static float[] probabilities(float[] logits, int outputs) {
    float[] probabilities = new float[logits.length];
    for (int r = 0; r < logits.length; r += outputs) {
      double most = 0;
      for (int c = 0; c < outputs; c++) {
        most = Math.max(most, logits[r + c]);
      }
      double sum = outputs == 1 ? StrictMath.exp(-most) : 0;
      for (int c = 0; c < outputs; c++) {
        sum += StrictMath.exp(logits[r + c] - most);
      }
      for (int c = 0; c < outputs; c++) {
        probabilities[r + c] = (float) (StrictMath.exp(logits[r + c] - most) / sum);
      }
    }
    return probabilities;
  }

  /** {@return the coordinates of the points of a class, {@code [2][points]}} */
  static double[][] ofClass(Dataset points, int number) {
    int[] own =
        IntStream.range(0, points.rows()).filter(r -> points.targets()[r] == number).toArray();
    double[][] coordinates = new double[2][own.length];
    for (int i = 0; i < own.length; i++) {
      coordinates[0][i] = points.features()[2 * own[i]];
      coordinates[1][i] = points.features()[2 * own[i] + 1];
    }
    return coordinates;
  }

  /**
   * {@return histograms over the same bins}
   *
   * @param id the chart's name
   * @param title its title
   * @param caption what it shows
   * @param of what is counted
   * @param values the values by the name of the histogram
   */
  static Chart histograms(
      String id, String title, String caption, String of, Map<String, double[]> values) {
    double[] all = values.values().stream().flatMapToDouble(Arrays::stream).toArray();
    double low = Arrays.stream(all).min().orElse(0);
    double high = Arrays.stream(all).max().orElse(1);
    double width = high > low ? (high - low) / BINS : 1;
    List<String> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      bins.add(String.format(Locale.ROOT, "%.3g", low + (b + 0.5) * width));
    }
    BarChart chart = BarChart.of(id, title, caption, of, bins, Axis.of("share")).touching();
    values.forEach(
        (name, numbers) -> {
          double[] shares = new double[BINS];
          for (double number : numbers) {
            shares[Math.min(BINS - 1, (int) ((number - low) / width))] += 1.0 / numbers.length;
          }
          chart.bars(name, shares);
        });
    return chart.chart();
  }

  /** {@return all weights of a network} */
  static double[] weights(Network network, float[] theta) {
    return network.layout().slots().stream()
        .filter(slot -> slot.role() == Slot.Role.WEIGHT)
        .flatMapToDouble(
            slot -> IntStream.range(slot.offset(), slot.end()).mapToDouble(i -> theta[i]))
        .toArray();
  }
}
