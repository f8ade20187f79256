package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.report.Grid;
import dev.lanewise.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a report: a page, and a folder of CSV files with the numbers of its charts.
 *
 * @param page the file of the page, if it is asked for
 * @param folder the folder, if it is asked for
 */
record ReportFiles(Optional<OutputFile> page, Optional<Path> folder) {

  private static final String OPTION = "--export-data";
  private static final String SUFFIX = ".csv";

  /**
   * Makes sure of the folder, and refuses it where a chart's file could take the place of another
   * file of the command: the names of charts are known only at the end.
   *
   * @param folder the folder
   * @param others the other files that the command reads or writes
   */
  static void prepareFolder(Path folder, List<Given> others) throws IOException {
    OutputFolder.prepare(folder);
    for (Given other : others) {
      Path name = other.path().getFileName();
      if (name != null && name.toString().endsWith(SUFFIX)) {
        refuse(folder, folder.resolve(name), other);
      }
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(e -> e.toString().endsWith(SUFFIX)).toList()) {
        for (Given other : others) {
          refuse(folder, entry, other);
        }
      }
    }
  }

  private static void refuse(Path folder, Path entry, Given other) throws IOException {
    if (FileChecks.same(entry, other.path())) {
      throw new IOException(
          "%s %s: %s stands in it, and a chart's numbers could take its place; expected another"
                  .formatted(OPTION, folder, other.name())
              + " folder");
    }
  }

  /** {@return whether anything is asked for} */
  boolean wanted() {
    return page.isPresent() || folder.isPresent();
  }

  /**
   * Writes what is asked for. A page that cannot be written does not keep the numbers from being.
   */
  void write(Report report) throws IOException {
    IOException failure = null;
    if (page.isPresent()) {
      try {
        page.get().write(report);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (folder.isPresent()) {
      try {
        writeNumbers(folder.get(), report);
      } catch (IOException e) {
        failure = Outputs.both(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void writeNumbers(Path folder, Report report) throws IOException {
    for (Map.Entry<String, Grid> chart : report.numbers().entrySet()) {
      byte[] csv = chart.getValue().csv().getBytes(StandardCharsets.UTF_8);
      OutputFile.at(folder.resolve(chart.getKey() + SUFFIX)).write(out -> out.write(csv));
    }
  }
}
