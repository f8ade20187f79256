package dev.lanewise;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The folder of data sets beside the project, which some tests read and the project does not
 * contain. The system property {@code lanewise.shared} names it; without the property it is {@code
 * ../shared}.
 */
public final class SharedData {

  private SharedData() {}

  /**
   * {@return a file or folder of the shared folder; skips the calling test, saying so, where it is
   * absent}
   *
   * @param relative the path below the shared folder, such as {@code data/iris/iris.csv}
   */
  public static Path file(String relative) {
    Path file =
        Path.of(System.getProperty("lanewise.shared", "../shared"))
            .resolve(relative)
            .toAbsolutePath()
            .normalize();
    Assumptions.assumeTrue(
        Files.exists(file),
        () -> "skipped: " + file + " is absent; -Dlanewise.shared names the folder that holds it");
    return file;
  }
}
