package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Decision;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Regions are where the model decides so. */
final class RegionsSectionTest {

  private static final int SIDE = 160;

  private Learned learned;

  private static Table rows() {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      double a = i * 37 % 101 / 10.0;
      double b = i * 53 % 97 - 40;
      LocalDate day = LocalDate.of(2000, 1, 1).plusDays(i * 71 % 3000);
      boolean flag = i % 3 == 0;
      String kind = i % 7 < 4 ? "usual" : "rare";
      double score = a - b / 10 + (flag ? 3 : 0) + (kind.equals("rare") ? -20 : 0);
      rows.add(
          Arrays.asList(
              i,
              a,
              kind,
              day,
              flag,
              i % 11 == 0 ? null : b,
              score > 12 ? "x" : score > 5 ? "y" : "z"));
    }
    return Table.ofRows(List.of("id", "a", "kind", "day", "flag", "b", "label"), rows);
  }

  private Chart regions(Roles roles, String... columns) {
    Table table = rows();
    Learner learner =
        Learner.of(roles).withRecipe(recipe -> recipe.withEpochs(25).withBatchSize(16));
    Run run = learner.begin(table);
    TrainingTrace trace = TrainingTrace.of(run.training(), run.recipe());
    while (!run.training().finished()) {
      trace.after(run.step());
    }
    learned = run.finish();
    RunReport report =
        RunReport.of(run, learned, trace).withRows("train", RawRows.of(table, run.split().train()));
    RunReport asked = columns.length == 0 ? report : report.withColumns(columns[0], columns[1]);
    return asked.report().charts().stream()
        .filter(chart -> chart.id().equals("regions"))
        .findFirst()
        .orElseThrow();
  }

  private static Json at(Json value, String... path) {
    Json found = value;
    for (String name : path) {
      found =
          found instanceof Json.Arr list
              ? list.items().get(Integer.parseInt(name))
              : ((Json.Obj) found).members().get(name);
    }
    return found;
  }

  private static BufferedImage picture(Chart chart) throws IOException {
    String address = ((Json.Str) at(chart.option(), "series", "0", "image")).value();
    byte[] png = Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static double end(Chart chart, String axis, String end) {
    return ((Json.Num) at(chart.option(), axis, end)).asDouble();
  }

  /** What is typical of each column. */
  private Map<String, Object> typical() {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Column column : learned.model().encoder().orElseThrow().columns()) {
      switch (column) {
        case Column.Numeric c -> row.put(c.name(), c.median());
        case Column.Date c -> row.put(c.name(), Instant.ofEpochSecond((long) c.median()));
        case Column.Bool c -> row.put(c.name(), false);
        case Column.Categorical c -> row.put(c.name(), "usual");
        default -> {}
      }
    }
    return row;
  }

  private static Object value(String column, double drawn) {
    return column.equals("day")
        ? (Object) Instant.ofEpochSecond((long) ((drawn - 1970) * 365.2425 * 86400))
        : drawn;
  }

  private void assertColoursAreDecisions(Chart chart, String across, String up) throws IOException {
    BufferedImage picture = picture(chart);
    assertEquals(SIDE, picture.getWidth());
    double left = end(chart, "xAxis", "min");
    double right = end(chart, "xAxis", "max");
    double bottom = end(chart, "yAxis", "min");
    double top = end(chart, "yAxis", "max");
    Map<String, Integer> colours = new LinkedHashMap<>();
    int compared = 0;
    for (int x = 3; x < SIDE; x += 13) {
      for (int y = 2; y < SIDE; y += 13) {
        Map<String, Object> row = typical();
        row.put(across, value(across, left + (right - left) * (x + 0.5) / SIDE));
        row.put(up, value(up, top - (top - bottom) * (y + 0.5) / SIDE));
        Decision decision = learned.model().decide(row);
        if (decision.probability(decision.label()) < 0.55) {
          continue; // a rounding may decide
        }
        int colour = picture.getRGB(x, y) & 0xffffff;
        colours.putIfAbsent(decision.label(), colour);
        assertEquals(colours.get(decision.label()), colour, () -> row + " " + decision);
        compared++;
      }
    }
    assertTrue(compared > 50 && colours.size() > 1, compared + " " + colours);
  }

  @Test
  void theColourOfAPlaceIsTheDecisionThereWithAllElseTypical() throws IOException {
    Chart chart = regions(Roles.of("label", Task.CLASSIFY).withIgnored("id"), "a", "b");
    assertColoursAreDecisions(chart, "a", "b");
    assertTrue(chart.caption().contains("at their medians"), chart.caption());
    assertColoursAreDecisions(
        regions(Roles.of("label", Task.CLASSIFY).withIgnored("id"), "day", "b"), "day", "b");
  }

  @Test
  void twoFeaturesNeedNoOthers() throws IOException {
    Chart chart =
        regions(Roles.of("label", Task.CLASSIFY).withIgnored("id", "kind", "day", "flag"));
    assertColoursAreDecisions(chart, "a", "b");
    assertFalse(chart.caption().contains("median"), chart.caption());
  }

  @Test
  void pointsAreTheTrainingRowsByClass() {
    Chart chart = regions(Roles.of("label", Task.CLASSIFY).withIgnored("id"), "b", "a");
    List<List<Json>> points = chart.numbers().rows();
    assertEquals(144, points.size());
    assertEquals(List.of("series", "b", "a"), chart.numbers().columns());
    assertEquals(
        List.of("x", "y", "z"),
        points.stream().map(p -> Grid.text(p.getFirst())).distinct().toList());
  }

  @Test
  void datesAreYearsAndBooleansAreNumbers() {
    Chart chart = regions(Roles.of("label", Task.CLASSIFY).withIgnored("id"), "day", "flag");
    assertEquals(List.of("series", "day (year)", "flag"), chart.numbers().columns());
    assertEquals(2000, end(chart, "xAxis", "min"), 1);
    assertEquals(2008.2, end(chart, "xAxis", "max"), 1);
    assertEquals(-0.05, end(chart, "yAxis", "min"), 1e-9);
  }

  @Test
  void valuesAreHeights() throws IOException {
    Chart chart = regions(Roles.of("a", Task.REGRESS).withIgnored("id", "label"), "b", "day");
    assertTrue(chart.caption().startsWith("The predicted value, in 10 bands from"));
    assertEquals(SIDE, picture(chart).getHeight());
    assertTrue(RunReport.columnsOfNumbers(learned.model().encoder().orElseThrow()).contains("day"));
  }
}
