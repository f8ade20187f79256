package dev.lanewise.file;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Makes pipes and devices for tests, or skips the test where that is not possible. */
public final class SpecialNodes {

  private SpecialNodes() {}

  /** {@return a pipe with a name} */
  public static Path pipe(Path at) throws IOException, InterruptedException {
    make("mkfifo", at.toString());
    return at;
  }

  /** {@return a device that takes everything, as root alone can make} */
  public static Path nullDevice(Path at) throws IOException, InterruptedException {
    make("mknod", at.toString(), "c", "1", "3");
    return at;
  }

  /** {@return a device that has no room, as root alone can make} */
  public static Path fullDevice(Path at) throws IOException, InterruptedException {
    make("mknod", at.toString(), "c", "1", "7");
    return at;
  }

  private static void make(String... command) throws IOException, InterruptedException {
    try {
      Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
      made.getInputStream().readAllBytes();
      Assumptions.assumeTrue(made.waitFor() == 0, "skipped: may not run " + command[0]);
    } catch (IOException e) {
      Assumptions.abort("skipped: there is no " + command[0]);
    }
  }
}
