package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** A report's page holds what it is given as text, runs its own scripts only, and has one form. */
class ReportTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror='a'>\"&";
  private static final double[] XS = {1, 2, 3};
  private static final double[] YS = {0.5, Double.NaN, 1.0 / 3};

  private static Report hostile() {
    Chart chart =
        XyChart.of("curves", HOSTILE, HOSTILE, Axis.of(HOSTILE), Axis.log(HOSTILE))
            .line(HOSTILE, XS, YS)
            .vertical(HOSTILE, 2)
            .chart();
    Grid grid = new Grid(List.of(HOSTILE), List.of(List.of(Grid.cell(HOSTILE))));
    return Report.of(HOSTILE, HOSTILE)
        .with(
            Section.of(
                "all",
                HOSTILE,
                new Prose(HOSTILE),
                new Facts(Map.of(HOSTILE, HOSTILE)),
                grid,
                chart));
  }

  private static String page(Report report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String unpacked(String page, String id) throws IOException {
    Matcher script =
        Pattern.compile(
                "<script type=\"application/gzip\" id=\"%s\">([^<]*)</script>".formatted(id))
            .matcher(page);
    assertTrue(script.find(), id);
    byte[] zipped = Base64.getDecoder().decode(script.group(1));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whateverTextIsGivenStaysText() throws IOException {
    String page = page(hostile());
    assertFalse(page.contains("<img"), "an element from a text");
    assertFalse(page.contains("alert(1)</script>"), "a script from a text");
    assertEquals(3, page.split("<script", -1).length - 1, "scripts");
    assertTrue(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "the text is there");
  }

  @Test
  void theSameReportHasTheSameBytes() throws IOException {
    assertEquals(page(hostile()), page(hostile()));
  }

  @Test
  void thePolicyAdmitsThePagesOwnScriptsAndNothingElse() throws Exception {
    String page = page(hostile());
    Matcher policy =
        Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"").matcher(page);
    assertTrue(policy.find());
    Matcher own = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    assertTrue(own.find());
    String expected =
        "default-src 'none'; script-src %s %s;"
            .formatted(hash(own.group(1)), hash(unpacked(page, "library")));
    assertTrue(policy.group(1).startsWith(expected), policy.group(1));
    assertFalse(page.contains("http://") || page.contains("https://"), "an address");
  }

  private static String hash(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  @Test
  void chartsCarryTheirNumbersOnce() throws IOException {
    Json.Obj data = (Json.Obj) Json.parse(unpacked(page(hostile()), "data"));
    Json.Arr charts = (Json.Arr) data.members().get("charts");
    Json.Obj chart = (Json.Obj) charts.items().getFirst();
    assertEquals(
        "[[%1$s,1,0.5],[%1$s,2,null],[%1$s,3,0.33333]]".formatted(Json.of(HOSTILE)),
        chart.members().get("rows").toString());
    assertEquals(
        "series,\"x,1\",y\na,1,0.5\na,2,\na,3,0.3333333333333333\n",
        XyChart.of("c", "", "", Axis.of("x,1"), Axis.of("y"))
            .line("a", XS, YS)
            .chart()
            .numbers()
            .csv());
  }

  @Test
  void longSeriesAreThinnedAndSaidToBe() {
    double[] many = new double[XyChart.MOST_POINTS * 10];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    Chart chart =
        XyChart.of("c", "", "All.", Axis.of("x"), Axis.of("y")).points("p", many, many).chart();
    assertEquals(XyChart.MOST_POINTS, chart.numbers().rows().size());
    assertEquals("All. Of p, 2000 of 20000 points are drawn.", chart.caption());
    assertEquals("[\"p\",0,0]", new Json.Arr(chart.numbers().rows().getFirst()).toString());
    assertEquals("[\"p\",19999,19999]", new Json.Arr(chart.numbers().rows().getLast()).toString());
  }

  @Test
  void namesOfChartsAreDifferent() {
    Chart chart = XyChart.of("c", "", "", Axis.of("x"), Axis.of("y")).line("l", XS, YS).chart();
    Report once = Report.of("r", "").with(Section.of("a", "A", chart));
    assertThrows(IllegalArgumentException.class, () -> once.with(Section.of("b", "B", chart)));
    assertThrows(IllegalArgumentException.class, () -> Section.of("B", "", chart));
  }

  @Test
  void aPageWithoutChartsHoldsNoLibrary() throws IOException {
    String page = page(Report.of("r", "").with(Section.of("a", "A", new Prose("only this"))));
    assertTrue(page.length() < 20_000, () -> page.length() + " characters");
    assertArrayEquals(
        new String[0],
        Pattern.compile("application/gzip").matcher(page).results().map(r -> r.group()).toArray());
  }
}
