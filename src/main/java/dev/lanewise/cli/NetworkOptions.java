package dev.lanewise.cli;

import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.train.Tabular;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that describe the network. */
@Command(optionListHeading = "Network, initialisation and regularisation:%n")
final class NetworkOptions {

  private static final Map<String, Initializer> INITIALIZERS =
      new TreeMap<>(
          Map.of(
              "zeros", new Initializer.Zeros(),
              "normal", new Initializer.Fixed(1, Distribution.NORMAL),
              "uniform", new Initializer.Fixed(1, Distribution.UNIFORM),
              "lecun", new Initializer.LeCun(Distribution.NORMAL),
              "lecun-uniform", new Initializer.LeCun(Distribution.UNIFORM),
              "glorot", new Initializer.Glorot(Distribution.NORMAL),
              "glorot-uniform", new Initializer.Glorot(Distribution.UNIFORM),
              "he", new Initializer.He(Distribution.NORMAL),
              "he-uniform", new Initializer.He(Distribution.UNIFORM),
              "orthogonal", new Initializer.Orthogonal()));

  /** The units of the hidden layers that {@code --hidden} names as its default. */
  private static final int[] PLAIN = {128, 64};

  @Option(
      names = "--hidden",
      paramLabel = "UNITS",
      description = "Units of the hidden layers, or none. Default: ${DEFAULT-VALUE}.")
  private String hidden = "128,64";

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
      completionCandidates = Activations.class)
  private String activation = "relu";

  @Option(names = "--batch-norm", description = "Batch normalisation in every hidden layer.")
  private boolean batchNorm;

  @Option(
      names = "--batch-norm-variance",
      paramLabel = "NAME",
      description =
          "Which variance of a batch enters the running one: unbiased, as in PyTorch, or biased,"
              + " as in Keras. Default: unbiased.")
  private String batchNormVariance;

  @Option(names = "--layer-norm", description = "Layer normalisation in every hidden layer.")
  private boolean layerNorm;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Probability of dropping a hidden unit; one for all hidden layers or one for each, as"
              + " 0.2,0.5.")
  private String dropout = "0";

  @Option(
      names = "--input-dropout",
      paramLabel = "P",
      description = "Probability of dropping an input, or what it is embedded as.")
  private double inputDropout;

  @Option(
      names = "--dropout-form",
      paramLabel = "FORM",
      description =
          "inverted divides what is kept in training, classic multiplies all in inference. Default:"
              + " ${DEFAULT-VALUE}.")
  private String dropoutForm = "inverted";

  @Option(
      names = "--initializer",
      paramLabel = "NAME",
      description =
          "zeros, normal, uniform, orthogonal, lecun, glorot or he; the last three also as"
              + " he-uniform."
              + " Default: ${DEFAULT-VALUE}.")
  private String initializer = "he";

  @Option(
      names = "--l1",
      paramLabel = "λ",
      description = "Adds λ·Σ|w| to the cost; one for all layers or one for each, as 0.1,0.1,0.")
  private String l1 = "0";

  @Option(
      names = "--l1-per-example",
      paramLabel = "λ",
      description = "Adds λ/2m·Σ|w| to the cost, m being the training rows.")
  private String l1PerExample = "0";

  @Option(
      names = "--l1-proximal",
      description =
          "Lets L1 take effect by a soft threshold after each step, which makes weights exactly 0.")
  private boolean l1Proximal;

  @Option(
      names = "--l2",
      paramLabel = "λ",
      description = "Adds λ/2·Σw² to the cost; one for all layers or one for each.")
  private String l2 = "0";

  @Option(
      names = "--l2-per-example",
      paramLabel = "λ",
      description = "Adds λ/2m·Σw² to the cost, m being the training rows.")
  private String l2PerExample = "0";

  @Option(
      names = "--max-norm",
      paramLabel = "c",
      description = "The greatest norm of a unit's incoming weights; longer ones are scaled back.")
  private Double maxNorm;

  /** The values of {@code --activation}. */
  private static final class Activations implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Usage.names(Activation.Function.class).iterator();
    }
  }

  /** Checks the options of a network that has the usual hidden layers unless they say otherwise. */
  void check(CommandSpec spec) {
    check(spec, PLAIN);
  }

  /**
   * Checks the options.
   *
   * @param usual the units of hidden layers unless they say otherwise
   */
  void check(CommandSpec spec, int[] usual) {
    int[] units = units(spec, usual);
    int layers = units.length;
    requireSize(spec, 1, units);
    function(spec);
    Usage.require(
        spec, layers > 0 || !batchNorm, "--batch-norm: needs a hidden layer; expected --hidden");
    Usage.require(
        spec,
        batchNorm || batchNormVariance == null,
        "--batch-norm-variance: %s without --batch-norm; expected both",
        batchNormVariance);
    variance(spec);
    Usage.require(
        spec, layers > 0 || !layerNorm, "--layer-norm: needs a hidden layer; expected --hidden");
    Usage.require(
        spec,
        !(batchNorm && layerNorm),
        "--layer-norm: together with --batch-norm; expected one of them");
    Usage.require(
        spec,
        !layerNorm || Arrays.stream(units).allMatch(n -> n > 1),
        "--layer-norm: --hidden %s has a layer of one unit; expected 2 or more in each",
        hidden);
    double[] drops = drops(spec, layers);
    for (double drop : drops) {
      Usage.require(
          spec, layers > 0 || drop == 0, "--dropout: needs a hidden layer; expected --hidden");
    }
    requireProbability(spec, "--input-dropout", inputDropout);
    Usage.require(
        spec,
        INITIALIZERS.containsKey(initializer),
        "--initializer: %s; expected one of %s",
        initializer,
        String.join(", ", INITIALIZERS.keySet()));
    form(spec);
    penalties(spec, layers + 1);
    Usage.require(
        spec,
        maxNorm == null
            || maxNorm.floatValue() > 0 && maxNorm.floatValue() < Float.POSITIVE_INFINITY,
        "--max-norm: %s; expected a finite number above 0",
        maxNorm);
  }

  /** {@return whether batches are normalised, so that they need two rows} */
  boolean batchNorm() {
    return batchNorm;
  }

  /** {@return the network for so many inputs and outputs; the options have been checked} */
  Network network(CommandSpec spec, int inputs, int outputs, Loss loss) {
    Network.Builder network = Network.inputs(inputs);
    for (int of : units(spec, PLAIN)) {
      network.dense(of).relu();
    }
    return override(network.dense(outputs).loss(loss), spec);
  }

  /** {@return a preset with the hidden layers that are asked for; the options have been checked} */
  Tabular override(Tabular preset, CommandSpec spec) {
    return preset.withHidden(units(spec, preset.hidden()));
  }

  /**
   * {@return a network with what is asked for in place of what it has, layer by layer; the options
   * have been checked, but for {@code --hidden}, of which it is made}
   */
  Network override(Network network, CommandSpec spec) {
    int hidden = network.dense().size() - 1;
    int[] units = network.dense().stream().limit(hidden).mapToInt(Network.Node::outputs).toArray();
    requireSize(spec, network.inputs(), units);
    double[] drops = drops(spec, hidden);
    Penalty[] penalties = penalties(spec, hidden + 1);
    List<Layer> layers = new ArrayList<>();
    Optional<Layer> atInputs = dropping(spec, inputDropout);
    if (!(network.layers().getFirst() instanceof Embedding)) {
      atInputs.ifPresent(layers::add);
    }
    int number = 0;
    for (Layer layer : network.layers()) {
      double drop = number == 0 ? 0 : drops[number - 1];
      switch (layer) {
        case Dense dense -> {
          layers.add(override(dense, spec, penalties[number]));
          number++;
          if (number <= hidden) {
            norm(spec).ifPresent(layers::add);
          }
        }
        case Activation usual -> {
          layers.add(Usage.given(spec, "--activation") ? Activation.of(function(spec)) : usual);
          dropping(spec, drop).ifPresent(layers::add);
        }
        case Blend usual -> {
          layers.add(Usage.given(spec, "--activation") ? blend(function(spec)) : usual);
          dropping(spec, drop).ifPresent(layers::add);
        }
        case Dropout usual -> {
          if (!Usage.given(spec, "--dropout")) {
            layers.add(usual.withForm(form(spec)));
          }
        }
        case Layer.Norm norm -> layers.add(norm);
        case Scaling scaling -> layers.add(scaling);
        case Members members -> layers.add(members);
        case Embedding embedding -> {
          layers.add(embedding);
          atInputs.ifPresent(layers::add); // a number that stands for a value cannot be dropped
        }
      }
    }
    return new Network(network.inputs(), layers, network.loss());
  }

  private Optional<Layer> norm(CommandSpec spec) {
    if (batchNorm) {
      BatchNorm usual = new BatchNorm();
      return Optional.of(new BatchNorm(usual.epsilon(), usual.decay(), variance(spec)));
    }
    return layerNorm ? Optional.of(new LayerNorm()) : Optional.empty();
  }

  private Dense override(Dense usual, CommandSpec spec, Penalty penalty) {
    Dense dense = usual.withPenalty(penalty);
    if (Usage.given(spec, "--initializer")) {
      dense = dense.withInitializer(INITIALIZERS.get(initializer));
    }
    return maxNorm == null ? dense : dense.withMaxNorm(maxNorm);
  }

  /** Of the identity there is nothing to blend. */
  private static Layer blend(Activation.Function function) {
    return function == Activation.Function.IDENTITY ? Activation.of(function) : Blend.of(function);
  }

  private Optional<Layer> dropping(CommandSpec spec, double probability) {
    return probability > 0
        ? Optional.of(Dropout.of(probability).withForm(form(spec)))
        : Optional.empty();
  }

  private Dropout.Form form(CommandSpec spec) {
    return Usage.constant(spec, "--dropout-form", Dropout.Form.class, dropoutForm);
  }

  /** The penalties of the layers, the last one's included. */
  private Penalty[] penalties(CommandSpec spec, int layers) {
    double[] ofL1 = coefficients(spec, "--l1", l1, layers);
    double[] ofL2 = coefficients(spec, "--l2", l2, layers);
    double[] ofL1PerExample = coefficients(spec, "--l1-per-example", l1PerExample, layers);
    double[] ofL2PerExample = coefficients(spec, "--l2-per-example", l2PerExample, layers);
    Penalty[] penalties = new Penalty[layers];
    boolean shrinks = false;
    for (int i = 0; i < layers; i++) {
      penalties[i] =
          Penalty.l1(ofL1[i])
              .and(Penalty.l2(ofL2[i]))
              .and(Penalty.l1PerExample(ofL1PerExample[i]))
              .and(Penalty.l2PerExample(ofL2PerExample[i]))
              .withL1Form(l1Proximal ? Penalty.L1Form.SOFT_THRESHOLD : Penalty.L1Form.SUBGRADIENT);
      shrinks |= ofL1[i] > 0 || ofL1PerExample[i] > 0;
    }
    Usage.require(
        spec,
        shrinks || !l1Proximal,
        "--l1-proximal: has no meaning without --l1 or --l1-per-example above 0");
    return penalties;
  }

  /** The coefficients of a penalty, one for each layer. */
  private static double[] coefficients(CommandSpec spec, String option, String text, int layers) {
    String[] parts = text.split(",", -1);
    Usage.require(
        spec,
        parts.length == 1 || parts.length == layers,
        "%s: %s; expected one number or %d, one for each layer",
        option,
        text,
        layers);
    double[] coefficients = new double[layers];
    for (int i = 0; i < layers; i++) {
      String part = parts[parts.length == 1 ? 0 : i].strip();
      try {
        coefficients[i] = Double.parseDouble(part);
      } catch (NumberFormatException e) {
        throw Usage.wrong(spec, "%s: %s; expected a finite number, 0 or more", option, part);
      }
      Usage.requireCoefficient(spec, option, coefficients[i]);
    }
    return coefficients;
  }

  private Activation.Function function(CommandSpec spec) {
    return Usage.constant(spec, "--activation", Activation.Function.class, activation);
  }

  private BatchNorm.Variance variance(CommandSpec spec) {
    return batchNormVariance == null
        ? new BatchNorm().variance()
        : Usage.constant(
            spec, "--batch-norm-variance", BatchNorm.Variance.class, batchNormVariance);
  }

  /**
   * {@return the units of the hidden layers}
   *
   * @param usual those that there are unless options say otherwise
   */
  private int[] units(CommandSpec spec, int[] usual) {
    if (!Usage.given(spec, "--hidden")) {
      return usual;
    }
    if (hidden.equals("none")) {
      return new int[0];
    }
    String[] parts = hidden.split(",", -1);
    int[] units = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      Usage.require(
          spec,
          parts[i].strip().matches("[1-9][0-9]{0,6}"),
          "--hidden: %s; expected numbers of units from 1 to 9999999, as 128,64, or none",
          hidden);
      units[i] = Integer.parseInt(parts[i].strip());
    }
    return units;
  }

  /** Refuses layers whose parameters one array cannot hold; before data is read it has an input. */
  private void requireSize(CommandSpec spec, int inputs, int[] units) {
    long parameters = 0;
    long below = inputs;
    for (int of : units) {
      parameters += (below + 1) * of;
      below = of;
    }
    Usage.require(
        spec,
        parameters <= Integer.MAX_VALUE,
        "--hidden: %s; expected fewer than 2^31 parameters, not %d",
        hidden,
        parameters);
  }

  /** The probabilities of dropping, one for each hidden layer, or as given if there is none. */
  private double[] drops(CommandSpec spec, int layers) {
    String[] parts = dropout.split(",", -1);
    Usage.require(
        spec,
        parts.length == 1 || parts.length == layers,
        "--dropout: %s; expected one probability or %d, one for each hidden layer",
        dropout,
        layers);
    double[] drops = new double[Math.max(parts.length, layers)];
    for (int i = 0; i < drops.length; i++) {
      drops[i] = probability(spec, parts[parts.length == 1 ? 0 : i].strip());
    }
    return drops;
  }

  private double probability(CommandSpec spec, String text) {
    try {
      double value = Double.parseDouble(text);
      requireProbability(spec, "--dropout", value);
      return value;
    } catch (NumberFormatException e) {
      throw Usage.wrong(spec, "--dropout: %s; expected a number in [0, 1)", text);
    }
  }

  private static void requireProbability(CommandSpec spec, String option, double value) {
    Usage.require(
        spec, value >= 0 && value < 1, "%s: %s; expected a number in [0, 1)", option, value);
  }
}
