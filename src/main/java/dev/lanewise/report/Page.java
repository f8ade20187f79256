package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.json.Visible;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/**
 * A report as HTML. The only writer of HTML: what it is given is text, and becomes text.
 *
 * <p>The numbers of charts and the library that draws them are compressed; the page's own script
 * unpacks them. The page may run these two scripts and nothing else, and load nothing.
 */
final class Page {

  /** Digits of numbers in the page; the export has all of them. */
  private static final MathContext DIGITS = new MathContext(5);

  /** Rows of a table that stands open. */
  private static final int MOST_ROWS = 30;

  private final StringBuilder html = new StringBuilder(1 << 20);

  private final List<Grid> folded = new ArrayList<>();

  private Page() {}

  /** {@return the bytes of a report's page} */
  static byte[] of(Report report) throws IOException {
    Page page = new Page();
    page.write(report);
    return page.html.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Report report) throws IOException {
    String style = resource("report.css");
    String script = resource("report.js");
    boolean draws = !report.charts().isEmpty();
    String library = draws ? ChartLibrary.script() : "";
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .append(policy(style, script, library))
        .append("\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.append("<meta name=\"referrer\" content=\"no-referrer\">\n");
    element("title", report.title());
    html.append("<style>").append(style).append("</style>\n</head>\n<body>\n<header>\n");
    element("h1", report.title());
    element("p", report.summary());
    html.append("</header>\n");
    contents(report.sections());
    html.append("<main>\n");
    if (draws) {
      html.append("<noscript><p>The charts need JavaScript.</p></noscript>\n");
    }
    report.sections().forEach(this::write);
    html.append("</main>\n");
    if (draws || !folded.isEmpty()) {
      packed("data", data(report.charts()));
    }
    if (draws) {
      packed("library", library);
    }
    html.append("<script>").append(script).append("</script>\n</body>\n</html>\n");
  }

  private static String policy(String style, String script, String library) {
    return "default-src 'none'; script-src %s %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'"
        .formatted(hash(script), hash(library), hash(style));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void contents(List<Section> sections) {
    html.append("<nav aria-label=\"Contents\">\n<ul>\n");
    for (Section section : sections) {
      html.append("<li><a href=\"#").append(section.id()).append("\">");
      text(section.title());
      html.append("</a></li>\n");
    }
    html.append("</ul>\n</nav>\n");
  }

  private void write(Section section) {
    html.append("<section id=\"").append(section.id()).append("\">\n");
    element("h2", section.title());
    for (Part part : section.parts()) {
      switch (part) {
        case Prose prose -> element("p", prose.text());
        case Facts facts -> write(facts);
        case Grid grid -> write(grid);
        case Chart chart -> write(chart);
        case Pictures pictures -> write(pictures);
        case Beside beside -> {
          html.append("<div class=\"beside\">\n");
          beside.charts().forEach(this::write);
          html.append("</div>\n");
        }
      }
    }
    html.append("</section>\n");
  }

  private void write(Facts facts) {
    html.append("<dl>\n");
    facts
        .values()
        .forEach(
            (name, value) -> {
              element("dt", name);
              html.append(value.contains("\n") ? "<dd class=\"lines\">" : "<dd>");
              lines(value);
              html.append("</dd>\n");
            });
    html.append("</dl>\n");
  }

  /** A long table is folded, and packed with the charts' numbers: it would be most of the page. */
  private void write(Grid grid) {
    if (grid.rows().size() > MOST_ROWS) {
      html.append(
          "<details class=\"grid\"><summary>A table of %d rows</summary></details>\n"
              .formatted(grid.rows().size()));
      folded.add(grid);
      return;
    }
    // Cells and rows end where the next begins, which HTML allows: tables are most of some pages.
    html.append("<div class=\"table\">\n<table>\n<thead>\n<tr>");
    for (int c = 0; c < grid.columns().size(); c++) {
      html.append(isNumber(grid, c) ? "<th scope=col class=n>" : "<th scope=col>");
      text(grid.columns().get(c));
    }
    html.append("\n<tbody>\n");
    for (List<Json> row : grid.rows()) {
      html.append("<tr>");
      for (Json cell : row) {
        html.append(cell instanceof Json.Num ? "<td class=n>" : "<td>");
        text(Grid.text(shortened(cell)));
      }
      html.append('\n');
    }
    html.append("</table>\n</div>\n");
  }

  /** Headings stand over their numbers. */
  private static boolean isNumber(Grid grid, int column) {
    return grid.rows().stream()
        .map(row -> row.get(column))
        .filter(cell -> !(cell instanceof Json.Null))
        .findFirst()
        .filter(Json.Num.class::isInstance)
        .isPresent();
  }

  private void write(Chart chart) {
    html.append("<figure id=\"chart-").append(chart.id()).append("\">\n<figcaption><strong>");
    text(chart.title());
    html.append("</strong> ");
    text(chart.caption());
    html.append("</figcaption>\n<div class=\"chart\" role=\"img\" aria-label=\"");
    text(chart.title() + ". " + chart.caption());
    html.append("\"></div>\n<details><summary>Numbers</summary></details>\n</figure>\n");
  }

  private void write(Pictures pictures) {
    html.append("<ul class=\"pictures\">\n");
    for (Pictures.Picture picture : pictures.pictures()) {
      html.append("<li><img alt=\"\" src=\"data:image/png;base64,")
          .append(Base64.getEncoder().encodeToString(picture.png()))
          .append("\"><br>");
      text(picture.text());
      html.append("</li>\n");
    }
    html.append("</ul>\n");
  }

  private void element(String name, String content) {
    html.append('<').append(name).append('>');
    text(content);
    html.append("</").append(name).append(">\n");
  }

  private void lines(String value) {
    String[] lines = value.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      html.append(i == 0 ? "" : "\n");
      text(lines[i]);
    }
  }

  private void text(String content) {
    String line = Visible.line(content);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '&' -> html.append("&amp;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        default -> html.append(c);
      }
    }
  }

  private String data(List<Chart> charts) {
    List<Json> all = new ArrayList<>();
    for (Chart chart : charts) {
      all.add(
          table(chart.numbers())
              .with("id", chart.id())
              .with("height", chart.height())
              .with("option", chart.option())
              .json());
    }
    return Members.none()
        .with("charts", all)
        .with("grids", folded.stream().map(grid -> table(grid).json()).toList())
        .json()
        .toString();
  }

  private static Members table(Grid grid) {
    return Members.none()
        .with("columns", grid.columns().stream().map(Json::of).toList())
        .with(
            "rows",
            grid.rows().stream()
                .map(row -> new Json.Arr(row.stream().map(Page::shortened).toList()))
                .toList());
  }

  private static Json shortened(Json cell) {
    return cell instanceof Json.Num number
        ? Grid.cell(new BigDecimal(number.literal()).round(DIGITS).doubleValue())
        : cell;
  }

  private void packed(String id, String content) {
    html.append("<script type=\"application/gzip\" id=\"").append(id).append("\">");
    html.append(Base64.getEncoder().encodeToString(zipped(content)));
    html.append("</script>\n");
  }

  private static byte[] zipped(String content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zip =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(9);
          }
        }) {
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
