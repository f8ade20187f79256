package dev.lanewise.tabular;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints what presets reach on eleven sets. {@link TabularFigures} names the properties that say
 * with how many seeds, and on which rows.
 */
@Tag("shared")
@Tag("long")
final class TabularFiguresTest {

  /** Dev rows are not the test rows that a linear model was judged by, hence a quarter. */
  @Test
  void noPresetIsAQuarterWorseThanALinearModel() throws IOException, InterruptedException {
    Figures figures = TabularFigures.presets();
    System.out.println(figures);
    for (TabularSet set : figures.sets()) {
      double bar = 1.25 * set.peers().get("linear").error();
      for (String variant : figures.variants()) {
        double error = figures.score(variant, set).error();
        assertTrue(
            error <= bar, () -> "%s on %s: %s, bar %s".formatted(variant, set.name(), error, bar));
      }
    }
  }

  @Test
  void piecesOfAPreset() throws IOException, InterruptedException {
    assumeTrue(
        Boolean.getBoolean("tabular.ablation"),
        "skipped: an ablation takes many trainings; -Dtabular.ablation=true asks for it");
    System.out.println(TabularFigures.ablation().changes());
  }

  @Test
  void costsOfPresets() throws IOException {
    assumeTrue(
        Boolean.getBoolean("tabular.costs"),
        "skipped: seconds want a machine with nothing else to do; -Dtabular.costs=true asks for"
            + " it");
    System.out.println(TabularFigures.costs());
  }
}
