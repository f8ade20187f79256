package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportanceSectionTest {

  private static final int COLUMNS = 130;

  /** A sum of columns, of which column c has the weight c, or that of the other end. */
  private static Model sum(Table table, boolean reversed) {
    Network network = Network.inputs(COLUMNS).dense(1).loss(new Loss.SquaredError());
    return sum(table, network, reversed);
  }

  private static Model sum(Table table, Network network, boolean reversed) {
    Encoder.Options plain =
        Encoder.Options.standard().withStandardize(false).withScaledTargets(false);
    Encoder encoder = Encoder.fit(table, Roles.of("y", Roles.Task.REGRESS), table.all(), plain);
    float[] parameters = new float[network.layout().size()];
    for (int c = 0; c < COLUMNS; c++) {
      parameters[c] = reversed ? COLUMNS - c : c;
    }
    return Model.of(network, parameters, Engine.standard()).withEncoder(encoder);
  }

  private static Table table(int rows) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < COLUMNS; c++) {
      names.add("x" + c);
    }
    names.add("y");
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      List<Object> row = new ArrayList<>();
      double sum = 0;
      for (int c = 0; c < COLUMNS; c++) {
        double x = CounterRandom.normal(c, r);
        row.add(x);
        sum += c * x;
      }
      row.add(sum);
      all.add(row);
    }
    return Table.ofRows(names, all);
  }

  private static ImportanceSection.Judged judged(TrainedModel model, Table table) {
    Encoder encoder = model.encoder().orElseThrow();
    Dataset rows = encoder.dataset(table, table.all());
    return ImportanceSection.of("test", model, encoder, rows, model.evaluate(rows));
  }

  @Test
  void ofManyColumnsAndRowsThoseThatWeighMostAndSomeRowsAreJudgedAndSaidToBe() {
    Table table = table(2500);
    ImportanceSection.Judged judged = judged(sum(table, false), table);
    Chart chart = (Chart) judged.section().parts().getFirst();
    assertEquals(ImportanceSection.MOST_DRAWN, chart.numbers().rows().size());
    assertTrue(chart.caption().contains("Of 130 columns these 100 were permuted"), chart::caption);
    assertTrue(chart.caption().contains("The 30 most important are drawn."), chart::caption);
    assertTrue(chart.caption().contains("On 2000 of 2500 rows"), chart::caption);
    List<String> last = judged.columns().subList(100, 130);
    for (int c = 0; c < 30; c++) {
      assertEquals("x" + (29 - c), last.get(c), "the columns that weigh least, and are not judged");
    }
    assertTrue(judged.columns().indexOf("x129") < 10, judged.columns()::toString);
  }

  /** The weights are those of what the embedding hands on, in its order. */
  @Test
  void columnsWeighWhatAnEmbeddingMakesOfThem() {
    Table table = table(300);
    List<Integer> reversed = IntStream.range(0, COLUMNS).boxed().toList().reversed();
    Network network =
        Network.inputs(COLUMNS)
            .add(new Embedding(List.of(new Embedding.Pass(reversed))))
            .dense(1)
            .loss(new Loss.SquaredError());
    List<String> last = judged(sum(table, network, false), table).columns().subList(100, 130);
    for (String column : last) {
      assertTrue(Integer.parseInt(column.substring(1)) > 90, last::toString);
    }
  }

  @Test
  void columnsOfAnEnsembleWeighWhatTheyWeighInAllModels() {
    Table table = table(300);
    TrainedModel both = Ensemble.of(List.of(sum(table, false), sum(table, true)));
    // c² + (130 − c)² is least in the middle; the columns' own variances differ a little.
    List<String> last = judged(both, table).columns().subList(100, 130);
    for (String column : last) {
      int c = Integer.parseInt(column.substring(1));
      assertTrue(c >= 25 && c <= 105, last::toString);
    }
  }
}
