package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.train.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CurvesSectionTest {

  private static String caption(EarlyStopping rule) {
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      rows.add(List.of(r * 37 % 11, r * 53 % 7, r % 2 == 0 ? "even" : "odd"));
    }
    Learner learner =
        Learner.classifier("kind")
            .withRecipe(recipe -> recipe.withEpochs(4).withEarlyStopping(rule));
    try (Run run = learner.begin(Table.ofRows(List.of("a", "b", "kind"), rows))) {
      TrainingTrace trace = TrainingTrace.of(run.training(), run.recipe());
      while (!run.training().finished()) {
        trace.after(run.step());
      }
      Learned learned = run.finish();
      return RunReport.of(run, learned, trace).report().charts().stream()
          .filter(chart -> chart.id().equals("dev-metric"))
          .findFirst()
          .orElseThrow()
          .caption();
    }
  }

  @Test
  void aRuleIsToldByWhatItDoes() {
    String metric = "accuracy after each epoch; larger is better.";
    assertEquals(metric, caption(EarlyStopping.never()));
    assertEquals(
        metric + " Training stops after 3 epochs in a row without a better dev loss.",
        caption(EarlyStopping.patience(3)));
    assertEquals(
        metric + " The model is that of the best dev metric.",
        caption(EarlyStopping.keepBest().onMetric()));
  }
}
