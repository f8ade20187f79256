package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.net.Network;
import dev.lanewise.train.Command;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A training that is followed and steered, by the trainer's side. */
class LiveRunTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Run run(int epochs) throws IOException {
    return Learner.classifier("label")
        .withRecipe(recipe -> recipe.withEpochs(epochs))
        .begin(Table.csv(Path.of("data", "breast-cancer.csv")));
  }

  private static CompletableFuture<HttpResponse<String>> ask(LiveRun page, String body) {
    return CLIENT.sendAsync(
        HttpRequest.newBuilder(page.address().resolve("command"))
            .header("Origin", "http://127.0.0.1:" + page.address().getPort())
            .header("Content-Type", "application/json")
            .header("X-Lanewise", "live")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Lets the page have its command; {@return the answer} */
  private static String obeyed(LiveRun page, String body) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> asked = ask(page, body);
    while (!asked.isDone()) {
      page.beforeStep();
      Thread.sleep(1);
    }
    return asked.join().body();
  }

  @Test
  void withoutACommandTheBitsAreThoseWithoutAPage() throws IOException {
    try (Run alone = run(4);
        Run followed = run(4);
        LiveRun page = LiveRun.of(followed, Optional.empty(), 0)) {
      alone.forEach(epoch -> {});
      while (!followed.training().finished()) {
        assertEquals(0, page.beforeStep());
        page.afterStep(followed.step());
      }
      assertArrayEquals(alone.training().toBytes(), followed.training().toBytes());
      assertEquals(alone.finish().model().provenance(), followed.finish().model().provenance());
    }
  }

  @Test
  void whatThePageAsksIsDoneBetweenStepsAndNoted() throws Exception {
    List<Long> saved = new ArrayList<>();
    try (Run run = run(50)) {
      Training training = run.training();
      Optional<LiveRun.Saver> saver = Optional.of(() -> saved.add(training.steps()));
      try (LiveRun page = LiveRun.of(run, saver, 0)) {
        page.afterStep(run.step());
        assertEquals(
            "{\"done\":\"step 1: rate 0.002\"}",
            obeyed(page, "{\"command\":\"rate\",\"value\":0.002}"));
        assertEquals(0.002, training.rate());
        assertEquals(
            "{\"done\":\"step 1: l2 0.5\"}", obeyed(page, "{\"command\":\"l2\",\"value\":0.5}"));
        assertEquals(
            "{\"error\":\"lambda: -1.0; expected a finite number >= 0\"}",
            obeyed(page, "{\"command\":\"l2\",\"value\":-1}"));
        assertTrue(obeyed(page, "{\"command\":\"rollBack\"}").startsWith("{\"error\":\"no epoch"));
        assertEquals(
            "{\"done\":\"saved after step 1\"}", obeyed(page, "{\"command\":\"checkpoint\"}"));
        while (training.epochs() < 2) {
          page.afterStep(run.step());
        }
        obeyed(page, "{\"command\":\"rollBack\"}");
        page.afterStep(run.step());
        obeyed(page, "{\"command\":\"stop\"}");
        assertTrue(training.finished());
        assertEquals(List.of(1L, training.steps()), saved);
        assertEquals(
            "step 1: rate 0.002; step 1: l2 0.5; step %d: roll back; step %d: stop"
                .formatted(training.steps() - 1, training.steps()),
            Command.text(training.commands()));
      }
      try (Run again = run(50)) {
        again.training().replay(training.commands());
        again.forEach(epoch -> {});
        assertArrayEquals(training.toBytes(), again.training().toBytes());
      }
    }
  }

  @Test
  void aPausedTrainingWaitsUntilItGoesOnOrIsStopped() throws Exception {
    for (String end : List.of("resume", "stop")) {
      try (Run run = run(50);
          LiveRun page = LiveRun.of(run, Optional.empty(), 0)) {
        page.afterStep(run.step());
        CompletableFuture<String> rest =
            ask(page, "{\"command\":\"pause\"}")
                .thenCompose(
                    paused -> {
                      assertEquals("{\"done\":\"paused after step 1\"}", paused.body());
                      return ask(page, "{\"command\":\"l2\",\"value\":1}");
                    })
                .thenCompose(changed -> ask(page, "{\"command\":\"%s\"}".formatted(end)))
                .thenApply(HttpResponse::body);
        double waited = 0;
        while (waited == 0) {
          waited = page.beforeStep();
        }
        assertEquals(1, run.training().steps());
        assertEquals(end.equals("stop"), run.training().finished());
        assertFalse(rest.join().contains("error"));
      }
    }
  }

  @Test
  void anInterruptEndsAPause() throws Exception {
    try (Run run = run(50);
        LiveRun page = LiveRun.of(run, Optional.empty(), 0)) {
      obeyedWhilePausing(page);
      assertTrue(Thread.interrupted());
    }
  }

  private static void obeyedWhilePausing(LiveRun page) {
    Thread trainer = Thread.currentThread();
    ask(page, "{\"command\":\"pause\"}").thenAccept(paused -> trainer.interrupt());
    while (!trainer.isInterrupted()) {
      page.beforeStep();
    }
  }

  @Test
  void afterTheEndNobodyIsThere() throws IOException {
    try (Run run = run(1)) {
      LiveRun page = LiveRun.of(run, Optional.empty(), 0);
      page.done();
      page.close();
      Exception e = assertThrows(Exception.class, () -> ask(page, "{}").join());
      assertTrue(e.getCause() instanceof ConnectException, e::toString);
    }
  }

  /** However many epochs there are, the curve has two thousand points at most, evenly spaced. */
  @Test
  void aLongCurveIsThinnedOut() throws Exception {
    Learner small =
        Learner.classifier("label")
            .withNetwork(
                (inputs, outputs, loss) -> Network.inputs(inputs).dense(outputs).loss(loss))
            .withRecipe(
                recipe ->
                    recipe
                        .withBatchSize(0)
                        .withEpochs(4500)
                        .withEarlyStopping(EarlyStopping.never()));
    try (Run run = small.begin(Table.csv(Path.of("data", "breast-cancer.csv")));
        LiveRun page = LiveRun.of(run, Optional.empty(), 0)) {
      while (!run.training().finished()) {
        page.afterStep(run.step());
      }
      page.evaluating();
      HttpResponse<Stream<String>> stream =
          CLIENT.send(
              HttpRequest.newBuilder(page.address().resolve("events")).build(),
              BodyHandlers.ofLines());
      Json.Arr curve;
      try (Stream<String> lines = stream.body()) {
        String data = lines.skip(1).findFirst().orElseThrow();
        curve = (Json.Arr) Json.parse(data.substring("data: ".length()));
      }
      List<Integer> epochs =
          curve.items().stream()
              .map(point -> ((Json.Num) ((Json.Arr) point).items().getFirst()).asInt())
              .toList();
      assertEquals(IntStream.rangeClosed(1, 1125).map(i -> 4 * i).boxed().toList(), epochs);
    }
  }
}
