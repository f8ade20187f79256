package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training whose process is killed at any moment, without notice, goes on from its checkpoint to
 * the bits that it would have had, and leaves nothing beside its files.
 *
 * <p>The system property {@code lanewise.fuzz.kills} says how often.
 */
final class KillTest {

  private static final int EPOCHS = 200;

  @TempDir Path folder;

  private Object[] arguments(Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", folder.resolve("data.csv")));
    all.addAll(List.of("--label", "y", "--hidden", "8,4", "--batch-norm", "--dropout", "0.2"));
    all.addAll(List.of("--batch-size", "8", "--epochs", EPOCHS, "--patience", "0", "--json"));
    all.addAll(List.of("--model", folder.resolve("m.safetensors")));
    all.addAll(List.of("--checkpoint", checkpoint()));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private Path checkpoint() {
    return folder.resolve("c.safetensors");
  }

  private void write() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      text.append(random.nextInt(100)).append(',').append(random.nextInt(100));
      text.append(random.nextBoolean() ? ",p\n" : ",q\n");
    }
    Files.writeString(folder.resolve("data.csv"), text);
  }

  private static String digest(CommandLineRun run) {
    return Commands.json(run).get("parametersSha256").toString();
  }

  @Test
  void aTrainingThatIsKilledGoesOnToTheSameBits() throws Exception {
    write();
    String whole = digest(Commands.run(0, arguments()));
    long seed = Long.getLong("lanewise.fuzz.first", 0);
    for (int kill = 0; kill < Integer.getInteger("lanewise.fuzz.kills", 3); kill++) {
      Files.delete(checkpoint());
      Process process = started();
      while (process.isAlive() && !Files.exists(checkpoint())) {
        Thread.sleep(1);
      }
      process.waitFor(new Random(seed + kill).nextInt(500_000), TimeUnit.MICROSECONDS);
      process.destroyForcibly().waitFor();
      assertTrue(Files.exists(checkpoint()), () -> "kill at once");
      assertEquals(
          whole,
          digest(Commands.run(0, arguments("--resume", checkpoint()))),
          "seed %d".formatted(seed + kill));
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(
            List.of("c.safetensors", "data.csv", "m.safetensors"),
            files
                .filter(file -> !isUnbegun(file))
                .map(file -> file.getFileName().toString())
                .sorted()
                .toList());
      }
    }
  }

  /**
   * A temporary file stays if its writer was killed before its first byte: it is not told apart.
   */
  private static boolean isUnbegun(Path file) {
    return file.getFileName().toString().matches("\\.lanewise-.*\\.tmp")
        && file.toFile().length() == 0;
  }

  private Process started() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
    Stream.of(arguments()).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
