package dev.lanewise.cli;

import dev.lanewise.data.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Lets tests of other packages read CSV files as the commands do. */
public final class CsvTables {

  private CsvTables() {}

  /** {@return the table in a file, whose first line may hold names} */
  public static Table read(Path file) throws IOException {
    return CsvTable.read(file, Optional.empty());
  }
}
