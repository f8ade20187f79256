package dev.lanewise.onnx;

import dev.lanewise.data.Encoder;
import dev.lanewise.file.AtomicFile;
import dev.lanewise.json.Visible;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A trained model as an ONNX graph, operator set 17, for ONNX Runtime and other runtimes. All that
 * a prediction needs is in it: folded weights, encoding, temperature, threshold, members,
 * ensembles. Immutable; shared by any number of threads.
 *
 * <p>There are two graphs. {@link #ofRecords} takes the raw columns, each by its name: numbers,
 * booleans (0 or 1) and dates (seconds since 1970, UTC) as {@code double[rows][1]} with NaN for
 * missing, categories as {@code string[rows][1]} with an empty text for missing. It gives {@code
 * label[rows]}, whole numbers if all labels are, else texts, and {@code
 * probabilities[rows][labels]} in the order of the classes; of values, {@code
 * values[rows][columns]} in original units. {@link #ofRows} takes encoded rows, {@code
 * rows[rows][columns]}, and gives what {@link dev.lanewise.model.Predictor#predict} gives.
 *
 * <p>Encoded columns have the bits of the {@link Encoder}; scores are those of another runtime's
 * arithmetic, within 4·10⁻⁶·max(1, |score|) of ours. A text is looked up as it is spelled: what
 * readers of CSV do to cells, as trimming, is not part of the graph, nor is the reading of texts as
 * numbers, dates or booleans. Numbers that are not finite are not refused. Conformal intervals and
 * sets are not part of it.
 *
 * @see <a href="https://onnx.ai/onnx/">the specification</a>
 */
public final class OnnxModel {

  /** Protocol Buffers hold messages of less than this. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private final byte[] bytes;
  private final Map<String, String> inputs;
  private final Map<String, String> outputs;

  private OnnxModel(Graph graph, TrainedModel model) {
    String version = OnnxModel.class.getPackage().getImplementationVersion();
    bytes =
        graph.toBytes(
            version == null ? "" : version, Map.of("parametersSha256", model.parametersSha256()));
    inputs = graph.inputs();
    outputs = graph.outputs();
  }

  /**
   * {@return the graph from encoded rows to probabilities, one of two classes, or values}
   *
   * @param model a model or an ensemble; not a serving form
   * @throws IllegalStateException if it is a serving form, which has no parameters
   * @throws IllegalArgumentException if the parameters do not fit into an ONNX file, which holds
   *     less than 2 GiB
   */
  public static OnnxModel ofRows(TrainedModel model) {
    check(model);
    Graph graph = new Graph();
    String rows = graph.input("rows", Graph.Type.FLOAT, model.columns());
    new PredictionGraph(graph, model).predict(rows);
    return new OnnxModel(graph, model);
  }

  /**
   * {@return the graph from raw columns to a label and the probabilities of all labels, or values}
   *
   * @param model a model or an ensemble with the encoder of a table; not a serving form
   * @throws IllegalStateException if there is no encoder, or it is a serving form
   * @throws IllegalArgumentException if it is of images, or the parameters do not fit into an ONNX
   *     file, which holds less than 2 GiB
   */
  public static OnnxModel ofRecords(TrainedModel model) {
    check(model);
    Encoder encoder =
        model
            .encoder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "model: without encoder; expected one that was trained from a table"));
    Graph graph = new Graph();
    String rows = EncoderGraph.rows(graph, encoder);
    new PredictionGraph(graph, model).decide(rows, encoder.target());
    return new OnnxModel(graph, model);
  }

  private static void check(TrainedModel model) {
    Objects.requireNonNull(model, "model");
    List<Model> models =
        switch (model) {
          case Model one -> List.of(one);
          case Ensemble ensemble -> ensemble.models();
        };
    long bytes = 0;
    for (Model one : models) {
      bytes += (long) Float.BYTES * one.parameters().length;
    }
    if (bytes >= MOST_BYTES) {
      throw new IllegalArgumentException(
          "model: parameters of %d bytes; expected fewer than %d, the most of an ONNX file"
              .formatted(bytes, MOST_BYTES));
    }
  }

  /** {@return the bytes of an ONNX file, a copy} */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /**
   * Writes an ONNX file: whole or not at all, as model files are.
   *
   * @param file where to
   * @throws IOException if that fails; the old file is as it was
   */
  public void save(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /** {@return the inputs and outputs, a line each: name, type and shape} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    inputs.forEach(
        (name, type) -> text.append("input   %s %s%n".formatted(Visible.line(name), type)));
    outputs.forEach(
        (name, type) -> text.append("output  %s %s%n".formatted(Visible.line(name), type)));
    return text.toString().stripTrailing();
  }
}
