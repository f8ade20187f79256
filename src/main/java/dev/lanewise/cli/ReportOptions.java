package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options for a report and its numbers, of every command that has them. */
@Command(optionListHeading = "Report:%n")
final class ReportOptions {

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write charts, tables and what they say as one HTML file.")
  private Path report;

  @Option(
      names = "--export-data",
      paramLabel = "DIR",
      description =
          "Write the numbers of each chart of the report as a CSV file in a folder, which is"
              + " created if there is none; with or without --report.")
  private Path folder;

  /** {@return whether a report or its numbers are asked for} */
  boolean given() {
    return report != null || folder != null;
  }

  /** {@return the files that are written, but for those in the folder} */
  Stream<Given> written() {
    return Given.of("--report", report);
  }

  /**
   * {@return what is written, tried before anything is read}
   *
   * @param others all other files that the command reads or writes
   * @throws IOException if something cannot be written, or only over another file
   */
  ReportFiles open(Stream<Given> others) throws IOException {
    if (folder != null) {
      ReportFiles.prepareFolder(folder, Stream.concat(others, written()).toList());
    }
    return new ReportFiles(
        report == null ? Optional.empty() : Optional.of(OutputFile.at(report)),
        Optional.ofNullable(folder));
  }
}
