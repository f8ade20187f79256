package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.json;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import dev.lanewise.train.Training;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --live} as it is seen from outside. */
class LiveCommandTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String TRAIN =
      "train %s --label label --hidden 8 --json --epochs ".formatted(CANCER);

  @TempDir private Path folder;

  private static String send(URI page, String command) throws Exception {
    return CLIENT
        .send(
            HttpRequest.newBuilder(page.resolve("command"))
                .header("Origin", "http://127.0.0.1:" + page.getPort())
                .header("Content-Type", "application/json")
                .header("X-Lanewise", "live")
                .POST(BodyPublishers.ofString("{\"command\":%s}".formatted(command)))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static CommandLineRun run(String command) {
    CommandLineRun run = CommandLineRun.of((Object[]) command.split(" "));
    assertEquals(0, run.exit(), run::toString);
    return run;
  }

  /** A command on a thread of its own. */
  private static final class Running {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final BufferedReader err;
    final CompletableFuture<Integer> exit;

    Running(String command) throws Exception {
      PipedWriter writer = new PipedWriter();
      err = new BufferedReader(new PipedReader(writer, 1 << 16));
      PrintWriter to = new PrintWriter(writer, true);
      exit =
          CompletableFuture.supplyAsync(
              () -> Lanewise.run(command.split(" "), new Results(out), to));
    }

    URI page() throws Exception {
      String line = err.readLine();
      assertTrue(line.matches("live: http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{48}/"), line);
      return URI.create(line.substring("live: ".length()));
    }

    CommandLineRun ended() {
      return new CommandLineRun(
          exit.join(), out.toString(StandardCharsets.UTF_8).lines().toList(), List.of());
    }
  }

  @Test
  void withoutACommandTheResultsAreThoseWithoutThePage() throws Exception {
    Path alone = folder.resolve("alone");
    Path followed = folder.resolve("followed");
    Map<String, Json> expected = new TreeMap<>(json(run(TRAIN + "5 --model " + alone)));
    Running running = new Running(TRAIN + "5 --live --model " + followed);
    running.page();
    Map<String, Json> actual = new TreeMap<>(json(running.ended()));
    for (Map<String, Json> results : List.of(expected, actual)) {
      results.remove("samplesPerSecond");
    }
    assertEquals(expected, actual);
    assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(followed));
  }

  @Test
  void whatWasDoneOnThePageIsReplayedToTheSameBits() throws Exception {
    Path model = folder.resolve("model");
    Path checkpoint = folder.resolve("checkpoint");
    String train = TRAIN + "1000000 --patience 1000000";
    Running running =
        new Running("%s --live --model %s --checkpoint %s".formatted(train, model, checkpoint));
    URI page = running.page();
    assertTrue(send(page, "\"rate\",\"value\":0.003").contains(": rate 0.003"));
    assertTrue(send(page, "\"l2\",\"value\":0.01").contains(": l2 0.01"));
    while (!send(page, "\"rollBack\"").contains(": roll back")) {
      Thread.sleep(10); // until an epoch is the best
    }
    assertTrue(send(page, "\"pause\"").contains("paused"));
    assertTrue(send(page, "\"checkpoint\"").contains("saved"));
    assertTrue(send(page, "\"resume\"").contains("goes on"));
    assertTrue(send(page, "\"stop\"").contains(": stop"));
    CommandLineRun run = running.ended();
    assertEquals(0, run.exit());
    Json digest = json(run).get("parametersSha256");
    assertEquals(4, Training.commandsIn(model).size());
    assertEquals(Training.commandsIn(model), Training.commandsIn(checkpoint));
    assertEquals(digest, json(run(train + " --replay " + model)).get("parametersSha256"));
    assertEquals(digest, json(run(train + " --replay " + checkpoint)).get("parametersSha256"));
    assertTrue(
        run("inspect " + model).out().stream()
            .anyMatch(line -> line.contains("commands") && line.contains(": roll back; step ")));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count(), "the files alone are left");
    }
  }

  @Test
  void thePageEndsWithTheCommand() throws Exception {
    Running running = new Running(TRAIN + "1 --live");
    URI page = running.page();
    assertEquals(0, running.ended().exit());
    try (ServerSocket again = new ServerSocket(page.getPort())) {
      assertEquals(page.getPort(), again.getLocalPort());
    }
  }

  @Test
  void aPortThatIsTakenEndsTheCommandBeforeTheTraining() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      CommandLineRun run =
          CommandLineRun.of(
              (Object[]) (TRAIN + "1 --live --live-port " + taken.getLocalPort()).split(" "));
      assertEquals(1, run.exit());
      assertEquals(List.of(), run.out());
      assertTrue(
          run.err().getFirst().startsWith("lanewise: --live: port " + taken.getLocalPort()),
          run::toString);
      assertFalse(run.err().toString().contains("live: http"));
    }
  }
}
