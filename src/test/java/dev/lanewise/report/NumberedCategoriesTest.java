package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A report of a network that takes a category by number. */
final class NumberedCategoriesTest {

  /** Whose label is the city's. */
  private static Table rows() {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int city = i * 7 % 6;
      rows.add(List.of("c" + city, i * 37 % 101, i * 53 % 97, city % 2 == 0 ? "yes" : "no"));
    }
    return Table.ofRows(List.of("city", "x", "z", "y"), rows);
  }

  private static Network network(int inputs, int outputs, Loss loss) {
    Embedding embedding =
        new Embedding(
            List.of(
                Embedding.Periodic.of(List.of(2, 1)),
                new Embedding.Category(List.of(0), List.of(6), 3)));
    return Network.inputs(inputs).add(embedding).dense(8).relu().dense(outputs).loss(loss);
  }

  @Test
  void allOfItsSectionsTakeTheNumberForACategory() {
    Table table = rows();
    Learner learner =
        Learner.classifier("y")
            .withEncoding(Encoder.Options.standard().withIndexAbove(2))
            .withNetwork(NumberedCategoriesTest::network)
            .withRecipe(recipe -> recipe.withEpochs(20).withBatchSize(8));
    Run run = learner.begin(table);
    TrainingTrace trace = TrainingTrace.of(run.training(), run.recipe());
    while (!run.training().finished()) {
      trace.after(run.step());
    }
    Learned learned = run.finish();
    Report report =
        RunReport.of(run, learned, trace)
            .withRows("train", RawRows.of(table, run.split().train()))
            .report();
    Chart importance = chart(report, "train-importance");
    String first = importance.numbers().rows().getFirst().toString();
    assertTrue(first.contains("\"city\""), first);
    assertTrue(chart(report, "regions").numbers().rows().size() > 0);
    Section trained = new TrainedSection(run, learned, learned.model().provenance()).section();
    Json detail = ((Grid) trained.parts().getLast()).rows().getFirst().getLast();
    assertEquals("6 values by number", ((Json.Str) detail).value());
  }

  private static Chart chart(Report report, String id) {
    return report.charts().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }
}
