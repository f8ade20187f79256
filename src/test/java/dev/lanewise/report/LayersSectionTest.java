package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Observation;
import dev.lanewise.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The layers as a report shows them are those of the model. */
final class LayersSectionTest {

  private static final Network NETWORK =
      Network.inputs(2)
          .dense(5)
          .relu()
          .dense(4)
          .relu()
          .dense(1)
          .loss(new Loss.SigmoidCrossEntropy());

  private Run run;
  private Learned learned;
  private TrainingTrace trace;

  private static Table rows() {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      double a = i * 37 % 101 / 50.0;
      double b = i * 53 % 97 / 50.0;
      rows.add(List.of(a, b, a + b > 2 ? "yes" : "no"));
    }
    return Table.ofRows(List.of("a", "b", "y"), rows);
  }

  private Section section(UnaryOperator<Network.Builder> hidden, Consumer<float[]> change) {
    Learner learner =
        Learner.classifier("y")
            .withNetwork(
                (inputs, outputs, loss) ->
                    hidden.apply(Network.inputs(inputs)).dense(outputs).loss(loss))
            .withRecipe(recipe -> recipe.withEpochs(3).withOptimizer(Optimizer.sgd(0.01)));
    run = learner.begin(rows());
    Network network = run.recipe().network();
    float[] initial = network.initialParameters(0);
    change.accept(initial);
    run.use(Training.start(run.recipe(), run.data(), initial, run.engine()));
    trace = TrainingTrace.of(run.training(), run.recipe());
    while (!run.training().finished()) {
      trace.after(run.step());
    }
    learned = run.finish();
    return new LayersSection(run, learned, trace).section();
  }

  private static Map<String, Grid> numbers(Section section) {
    return Report.of("", "").with(section).numbers();
  }

  private static List<Json> line(Section section, int layer) {
    Grid table =
        section.parts().stream()
            .filter(Grid.class::isInstance)
            .map(Grid.class::cast)
            .findFirst()
            .orElseThrow();
    return table.rows().get(layer);
  }

  private static double[] of(Grid grid, String series, int column) {
    return grid.rows().stream()
        .filter(row -> Grid.text(row.getFirst()).equals(series))
        .mapToDouble(row -> ((Json.Num) row.get(column)).asDouble())
        .toArray();
  }

  @Test
  void unitsThatAreAlwaysZeroAreCounted() {
    Section section =
        section(
            net -> net.dense(5).relu().dense(4).relu(),
            theta -> {
              int bias = NETWORK.layout().slot("dense2.bias").offset();
              Arrays.fill(theta, bias, bias + 3, -1e6f);
            });
    List<Json> line = line(section, 1);
    assertEquals("dense2", Grid.text(line.getFirst()));
    assertTrue(Integer.parseInt(Grid.text(line.getLast())) >= 3, line::toString);
    assertTrue(numbers(section).containsKey("dead-units"));
  }

  @Test
  void weightsBeforeAreThoseTheTrainingBeganWithAndAfterTheModels() {
    Section section = section(net -> net.dense(6).batchNorm().relu(), theta -> theta[0] = 9);
    Grid weights = numbers(section).get("weights-dense1");
    int size = 12;
    double[] before = of(weights, "before", 2);
    double[] after = of(weights, "after", 2);
    double[] edges = of(weights, "before", 1);
    float[] first = trace.initialParameters();
    float[] last = learned.model().parameters();
    assertEquals(9, first[0]);
    for (int bin = 0; bin < edges.length - 1; bin++) {
      double low = edges[bin];
      double high = edges[bin + 1];
      assertEquals(share(first, size, low, high), before[bin], 1e-12);
      assertEquals(share(last, size, low, high), after[bin], 1e-12);
    }
  }

  private static double share(float[] theta, int size, double low, double high) {
    int inside = 0;
    for (int i = 0; i < size; i++) {
      inside += theta[i] >= low && theta[i] < high ? 1 : 0;
    }
    return (double) inside / size;
  }

  @Test
  void batchNormIsShownBeforeAndBehind() {
    Map<String, Grid> numbers =
        numbers(section(net -> net.dense(6).batchNorm().relu(), theta -> {}));
    double[] plain = of(numbers.get("norm-after-dense1"), "normalised", 2);
    double[] edges = of(numbers.get("norm-after-dense1"), "normalised", 1);
    double mean = 0;
    for (int bin = 0; bin < edges.length - 1; bin++) {
      mean += plain[bin] * (edges[bin] + edges[bin + 1]) / 2;
    }
    assertEquals(0, mean, 0.5);
    assertTrue(numbers.containsKey("norm-before-dense1"));
    assertTrue(numbers.containsKey("activations-dense2"));
  }

  @Test
  void gradientsByDepthAreTheObservedOnes() {
    Map<String, Grid> numbers =
        numbers(section(net -> net.dense(5).relu().dense(4).relu(), theta -> {}));
    Observation first = trace.observations().getFirst();
    double[] shown = of(numbers.get("gradients-by-depth"), "epoch 1", 2);
    assertTrue(
        Arrays.equals(
            first.layers().stream().mapToDouble(Observation.Layer::gradientRms).toArray(), shown));
    double[] ratios = of(numbers.get("update-ratios"), "dense2", 2);
    assertEquals(first.layers().get(1).updateRatio(), ratios[0]);
  }

  @Test
  void ofManyLayersSomeAreDrawnAndSaidToBe() {
    Section section =
        section(
            net -> {
              for (int i = 0; i < 30; i++) {
                net.dense(3).relu();
              }
              return net;
            },
            theta -> {});
    assertEquals(
        4, numbers(section).keySet().stream().filter(k -> k.startsWith("weights-")).count());
    String said = ((Prose) section.parts().getFirst()).text();
    assertTrue(said.contains("Of 31 layers, 4 are drawn."), said);
  }
}
