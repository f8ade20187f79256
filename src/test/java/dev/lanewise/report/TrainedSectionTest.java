package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was trained, as a report says it. */
final class TrainedSectionTest {

  private static Section section(Encoder.Options options) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(List.of(i, i % 3 > 0, i % 4 > 0 ? "red" : "blue", i > 20 ? "yes" : "no"));
    }
    Learner learner =
        Learner.classifier("y").withEncoding(options).withRecipe(recipe -> recipe.withEpochs(1));
    try (Run run = learner.begin(Table.ofRows(List.of("x", "paid", "colour", "y"), rows))) {
      run.forEach(epoch -> {});
      Learned learned = run.finish();
      return new TrainedSection(run, learned, learned.model().provenance()).section();
    }
  }

  private static String inputs(Section section) {
    return ((Facts) section.parts().get(1)).values().get("inputs");
  }

  private static String detail(Section section, int column) {
    return ((Json.Str) ((Grid) section.parts().getLast()).rows().get(column).getLast()).value();
  }

  @Test
  void scaleAndCodesOfTheEncoderAreTold() {
    Section usual = section(Encoder.Options.standard());
    assertEquals("4, from 3 columns, standardised by the training rows", inputs(usual));
    assertEquals("mostly true", detail(usual, 1));
    assertEquals("2 values with an input each", detail(usual, 2));
    Section robust =
        section(Encoder.Options.standard().withScale(Encoder.Scale.ROBUST).withSignedPairs(true));
    assertEquals(
        "3, from 3 columns, scaled by the quartiles of the training rows and clipped",
        inputs(robust));
    assertEquals("mostly true, as −1 and 1", detail(robust, 1));
    assertEquals("2 values, as −1 and 1", detail(robust, 2));
    assertTrue(
        inputs(section(Encoder.Options.standard().withStandardize(false))).endsWith("3 columns"));
  }
}
