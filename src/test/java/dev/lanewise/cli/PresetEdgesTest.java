package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that no preset was made for: each trains on them, and all that it says is finite. */
final class PresetEdgesTest {

  private static final List<String> PRESETS =
      List.of("tabular", "tabular-full", "tabular-ensemble");

  @TempDir private Path folder;

  private final Random random = new Random(7);

  private Path table(String header, int rows, IntFunction<String> row) throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int r = 0; r < rows; r++) {
      text.append(row.apply(r)).append('\n');
    }
    return Files.writeString(folder.resolve("table.csv"), text);
  }

  private String cell() {
    return "%.4f".formatted(random.nextGaussian());
  }

  /** Trains with every preset. */
  private void eachTrained(Path data, String options) {
    PRESETS.forEach(preset -> trained(data, options, preset));
  }

  private Map<String, Json> trained(Path data, String options) {
    return trained(data, options, "tabular");
  }

  /** {@return the results of a training whose scores and predictions are finite} */
  private Map<String, Json> trained(Path data, String options, String preset) {
    Path model = folder.resolve("m.safetensors");
    List<Object> words = new ArrayList<>(List.of("train", data, "--label", "y", "--json"));
    words.addAll(List.of("--model", model, "--epochs", "3", "--preset", preset));
    if (!options.isEmpty()) {
      words.addAll(Arrays.asList((Object[]) options.strip().split(" ")));
    }
    Map<String, Json> result = json(run(0, words.toArray()));
    assertTrue(Double.isFinite(decimal(result.get("cost"))), result::toString);
    for (String set : List.of("train", "dev", "test")) {
      if (result.containsKey(set)) {
        object(result.get(set))
            .forEach(
                (name, score) ->
                    assertTrue(
                        Double.isFinite(decimal(score)),
                        () -> preset + ": " + set + " " + name + " " + result));
      }
    }
    List<String> predicted = run(0, "predict", model, data).out();
    boolean classes = !options.contains("regress");
    for (String line : predicted.subList(1, predicted.size())) {
      String[] cells = line.split(",");
      for (int c = classes ? 1 : 0; c < cells.length; c++) {
        assertTrue(Double.isFinite(Double.parseDouble(cells[c])), line);
      }
    }
    return result;
  }

  private static String side(double value) {
    return value > 0 ? "up" : "down";
  }

  @Test
  void twoHundredRows() throws IOException {
    Path data =
        table(
            "a,b,y",
            200,
            row -> {
              double a = random.nextGaussian();
              return "%.3f,%s,%s".formatted(a, "pqr".charAt(row % 3), side(a));
            });
    assertEquals(120, number(object(trained(data, "").get("train")).get("rows")));
  }

  @Test
  void aClassWithOneRow() throws IOException {
    IntFunction<String> row = r -> cell() + "," + (r == 11 ? "once" : r % 2 == 0 ? "p" : "q");
    eachTrained(table("a,y", 120, row), "");
    // Two classes, of which one has a single row.
    eachTrained(table("a,y", 120, r -> cell() + "," + (r == 11 ? "once" : "p")), "");
  }

  @Test
  void oneColumn() throws IOException {
    trained(table("a,y", 90, row -> cell() + "," + row % 2), "");
    trained(table("a,y", 90, row -> cell() + "," + cell()), " --task regress");
  }

  @Test
  void twoThousandColumns() throws IOException {
    StringBuilder header = new StringBuilder();
    for (int c = 0; c < 2000; c++) {
      header.append('c').append(c).append(',');
    }
    Path data =
        table(
            header.append('y').toString(),
            60,
            row -> {
              StringBuilder cells = new StringBuilder();
              for (int c = 0; c < 2000; c++) {
                cells.append((row + 1) * (c + 3) % 17).append(',');
              }
              return cells.append(row % 2).toString();
            });
    trained(data, "");
  }

  @Test
  void constantColumns() throws IOException {
    eachTrained(table("a,b,y", 90, row -> "7,%s,%d".formatted(cell(), row % 2)), "");
    eachTrained(table("a,y", 90, row -> "7," + row % 2), "");
    eachTrained(table("a,y", 90, row -> "7," + cell()), " --task regress");
    eachTrained(table("a,y", 90, row -> cell() + ",7"), " --task regress");
  }

  @Test
  void onlyCategories() throws IOException {
    IntFunction<String> cells =
        row -> "%s,%s,%s".formatted("mf".charAt(row % 2), "abcdefghijkl".charAt(row % 12), row % 3);
    eachTrained(table("a,b,c,y", 120, row -> cells.apply(row) + "," + row % 2), " --categorical c");
    eachTrained(
        table("a,b,c,y", 120, row -> cells.apply(row) + "," + cell()),
        " --categorical c --task regress");
  }

  @Test
  void everyRowWithAMissingValue() throws IOException {
    Path data =
        table(
            "a,b,t,y",
            90,
            row ->
                "%s,%s,%s,%d"
                    .formatted(
                        row % 3 == 0 ? "" : cell(),
                        row % 3 == 1 ? "NA" : cell(),
                        row % 3 == 2 ? "" : "pq".charAt(row % 2),
                        row % 2));
    eachTrained(data, "");
  }

  @Test
  void labelsOfTwoThreeAndAHundredClasses() throws IOException {
    for (int classes : new int[] {2, 3, 100}) {
      Path data = table("a,b,y", 600, row -> cell() + "," + cell() + ",k" + row % classes);
      trained(data, "");
    }
  }

  @Test
  void withoutDevRowsTheLastEpochCounts() throws IOException {
    Path data = table("a,y", 80, row -> cell() + "," + row % 2);
    Map<String, Json> result = trained(data, " --split 80/0/20");
    assertEquals(3, number(result.get("bestEpoch")));
    trained(data, " --split 100/0/0");
  }

  @Test
  void fewerRowsThanABatch() throws IOException {
    for (int rows : new int[] {6, 30}) {
      trained(table("a,y", rows, row -> cell() + "," + row % 2), "");
      trained(table("a,y", rows, row -> cell() + "," + cell()), " --task regress");
    }
    trained(table("a,y", 2, row -> cell() + "," + row % 2), " --split 100/0/0");
  }

  @Test
  void strongImbalance() throws IOException {
    trained(table("a,b,y", 600, r -> cell() + "," + cell() + (r % 120 == 0 ? ",1" : ",0")), "");
  }
}
