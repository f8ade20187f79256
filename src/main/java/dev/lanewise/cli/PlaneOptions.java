package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.report.RunReport;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option for the plane in which a report shows what a model predicts. */
@Command(optionListHeading = "Report:%n")
final class PlaneOptions {

  @Option(
      names = "--report-columns",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The two columns of numbers over which the report shows the regions of classes, or the"
              + " values. Default: the two that matter most.")
  private List<String> columns = List.of();

  /**
   * Checks the option.
   *
   * @param reports whether there is a report of a training
   */
  void check(CommandSpec spec, boolean reports) {
    if (columns.isEmpty()) {
      return;
    }
    String given = String.join(",", columns);
    Usage.require(
        spec,
        columns.size() == 2 && !columns.getFirst().equals(columns.getLast()),
        "--report-columns %s: expected two different columns",
        given);
    Usage.require(
        spec,
        reports,
        "--report-columns %s: has no meaning without a report of a training; expected --report or"
            + " --export-data",
        given);
  }

  /** Refuses columns that are no features of numbers. */
  void requireColumns(Encoder encoder) {
    List<String> known = RunReport.columnsOfNumbers(encoder);
    for (String column : columns) {
      if (!known.contains(column)) {
        throw new IllegalArgumentException(
            "--report-columns: %s; expected columns of numbers, dates or booleans that are"
                    .formatted(Lanewise.shown(column))
                + " features: "
                + (known.isEmpty() ? "there are none" : Lanewise.shown(some(known))));
      }
    }
  }

  private static String some(List<String> names) {
    int most = 20;
    String list = String.join(", ", names.subList(0, Math.min(most, names.size())));
    return names.size() > most ? list + ", …" : list;
  }

  /** {@return a report over the columns that are asked for; the option has been checked} */
  RunReport applyTo(RunReport report) {
    return columns.isEmpty() ? report : report.withColumns(columns.getFirst(), columns.getLast());
  }
}
