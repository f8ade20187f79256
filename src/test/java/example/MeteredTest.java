package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.SharedPredictor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeteredTest {

  private static SharedPredictor predictor() {
    List<List<?>> rows =
        List.of(
            List.of("moss", 1, "no"),
            List.of("fern", 2, "yes"),
            List.of("moss", 3, "no"),
            List.of("fern", 4, "yes"));
    return Learner.classifier("y")
        .withRecipe(recipe -> recipe.withEpochs(1))
        .withSplit(new Split.Ratios(100, 0, 0))
        .learn(Table.ofRows(List.of("plant", "size", "y"), rows))
        .model()
        .shared();
  }

  @Test
  void decisionsAndUnknownValuesAreCounted() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metered metered = new Metered(predictor(), registry);
    metered.decide(Map.of("plant", "moss", "size", 1));
    metered.decide(Map.of("plant", "orchid", "size", 2));
    assertEquals(2, registry.get("lanewise.decisions").timer().count());
    assertEquals(1, registry.get("lanewise.unknown.values").summary().totalAmount());
  }

  @Test
  void thePageShowsThisCode() throws IOException {
    String source = Files.readString(Path.of("src/test/java/example/Metered.java"));
    String code = source.replaceFirst("(?s).*// begin\n", "").replaceFirst("(?s)// end.*", "");
    assertTrue(Files.readString(Path.of("doc/jfr.md")).contains(code), code);
  }
}
