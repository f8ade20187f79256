package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.QUESTION;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/** Bad input to the package {@code net}. */
final class NetCases {

  private static final Loss SQUARES = new Loss.SquaredError();
  private static final Initializer ZEROS = new Initializer.Zeros();
  private static final Slot WEIGHT = new Slot("w", Slot.Role.WEIGHT, 1, 2, 2);

  private NetCases() {}

  static void list(BadInputs bad) {
    layers(bad);
    embeddings(bad);
    kinds(bad);
    nodes(bad);
    initializers(bad);
    losses(bad);
    networks(bad);
    penalties(bad);
  }

  private static void layers(BadInputs bad) {
    String activation = "new Activation(Function, float)";
    bad.refuses(
        activation,
        () -> new Activation(Activation.Function.ELU, -1),
        "parameter of ELU: -1.0; expected a finite number >= 0");
    bad.refuses(
        activation,
        () -> new Activation(Activation.Function.RELU, 1),
        "parameter of RELU: 1.0; expected 0");
    bad.takeAnything(CHECKED, "Activation.of(Function)");

    String identity = "activation: IDENTITY; expected another function";
    Activation.Function none = Activation.Function.IDENTITY;
    bad.refuses("new Blend(Activation)", () -> new Blend(Activation.of(none)), identity);
    bad.refuses("Blend.of(Function)", () -> Blend.of(none), identity);

    bad.refuses("Members.of(int)", () -> Members.of(0), "count: 0; expected at least 1");
    bad.refuses(
        "Members.withWidths(List)",
        () -> Members.of(2).withWidths(List.of(1, 0)),
        "widths: 0; expected at least 1");
    bad.takeAnything(CHECKED, "Members.withStart(Start)");

    String batchNorm = "new BatchNorm(double, double, Variance)";
    BatchNorm.Variance biased = BatchNorm.Variance.BIASED;
    bad.refuses(batchNorm, () -> new BatchNorm(0, 0.9, biased), "epsilon: 0.0");
    bad.refuses(batchNorm, () -> new BatchNorm(NaN, 0.9, biased), "epsilon: NaN");
    bad.refuses(batchNorm, () -> new BatchNorm(1e-5, -0.1, biased), "decay: -0.1");
    bad.refuses(batchNorm, () -> new BatchNorm(1e-5, NaN, biased), "decay: NaN");
    bad.refuses("new LayerNorm(double)", () -> new LayerNorm(-1), "epsilon: -1.0");

    bad.refuses("new Dense(int)", () -> new Dense(0), "units: 0");
    bad.refuses("Dense.withMaxNorm(double)", () -> new Dense(1).withMaxNorm(NaN), "maxNorm: NaN");
    bad.refuses("Dense.withMaxNorm(double)", () -> new Dense(1).withMaxNorm(0), "maxNorm: 0.0");
    bad.refuses(
        "Dense.withBiasInitializer(Initializer)",
        () -> new Dense(1).withBiasInitializer(new Initializer.Orthogonal()),
        "biasInitializer: Orthogonal[gain=1.0]; expected Zeros or Fixed");
    bad.takeAnything(CHECKED, "Dense.withInitializer(Initializer)", "Dense.withPenalty(Penalty)");

    bad.refuses("new Dropout(double)", () -> new Dropout(0), "keep: 0.0");
    bad.refuses(
        "new Dropout(double, Form)", () -> new Dropout(NaN, Dropout.Form.CLASSIC), "keep: NaN");
    bad.refuses("Dropout.keeping(double)", () -> Dropout.keeping(1.1), "keep: 1.1");
    bad.refuses("Dropout.of(double)", () -> Dropout.of(1), "dropping: 1.0");
    bad.refuses("Dropout.keepAt(double)", () -> new Dropout(0.5).keepAt(1.1), "factor: 1.1");
    bad.refuses("Dropout.keepAt(double)", () -> new Dropout(0.5).keepAt(NaN), "factor: NaN");
    bad.refuses(
        "Dropout.trainingScale(double)", () -> new Dropout(0.5).trainingScale(0), "keepNow: 0.0");
    bad.takeAnything(CHECKED, "Dropout.withForm(Form)");
  }

