package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The option for a report, of every command that has one. */
@Command(optionListHeading = "Report:%n")
final class ReportOptions {

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write charts, tables and what they say as one HTML file.")
  private Path report;

  /** {@return whether a report is asked for} */
  boolean given() {
    return report != null;
  }

  /** {@return the files that are written} */
  Stream<Given> written() {
    return Given.of("--report", report);
  }

  /** {@return the file, tried before anything is read; empty if no report is asked for} */
  Optional<OutputFile> open() throws IOException {
    return report == null ? Optional.empty() : Optional.of(OutputFile.at(report));
  }
}
