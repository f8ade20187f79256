package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.reference.ReferenceNetwork.LayerValues;
import dev.lanewise.tensor.Slot;
import dev.lanewise.train.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The layers from within: weights before and after, activations, what batch norm does to its sums,
 * gradients and updates over the epochs, dead units.
 *
 * <p>Activations are those of a few training rows by the double-precision reference, in inference.
 */
final class LayersSection {

  private static final int MOST_LAYERS = 4;
  private static final int MOST_LINES = 8;
  private static final int MOST_NUMBERS = 20_000;
  private static final int MOST_ROWS = 512;

  /** Multiplications that the reference may take, about a second of them. */
  private static final double MOST_WORK = 3e8;

  private static final int LOW = 240;

  /** The share of zeros from which they are told rather than drawn: their bin dwarfs the others. */
  private static final double MANY = 0.05;

  private final Network network;
  private final float[] before;
  private final float[] after;
  private final List<Observation> observations;
  private final List<Stage> values;
  private final int rows;
  private final List<Integer> shown;

  /**
   * A dense layer with what follows it up to the next one, and what they compute.
   *
   * @param dense the dense layer
   * @param norm the normalisation among the layers that follow
   * @param function the activation among them
   * @param sums what the dense layer computes
   * @param normalized that behind the normalisation
   * @param outputs what the last of them hands on
   */
  private record Stage(
      Network.Node dense,
      Optional<Network.Node> norm,
      Activation.Function function,
      double[][] sums,
      double[][] normalized,
      double[][] outputs) {

    static List<Stage> of(List<LayerValues> values) {
      List<Stage> stages = new ArrayList<>();
      for (LayerValues value : values) {
        double[][] y = value.outputs();
        if (value.node().layer() instanceof Dense) {
          stages.add(
              new Stage(value.node(), Optional.empty(), Activation.Function.IDENTITY, y, y, y));
        } else if (!stages.isEmpty()) {
          stages.add(stages.removeLast().followedBy(value.node(), y));
        }
      }
      return stages;
    }

    private Stage followedBy(Network.Node node, double[][] y) {
      return switch (node.layer()) {
        case Layer.Norm layer -> new Stage(dense, Optional.of(node), function, sums, y, y);
        case Activation layer -> new Stage(dense, norm, layer.function(), sums, normalized, y);
        default -> new Stage(dense, norm, function, sums, normalized, y);
      };
    }

    String name() {
      return dense.name();
    }
  }

  LayersSection(Run run, Learned learned, TrainingTrace trace) {
    network = learned.model().network();
    before = trace.initialParameters();
    after = learned.model().parameters();
    observations = trace.observations();
    double[][] sample = sample(run.train(), network.layout().decayed());
    rows = sample.length;
    values =
        Stage.of(new ReferenceNetwork(network).layerValues(ReferenceNetwork.widen(after), sample));
    shown = some(values.size(), MOST_LAYERS);
  }

  private static double[][] sample(Dataset rows, int weights) {
    int most = (int) Math.clamp(MOST_WORK / weights, 8, MOST_ROWS);
    int[] chosen = Sample.even(rows.rows(), most);
    double[][] x = new double[chosen.length][rows.columns()];
    for (int i = 0; i < x.length; i++) {
      for (int c = 0; c < rows.columns(); c++) {
        x[i][c] = rows.features()[chosen[i] * rows.columns() + c];
      }
    }
    return x;
  }

  /** {@return places of layers, the first and the last among them} */
  private static List<Integer> some(int layers, int most) {
    List<Integer> some = new ArrayList<>();
    int count = Math.min(layers, most);
    for (int i = 0; i < count; i++) {
      some.add(count == 1 ? 0 : i * (layers - 1) / (count - 1));
    }
    return some;
  }

