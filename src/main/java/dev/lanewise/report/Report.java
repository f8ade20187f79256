package dev.lanewise.report;

import dev.lanewise.file.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is written as one HTML file: a title, a sentence and sections.
 *
 * <p>The same report gives the same bytes. The file needs no network, and nothing in it can reach
 * one. Immutable.
 *
 * @param title its title
 * @param summary what it is about, in a sentence
 * @param sections its sections, in this order
 */
public record Report(String title, String summary, List<Section> sections)
    implements AtomicFile.Content {

  /**
   * Creates a report.
   *
   * @throws IllegalArgumentException if two sections or two charts have the same name
   */
  public Report {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(summary, "summary");
    sections = List.copyOf(sections);
    Set<String> ids = new HashSet<>();
    for (Section section : sections) {
      requireNew(ids, "section-" + section.id());
      charts(section).forEach(chart -> requireNew(ids, "chart-" + chart.id()));
    }
  }

  private static void requireNew(Set<String> ids, String id) {
    if (!ids.add(id)) {
      throw new IllegalArgumentException(
          "sections: two of the name %s; expected different names".formatted(id));
    }
  }

  /**
   * {@return a report without sections}
   *
   * @param title its title
   * @param summary what it is about, in a sentence
   */
  public static Report of(String title, String summary) {
    return new Report(title, summary, List.of());
  }

  /**
   * {@return this report with a section at its end}
   *
   * @param section the section; nothing is added if it has no parts
   */
  public Report with(Section section) {
    if (section.parts().isEmpty()) {
      return this;
    }
    List<Section> more = new ArrayList<>(sections);
    more.add(section);
    return new Report(title, summary, more);
  }

  /** {@return the charts, in order} */
  public List<Chart> charts() {
    return sections.stream().flatMap(Report::charts).toList();
  }

  private static Stream<Chart> charts(Section section) {
    return section.parts().stream()
        .flatMap(
            part ->
                switch (part) {
                  case Chart chart -> Stream.of(chart);
                  case Beside beside -> beside.charts().stream();
                  case Prose prose -> Stream.empty();
                  case Facts facts -> Stream.empty();
                  case Grid grid -> Stream.empty();
                  case Pictures pictures -> Stream.empty();
                });
  }

  /** {@return the numbers of the charts by their names, in order} */
  public Map<String, Grid> numbers() {
    Map<String, Grid> numbers = new LinkedHashMap<>();
    charts().forEach(chart -> numbers.put(chart.id(), chart.numbers()));
    return Collections.unmodifiableMap(numbers);
  }

  /**
   * Writes the report as HTML in UTF-8.
   *
   * @param out where to; not closed
   * @throws IOException if that fails
   * @throws IllegalStateException if the library that draws charts is not on the class path
   */
  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(Page.of(this));
  }
}
