package dev.lanewise.published;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.net.Network;
import dev.lanewise.published.TorchCase.Spec;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The small preset beside a case of it in the form of its paper. There a dense layer is W·x/√in +
 * b, which is ours with W/√in; and two classes have two outputs of softmax, whose difference is our
 * one. Constants are the preset's own, so that the case holds them to the paper's; the case says
 * sizes and masks alone.
 */
final class PresetTerms {

  private final TorchCase given;
  private final int outputs;
  private final Recipe recipe;

  PresetTerms(TorchCase given) {
    this.given = given;
    outputs = (int) given.modules().getLast().number("out");
    double[][] x = given.tensor("x");
    int[] hidden =
        linear().values().stream()
            .limit(linear().size() - 1)
            .mapToInt(layer -> (int) layer.number("out"))
            .toArray();
    Tabular preset =
        Tabular.small()
            .withHidden(hidden)
            .withDropout(dropout())
            .withDecay(0)
            .withBatchSize(size("batch"))
            .withEpochs(size("epochs"));
    recipe = preset.recipe(preset.recipe(rows(preset, x[0].length)).network(), x.length);
  }

  private double dropout() {
    return given.modules().stream()
        .filter(module -> module.name().equals("dropout"))
        .findFirst()
        .map(module -> module.number("p"))
        .orElse(0.0);
  }

  private int size(String kind) {
    return Integer.parseInt(given.described(kind).name());
  }

  /** {@return the dense modules by their places} */
  private Map<Integer, Spec> linear() {
    Map<Integer, Spec> linear = new LinkedHashMap<>();
    for (int i = 0; i < given.modules().size(); i++) {
      if (given.modules().get(i).name().equals("composed_ntk_linear")) {
        linear.put(i, given.modules().get(i));
      }
    }
    return linear;
  }

  /** {@return rows of so many numbers and the case's targets; what they are is of no matter} */
  private Dataset rows(Tabular preset, int columns) {
    Random random = new Random(1);
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < 12; r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        row.add(random.nextGaussian());
      }
      row.add(outputs == 1 ? random.nextGaussian() : "class " + r % outputs);
      rows.add(row);
    }
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      names.add("x" + c);
    }
    names.add("y");
    Table table = Table.ofRows(names, rows);
    Roles roles = Roles.of("y", outputs == 1 ? Roles.Task.REGRESS : Roles.Task.CLASSIFY);
    return Encoder.fit(table, roles, table.all(), preset.encoding()).dataset(table, table.all());
  }

  Recipe recipe() {
    return recipe;
  }

  Network network() {
    return recipe.network();
  }

  /** {@return what the case's loss is multiplied by to be ours} */
  double lossFactor() {
    return new TorchTerms(given).lossFactor();
  }

  /** {@return the keep-masks of every batch by the number of the dropout} */
  Map<Integer, boolean[]> masks() {
    return new TorchTerms(given).masks();
  }

  /** {@return the batch of a step: rows in order, those left over dropped} */
  ReferenceNetwork.Batch batch(int step) {
    return new ReferenceNetwork.Batch(part("x", step), part("y", step), masks(), 0);
  }

  private double[][] part(String tensor, int step) {
    double[][] rows = given.tensor(tensor);
    int size = recipe.batchSize();
    int from = step % (rows.length / size) * size;
    return Arrays.copyOfRange(rows, from, from + size);
  }

  /** {@return our tensors' names with PyTorch's} */
  Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("scaling0.scale", "0.scale");
    int dense = 0;
    for (int i : linear().keySet()) {
      dense++;
      names.put("dense" + dense + ".weight", i + ".weight");
      names.put("dense" + dense + ".bias", i + ".bias");
    }
    return names;
  }

  /** {@return a tensor of ours from the case's: W/√in, and one output for two} */
  double[][] tensor(String prefix, String theirs) {
    double[][] tensor = given.tensor(prefix + theirs);
    double[][] ours = isWeight(theirs) ? CourseCase.transpose(tensor) : tensor;
    return Matrices.scaled(1 / root(theirs), isOfPair(theirs) ? differences(ours) : ours);
  }

  /** {@return scores of ours from the case's} */
  double[][] scores() {
    double[][] scores = given.tensor("scores");
    return outputs == 2 ? differences(scores) : scores;
  }

  /**
   * {@return a gradient of ours from the case's} One in W is √in times as large as one in √in·W;
   * one in z₁ − z₀ is that in z₁.
   */
  double[][] gradient(String theirs) {
    double[][] tensor = given.tensor("grad." + theirs);
    double[][] ours = isWeight(theirs) ? CourseCase.transpose(tensor) : tensor;
    double[][] ofOutput = isOfPair(theirs) ? Matrices.columns(ours, 1, 2) : ours;
    return Matrices.scaled(lossFactor() * root(theirs), ofOutput);
  }

  private static boolean isWeight(String theirs) {
    return theirs.endsWith(".weight");
  }

  private boolean isOfPair(String theirs) {
    return outputs == 2 && theirs.startsWith(given.modules().size() - 1 + ".");
  }

  private double root(String theirs) {
    return isWeight(theirs)
        ? Math.sqrt(linear().get(Integer.parseInt(theirs.split("\\.")[0])).number("in"))
        : 1;
  }

  private static double[][] differences(double[][] pairs) {
    double[][] differences = new double[pairs.length][1];
    for (int r = 0; r < pairs.length; r++) {
      differences[r][0] = pairs[r][1] - pairs[r][0];
    }
    return differences;
  }
}