  Section section() {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Prose(
            "Activations are those of %d training rows, by the model as it predicts.%s"
                    .formatted(rows, left(shown.size()))
                + " Outermost bins of histograms also hold the few numbers beyond."));
    parts.add(table());
    warnings(parts);
    parts.add(new Beside(shown.stream().map(this::weights).toList()));
    parts.add(new Beside(shown.stream().map(this::activations).toList()));
    norms(parts);
    gradients(parts);
    return new Section("layers", "Weights, activations, gradients", parts);
  }

  private String left(int drawn) {
    int layers = values.size();
    return drawn == layers ? "" : " Of %d layers, %d are drawn.".formatted(layers, drawn);
  }

  private Grid table() {
    List<String> header =
        List.of(
            "layer",
            "units",
            "activation",
            "weights' RMS before",
            "after",
            "outputs' mean",
            "deviation",
            "share of 0",
            "units always 0");
    List<List<Json>> lines = new ArrayList<>();
    for (Stage of : values) {
      Slot weight = weight(of.dense());
      double[] outputs = flat(of.outputs());
      double mean = Arrays.stream(outputs).average().orElse(0);
      double squares = Arrays.stream(outputs).map(a -> (a - mean) * (a - mean)).average().orElse(0);
      lines.add(
          List.of(
              Grid.cell(of.name()),
              Grid.cell(of.dense().outputs()),
              Grid.cell(of.function().toString().toLowerCase(Locale.ROOT)),
              rounded(rms(before, weight)),
              rounded(rms(after, weight)),
              rounded(mean),
              rounded(Math.sqrt(squares)),
              rounded(Arrays.stream(outputs).filter(a -> a == 0).count() / (double) outputs.length),
              Grid.cell(dead(of.outputs()))));
    }
    return new Grid(header, lines);
  }

  private static Json rounded(double value) {
    return Texts.cell(value);
  }

  private static int dead(double[][] outputs) {
    int dead = 0;
    for (int j = 0; j < outputs[0].length; j++) {
      int unit = j;
      dead += Arrays.stream(outputs).allMatch(row -> row[unit] == 0) ? 1 : 0;
    }
    return dead;
  }

  private void warnings(List<Part> parts) {
    if (!observations.isEmpty()) {
      Observation last = observations.getLast();
      last.warnings()
          .forEach(
              warning -> parts.add(new Prose("Epoch %d: %s.".formatted(last.epoch(), warning))));
    }
  }

  private Chart weights(int layer) {
    String name = values.get(layer).name();
    Slot weight = weight(values.get(layer).dense());
    double[] first = some(before, weight);
    double[] last = some(after, weight);
    Histogram bins = Histogram.over(first, last);
    String drawn =
        weight.size() > first.length
            ? " Of %d weights, %d are counted.".formatted(weight.size(), first.length)
            : "";
    return XyChart.of(
            "weights-" + name,
            "Weights of %s.".formatted(name),
            "Before and after the training; the share in each bin." + drawn,
            Axis.of("weight"),
            Axis.of("share"))
        .height(LOW)
        .histogram("before", bins.edges(), bins.shares(first))
        .histogram("after", bins.edges(), bins.shares(last))
        .chart();
  }

  private Chart activations(int layer) {
    Stage of = values.get(layer);
    String name = of.name();
    double[] sums = some(of.normalized());
    double[] outputs = some(of.outputs());
    Histogram bins = Histogram.over(sums, outputs);
    if (layer == values.size() - 1) {
      return XyChart.of(
              "activations-" + name,
              "Scores of %s.".formatted(name),
              "What the network computes before probabilities or values are made of it.",
              Axis.of("score"),
              Axis.of("share"))
          .height(LOW)
          .histogram("scores", bins.edges(), bins.shares(outputs))
          .chart();
    }
    double zeros = Arrays.stream(outputs).filter(a -> a == 0).count() / (double) outputs.length;
    boolean many = zeros >= MANY;
    return XyChart.of(
            "activations-" + name,
            "Activations of %s.".formatted(name),
            "Before and behind the activation, over all units and rows."
                + (many
                    ? String.format(
                        Locale.ROOT, " Not drawn: the %.0f %% that are 0 behind it.", 100 * zeros)
                    : ""),
            Axis.of("activation"),
            Axis.of("share"))
        .height(LOW)
        .histogram("before", bins.edges(), bins.shares(sums))
        .histogram(
            "behind", bins.edges(), many ? withoutZeros(bins, outputs) : bins.shares(outputs))
        .chart();
  }

  /** {@return shares of all numbers, those of zeros left out} */
  private static double[] withoutZeros(Histogram bins, double[] numbers) {
    double[] others = Arrays.stream(numbers).filter(a -> a != 0).toArray();
    double[] shares = others.length == 0 ? new double[bins.count()] : bins.shares(others);
    for (int i = 0; i < shares.length; i++) {
      shares[i] *= (double) others.length / numbers.length;
    }
    return shares;
  }

  private void norms(List<Part> parts) {
    for (int layer : shown) {
      Stage of = values.get(layer);
      if (of.norm().isPresent()) {
        parts.add(new Beside(List.of(sums(of), normalized(of))));
      }
    }
  }

  private static Chart sums(Stage of) {
    double[] sums = some(of.sums());
    Histogram bins = Histogram.over(sums);
    return XyChart.of(
            "norm-before-" + of.name(),
            "Before the normalisation of %s.".formatted(of.name()),
            "The weighted sums, over all units and rows.",
            Axis.of("sum"),
            Axis.of("share"))
        .height(LOW)
        .histogram("sums", bins.edges(), bins.shares(sums))
        .chart();
  }

  private Chart normalized(Stage of) {
    double[] scaled = some(of.normalized());
    double[] plain =
        of.norm().orElseThrow().layer() instanceof BatchNorm norm
            ? some(plain(of, norm))
            : new double[0];
    Histogram bins = Histogram.over(scaled, plain);
    XyChart chart =
        XyChart.of(
                "norm-after-" + of.name(),
                "Behind it.",
                plain.length > 0
                    ? "With mean 0 and deviation 1 by the running statistics, and after scale and"
                        + " shift."
                    : "After scale and shift.",
                Axis.of("normalised sum"),
                Axis.of("share"))
            .height(LOW);
    if (plain.length > 0) {
      chart.histogram("normalised", bins.edges(), bins.shares(plain));
    }
    return chart.histogram("scaled and shifted", bins.edges(), bins.shares(scaled)).chart();
  }

  /** {@return (z − μ)/√(σ² + ε) by the running statistics} */
  private double[][] plain(Stage of, BatchNorm norm) {
    Slot mean = of.norm().orElseThrow().slot(network.layout(), Slot.Role.MEAN);
    Slot variance = of.norm().orElseThrow().slot(network.layout(), Slot.Role.VARIANCE);
    double[][] plain = new double[of.sums().length][];
    for (int r = 0; r < plain.length; r++) {
      double[] row = of.sums()[r].clone();
      for (int j = 0; j < row.length; j++) {
        double deviation = Math.sqrt(after[variance.offset() + j] + norm.epsilon());
        row[j] = (row[j] - after[mean.offset() + j]) / deviation;
      }
      plain[r] = row;
    }
    return plain;
  }

  private void gradients(List<Part> parts) {
    if (observations.isEmpty()) {
      return;
    }
    parts.add(byDepth());
    int layers = observations.getFirst().layers().size();
    List<Integer> lines = some(layers, MOST_LINES);
    String left = lines.size() < layers ? left(lines.size()) : "";
    parts.add(
        overEpochs(
            "gradient-norms",
            "Gradients over the epochs.",
            "The root mean square of each layer's gradient in the last step of an epoch. Lines that"
                + " fall apart by powers of ten are gradients that vanish or explode."
                + left,
            Axis.log("gradient RMS"),
            lines,
            Observation.Layer::gradientRms));
    parts.add(
        overEpochs(
            "update-ratios",
            "Updates over the epochs.",
            "By how much the last step of an epoch moves a layer's weights, as a share of their"
                + " norm; about 0.001 is usual, far above learns too fast, far below too slowly."
                + left,
            Axis.log("‖ΔW‖/‖W‖"),
            lines,
            Observation.Layer::updateRatio));
    if (observations.stream()
        .flatMap(o -> o.layers().stream())
        .anyMatch(layer -> layer.deadShare() > 0)) {
      parts.add(
          overEpochs(
              "dead-units",
              "Dead units over the epochs.",
              "The share of a layer's units that are 0 for every row of the last batch of an epoch."
                  + left,
              Axis.of("share of units"),
              lines,
              Observation.Layer::deadShare));
    }
  }

  private Chart byDepth() {
    XyChart chart =
        XyChart.of(
                "gradients-by-depth",
                "Gradients by depth.",
                "The root mean square of the weights' gradient in each layer, from the first to the"
                    + " last, in the last step of an epoch. A line that falls to the left is a"
                    + " gradient that vanishes on its way back.",
                Axis.whole("layer"),
                Axis.log("gradient RMS"))
            .height(LOW);
    for (int i : some(observations.size(), 3)) {
      Observation observation = observations.get(i);
      double[] numbers = new double[observation.layers().size()];
      Arrays.setAll(numbers, layer -> layer + 1);
      chart.line(
          "epoch " + observation.epoch(),
          numbers,
          observation.layers().stream().mapToDouble(Observation.Layer::gradientRms).toArray());
    }
    return chart.chart();
  }

  private Chart overEpochs(
      String id,
      String title,
      String caption,
      Axis axis,
      List<Integer> lines,
      ToDoubleFunction<Observation.Layer> of) {
    XyChart chart = XyChart.of(id, title, caption, Axis.whole("epoch"), axis).height(LOW);
    double[] epochs = observations.stream().mapToDouble(Observation::epoch).toArray();
    for (int layer : lines) {
      chart.line(
          observations.getFirst().layers().get(layer).layer(),
          epochs,
          observations.stream()
              .mapToDouble(o -> of.applyAsDouble(o.layers().get(layer)))
              .toArray());
    }
    return chart.chart();
  }

  private Slot weight(Network.Node dense) {
    return dense.slot(network.layout(), Slot.Role.WEIGHT);
  }

  private static double rms(float[] parameters, Slot slot) {
    double squares = 0;
    for (int i = slot.offset(); i < slot.end(); i++) {
      squares += (double) parameters[i] * parameters[i];
    }
    return Math.sqrt(squares / slot.size());
  }

  private static double[] some(float[] parameters, Slot slot) {
    return Arrays.stream(Sample.even(slot.size(), MOST_NUMBERS))
        .mapToDouble(i -> parameters[slot.offset() + i])
        .toArray();
  }

  private static double[] some(double[][] values) {
    double[] all = flat(values);
    return Arrays.stream(Sample.even(all.length, MOST_NUMBERS)).mapToDouble(i -> all[i]).toArray();
  }

  private static double[] flat(double[][] values) {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
  }
}