  private static void embeddings(BadInputs bad) {
    String embedding = "new Embedding(List)";
    Embedding.Pass two = new Embedding.Pass(List.of(0, 1));
    bad.refuses(embedding, () -> new Embedding(List.of()), "parts: none");
    bad.refuses(
        embedding, () -> new Embedding(List.of(two, two)), "parts: two of the kind PASS; expected");
    bad.refuses(
        embedding,
        () -> new Embedding(List.of(two, new Embedding.Category(List.of(1), List.of(3), 2))),
        "parts: column 1 of the inputs twice; expected each of 0 to 2 once");
    bad.refuses(
        embedding,
        () -> new Embedding(List.of(new Embedding.Pass(List.of(1)))),
        "parts: column 1 of the inputs in Pass[columns=[1]]; expected each of 0 to 0 once");
    bad.refuses(
        embedding,
        () -> new Embedding(List.of(new Embedding.Pass(List.of(-1)))),
        "parts: column -1 of the inputs");
    bad.refuses(
        "Embedding.outputs(int)",
        () -> new Embedding(List.of(two)).outputs(3),
        "embedding of 2 columns; expected one of all 3 inputs");
    bad.refuses("new Embedding.Pass(List)", () -> new Embedding.Pass(List.of()), "columns: none");
    String category = "new Embedding.Category(List, List, int)";
    List<Integer> one = List.of(0);
    bad.refuses(
        category, () -> new Embedding.Category(List.of(), List.of(), 1), "columns: none; expected");
    bad.refuses(
        category,
        () -> new Embedding.Category(one, List.of(2, 3), 1),
        "values: of 2 columns; expected 1");
    bad.refuses(
        category,
        () -> new Embedding.Category(one, one, 1),
        "values: 0; expected from 1 to 16777216");
    bad.refuses(
        category,
        () -> new Embedding.Category(one, List.of((1 << 24) + 1), 1),
        "values: 16777217; expected from 1");
    bad.refuses(
        category, () -> new Embedding.Category(one, List.of(2), 0), "size: 0; expected at least 1");
    bad.refuses(
        category,
        () -> new Embedding.Category(one, List.of(2), 1 << 30),
        "values, size: 2 rows of 1073741824 numbers; expected a table of fewer than 2^31");
    String periodic = "new Embedding.Periodic(List, int, int, double)";
    bad.refuses(
        periodic, () -> new Embedding.Periodic(List.of(), 1, 2, 1), "columns: none; expected");
    bad.refuses(
        periodic,
        () -> new Embedding.Periodic(one, 0, 2, 1),
        "frequencies: 0; expected from 1 to 16777216");
    bad.refuses(
        periodic, () -> new Embedding.Periodic(one, 1, 1, 1), "outputs: 1; expected from 2 to 5");
    bad.refuses(
        periodic, () -> new Embedding.Periodic(one, 1, 6, 1), "outputs: 6; expected from 2 to 5");
    bad.refuses(periodic, () -> new Embedding.Periodic(one, 1, 2, 0), "deviation: 0.0; expected");
    bad.refuses(periodic, () -> new Embedding.Periodic(one, 1, 2, NaN), "deviation: NaN");
    List<Integer> many = Collections.nCopies(64, 0);
    bad.refuses(
        periodic,
        () -> new Embedding.Periodic(many, 1 << 24, 5, 1),
        "frequencies: 16777216 in 64 columns; expected fewer than 2^31 weights");
    bad.refuses(
        "Embedding.Periodic.of(List)", () -> Embedding.Periodic.of(List.of()), "columns: none");
    piecewiseLinear(bad);
    Embedding.Category table = new Embedding.Category(one, List.of(3), 2);
    Network.Node node = new Network.Node(0, new Embedding(List.of(table)), 1, false);
    bad.refuses(
        "Embedding.initialize(float[], Node, Layout, long)",
        () -> node.layer().initialize(new float[5], node, Layout.of(node.tensors()), 0),
        "parameters: length 5; expected at least 6, the end of embedding0.categories");
    bad.takeAnything(CHECKED, "Embedding.tensors(Node)", "Embedding.Part.Kind.of(Values)");
  }

