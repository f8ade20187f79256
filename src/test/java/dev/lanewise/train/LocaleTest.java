package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Column;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Files have the same bytes whatever digits and commas the JVM's locale writes. */
@ResourceLock(Resources.LOCALE)
final class LocaleTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Locale ARABIC = Locale.forLanguageTag("ar-EG-u-nu-arab");

  private final Locale before = Locale.getDefault();

  @AfterEach
  void asBefore() {
    Locale.setDefault(before);
  }

  @Test
  void anEnsembleIsTheSameFileInEachLocale() throws IOException {
    Model model = Training.start(Samples.recipe(), Samples.data(), ENGINE).model();
    Ensemble ensemble = Ensemble.of(List.of(model, model));
    Locale.setDefault(Locale.ROOT);
    byte[] expected = ensemble.toBytes();
    Locale.setDefault(ARABIC);
    assertEquals("\u0661", "%d".formatted(1)); // this locale is one that would matter
    assertArrayEquals(expected, ensemble.toBytes());
    assertArrayEquals(expected, TrainedModel.of(expected).toBytes());
  }

  @Test
  void aCheckpointIsTheSameFileInEachLocale() throws IOException {
    for (TrainingData data : List.of(Samples.data(), streamed())) {
      Recipe recipe = Samples.recipe().withEpochs(2);
      Training training = Training.start(recipe, data, ENGINE);
      training.finishEpoch();
      Locale.setDefault(Locale.ROOT);
      byte[] expected = training.toBytes();
      Locale.setDefault(ARABIC);
      Training again = Training.resume(expected, recipe, data, ENGINE);
      assertArrayEquals(expected, again.toBytes());
    }
  }

  private static TrainingData streamed() {
    return TrainingData.of(new StreamedRows(new MemoryRows(Samples.classes(97, 1)), 20));
  }

  @Test
  void textsForPeopleHaveTheSameDigits() {
    Locale.setDefault(ARABIC);
    assertEquals("28 x 28 x 1", new Column.Pixels(28, 28, 1).toString());
    assertEquals("40 rows, 2 columns, 1 target columns", Samples.classes(40, 2).toString());
  }
}