  private static void piecewiseLinear(BadInputs bad) {
    String piecewise = "new Embedding.PiecewiseLinear(List, List, int)";
    List<Integer> one = List.of(0);
    List<List<Float>> unit = List.of(List.of(0f, 1f));
    bad.refuses(
        piecewise,
        () -> new Embedding.PiecewiseLinear(List.of(), unit, 1),
        "columns: none; expected");
    bad.refuses(
        piecewise,
        () -> new Embedding.PiecewiseLinear(List.of(0, 1), unit, 1),
        "edges: of 1 columns; expected 2");
    bad.refuses(
        piecewise,
        () -> new Embedding.PiecewiseLinear(one, List.of(List.of(3f)), 1),
        "edges: [3.0]; expected at least 2");
    bad.refuses(
        piecewise, () -> new Embedding.PiecewiseLinear(one, unit, 0), "size: 0; expected at least");
    bad.refuses(
        piecewise,
        () -> new Embedding.PiecewiseLinear(one, unit, 1 << 30),
        "size: 1073741824 of 1 bins; expected fewer than 2^30 numbers");
    List<Float> many = IntStream.range(0, 1 << 16).mapToObj(e -> (float) e).toList();
    bad.refuses(
        piecewise,
        () ->
            new Embedding.PiecewiseLinear(
                Collections.nCopies(17, 0), Collections.nCopies(17, many), 1),
        "edges: 1114112 of all columns; expected at most 1048576");
    Map<String, List<Float>> wrong =
        Map.of(
            "0.0, 0.0", List.of(0f, 0f),
            "2.0, 1.0", List.of(0f, 2f, 1f),
            "NaN", List.of(Float.NaN, 1f),
            "0.0, Infinity", List.of(0f, Float.POSITIVE_INFINITY),
            "-3.0E38, 3.0E38", List.of(-3e38f, 3e38f));
    wrong.forEach(
        (place, edges) ->
            bad.refuses(
                piecewise,
                () -> new Embedding.PiecewiseLinear(one, List.of(edges), 1),
                "edges: " + place + "; expected finite numbers, ascending by finite steps"));
    String quantiles = "Embedding.PiecewiseLinear.ofQuantiles(List, float[], int, int, int)";
    float[] rows = {1, 2, 3, 4, Float.NaN, 6};
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(List.of(), rows, 2, 4, 8),
        "columns: none");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(List.of(2), rows, 2, 4, 8),
        "columns: 2; expected from 0 to 1");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(List.of(-1), rows, 2, 4, 8),
        "columns: -1; expected from 0 to 1");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, rows, 2, 4, 8),
        "rows: NaN in row 2, column 0; expected finite numbers");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, rows, 4, 4, 8),
        "rows: 6 numbers of 4 columns; expected one row or more");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, new float[0], 4, 4, 8),
        "rows: 0 numbers of 4 columns; expected one row or more");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, rows, 0, 4, 8),
        "rows: 6 numbers of 0 columns; expected one row or more");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, rows, 2, 0, 8),
        "bins: 0; expected at least 1");
    bad.refuses(
        quantiles,
        () -> Embedding.PiecewiseLinear.ofQuantiles(one, rows, 2, 4, 0),
        "size: 0; expected at least 1");
  }

  private static void kinds(BadInputs bad) {
    Layout layout = Network.inputs(2).dense(2).layerNorm().dense(1).loss(SQUARES).layout();
    Network.Node norm = new Network.Node(1, new LayerNorm(), 2, false);
    bad.refuses(
        "Layer.initialize(float[], Node, Layout, long)",
        () -> norm.layer().initialize(new float[3], norm, layout, 0),
        "parameters: length 3; expected 13, the layout's");
    Network.Node dense = new Network.Node(1, new Dense(2), 2, true);
    bad.refuses(
        "Dense.initialize(float[], Node, Layout, long)",
        () -> dense.layer().initialize(new float[3], dense, layout, 0),
        "parameters: length 3; expected at least 4, the end of dense1.weight");
    bad.refuses(
        "LayerNorm.outputs(int)", () -> new LayerNorm().outputs(1), "layer norm over 1 unit");
    bad.refuses(
        "Members.outputs(int)",
        () -> Members.of(2).withWidths(List.of(1, 2)).outputs(4),
        "members: widths of 3 columns; expected 4, those that reach them");
    Network.Node members = new Network.Node(0, Members.of(2), 2, false, 2, 1);
    bad.refuses(
        "Members.initialize(float[], Node, Layout, long)",
        () -> members.layer().initialize(new float[3], members, layout, 0),
        "parameters: length 3; expected 13, the layout's");
    bad.takeAnything(
        "the inputs are checked where a layer is put in its place",
        "Layer.outputs(int)",
        "Dense.outputs(int)");
    bad.takeAnything(
        CHECKED,
        "Layer.Kind.of(Values)",
        "Layer.tensors(Node)",
        "Dense.tensors(Node)",
        "BatchNorm.tensors(Node)",
        "Blend.tensors(Node)",
        "Members.tensors(Node)",
        "LayerNorm.tensors(Node)",
        "Scaling.tensors(Node)");
  }

  private static void nodes(BadInputs bad) {
    String node = "new Network.Node(int, Layer, int, boolean)";
    Dense dense = new Dense(1);
    bad.refuses(node, () -> new Network.Node(-1, dense, 1, true), "number: -1");
    bad.refuses(node, () -> new Network.Node(1, dense, 0, true), "inputs: 0");
    bad.refuses(
        node,
        () -> new Network.Node(1, new Dropout(0.5), 1, true),
        "biased: true for Dropout[keep=0.5, form=INVERTED]; expected it of a Dense alone");
    bad.refuses(node, () -> new Network.Node(1, new LayerNorm(), 1, false), "over 1 unit");
    Layout layout = Network.inputs(1).dense(1).loss(SQUARES).layout();
    bad.refuses(
        "Network.Node.slot(Layout, Role)",
        () -> new Network.Node(2, dense, 1, true).slot(layout, Slot.Role.BIAS),
        NoSuchElementException.class,
        "no tensor dense2.bias");
    bad.refuses(
        "Network.Node.matrices(Layout)",
        () -> new Network.Node(2, dense, 1, true).matrices(layout),
        NoSuchElementException.class,
        "no tensor dense2.weight");
    String whole = "new Network.Node(int, Layer, int, boolean, int, int)";
    bad.refuses(whole, () -> new Network.Node(1, dense, 1, true, 0, 1), "copies: 0");
    bad.refuses(whole, () -> new Network.Node(1, dense, 1, true, 2, 0), "heads: 0");
    bad.refuses(
        whole,
        () -> new Network.Node(1, new Dropout(0.5), 1, false, 2, 2),
        "heads: 2 for Dropout[keep=0.5, form=INVERTED]; expected 1");
    bad.takeAnything(CHECKED, "Network.Node.name(Role)", "Network.Node.name(String)");
  }

  private static void initializers(BadInputs bad) {
    Initializer.Distribution normal = Initializer.Distribution.NORMAL;
    String fixed = "new Initializer.Fixed(double, Distribution)";
    bad.refuses(fixed, () -> new Initializer.Fixed(-1, normal), "deviation: -1.0");
    bad.refuses(fixed, () -> new Initializer.Fixed(NaN, normal), "deviation: NaN");
    bad.refuses(
        "new Initializer.Orthogonal(double)", () -> new Initializer.Orthogonal(0), "gain: 0.0");
    deviation(bad, "Zeros", ZEROS);
    deviation(bad, "Fixed", new Initializer.Fixed(1, normal));
    deviation(bad, "LeCun", new Initializer.LeCun(normal));
    deviation(bad, "Glorot", new Initializer.Glorot(normal));
    deviation(bad, "He", new Initializer.He(normal));
    deviation(bad, "Orthogonal", new Initializer.Orthogonal());
    bad.refuses(
        "Initializer.fill(float[], Slot, long)",
        () -> ZEROS.fill(new float[4], WEIGHT, 0),
        "parameters: length 4; expected at least 5, the end of w");
    bad.refuses(
        "Initializer.Orthogonal.fill(float[], Slot, long)",
        () -> new Initializer.Orthogonal().fill(new float[4], WEIGHT, 0),
        "parameters: length 4");
    bad.takeAnything(
        CHECKED,
        "new Initializer.LeCun(Distribution)",
        "new Initializer.Glorot(Distribution)",
        "new Initializer.He(Distribution)");
  }

  private static void deviation(BadInputs bad, String name, Initializer initializer) {
    String member = "Initializer." + name + ".deviation(int, int)";
    bad.refuses(member, () -> initializer.deviation(0, 1), "in, out: 0, 1");
    bad.refuses(member, () -> initializer.deviation(1, -1), "in, out: 1, -1");
  }

  private static void losses(BadInputs bad) {
    bad.refuses(
        "new Loss.SoftmaxCrossEntropy(float)",
        () -> new Loss.SoftmaxCrossEntropy(1),
        "smoothing: 1.0");
    bad.refuses(
        "new Loss.SigmoidCrossEntropy(float)",
        () -> new Loss.SigmoidCrossEntropy(Float.NaN),
        "smoothing: NaN");
    bad.refuses("new Loss.Quantile(float)", () -> new Loss.Quantile(0), "tau: 0.0");
    bad.refuses("new Loss.Huber(float)", () -> new Loss.Huber(0), "delta: 0.0");
    String ofKind = "Loss.Kind.of(Map)";
    bad.refuses(
        ofKind,
        () -> Loss.Kind.HUBER.of(Map.of("tau", 1f)),
        "parameters: [tau]; expected those of HUBER: [delta]");
    bad.refuses(ofKind, () -> Loss.Kind.QUANTILE.of(Map.of("tau", 1f)), "tau: 1.0");
    bad.takeAnything(
        QUESTION, "Loss.accepts(int, int)", "Loss.takes(float)", "Loss.takesClassNumbers(int)");
  }

  private static void networks(BadInputs bad) {
    Loss squares = new Loss.SquaredError();
    String network = "new Network(int, List, Loss)";
    bad.refuses(network, () -> new Network(0, List.of(new Dense(1)), squares), "inputs: 0");
    bad.refuses(network, () -> new Network(1, List.of(), squares), "last layer: none");
    bad.refuses(
        network,
        () -> new Network(1, List.of(new LayerNorm(), new Dense(1)), squares),
        "layer 1: layer norm over 1 unit");
    bad.refuses(
        network,
        () -> new Network(1, List.of(new Dense(1), new LayerNorm(), new Dense(1)), squares),
        "layer 2: layer norm over 1 unit");
    bad.refuses(
        "Network.Builder.loss(Loss)",
        () -> Network.inputs(1).dense(1).loss(new Loss.SoftmaxCrossEntropy()),
        "loss: SoftmaxCrossEntropy over 1 output");
    bad.refuses("Network.inputs(int)", () -> Network.inputs(0), "inputs: 0");
    bad.refuses("Network.Builder.dense(int)", () -> Network.inputs(1).dense(0), "units: 0");
    bad.refuses(
        "Network.Builder.dropout(double)", () -> Network.inputs(1).dropout(-1), "dropping: -1.0");
    bad.refuses(
        "Network.resolve(int)",
        () -> Network.inputs(1).dense(1).loss(squares).resolve(0),
        "trainingRows: 0");
    bad.refuses(
        "Network.withDropoutTimes(double)",
        () -> Network.inputs(1).dropout(0.5).dense(1).loss(SQUARES).withDropoutTimes(-0.1),
        "factor: -0.1; expected a number in [0, 1]");
    bad.refuses(
        "Network.withL2(double)",
        () -> Network.inputs(1).dense(1).loss(squares).withL2(-1),
        "lambda: -1.0");
    bad.takeAnything(CHECKED, "Network.Builder.add(Layer)", "Network.Builder.activation(Function)");
    bad.takeAnything("every number is a seed", "Network.initialParameters(long)");
  }

  private static void penalties(BadInputs bad) {
    bad.refuses("Penalty.l1(double)", () -> Penalty.l1(NaN), "l1: NaN");
    bad.refuses("Penalty.l2(double)", () -> Penalty.l2(-1), "l2: -1.0");
    bad.refuses("Penalty.l2(double)", () -> Penalty.l2(NaN), "l2: NaN");
    bad.refuses("Penalty.withL2(double)", () -> Penalty.NONE.withL2(NaN), "lambda: NaN");
    bad.refuses(
        "Penalty.l1PerExample(double)",
        () -> Penalty.l1PerExample(POSITIVE_INFINITY),
        "l1PerExample: Infinity");
    bad.refuses("Penalty.l1PerExample(double)", () -> Penalty.l1PerExample(-1), "l1PerExample: -1");
    bad.refuses("Penalty.l2PerExample(double)", () -> Penalty.l2PerExample(-1), "l2PerExample: -1");
    bad.refuses("Penalty.resolve(int)", () -> Penalty.NONE.resolve(0), "trainingRows: 0");
    bad.takeAnything(CHECKED, "Penalty.withL1Form(L1Form)", "Penalty.and(Penalty)");
  }
}
