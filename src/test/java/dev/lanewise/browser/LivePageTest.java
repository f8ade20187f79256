package dev.lanewise.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.report.LiveRun;
import dev.lanewise.train.Command;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The live page in a real browser: the run is seen, and rate, λ, pause, rollback and stop are seen
 * in the run. Skipped where Chromium is absent.
 */
class LivePageTest {

  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Browser.program().isPresent(), "skipped: no Chromium on this machine");
    browser = Browser.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  private static Run run() throws IOException {
    return Learner.classifier("label")
        .withRecipe(
            recipe ->
                recipe.withEpochs(1_000_000).withEarlyStopping(EarlyStopping.patience(1_000_000)))
        .begin(Table.csv(Path.of("data", "breast-cancer.csv")));
  }

  /** A run on a thread of its own, with its page. */
  private static final class Followed implements AutoCloseable {

    final Run run = run();
    final LiveRun page;
    private final Thread thread;
    final CompletableFuture<Training> ended = new CompletableFuture<>();

    Followed() throws IOException {
      run.training().observe();
      page = LiveRun.of(run, Optional.empty(), 0);
      thread = Thread.ofPlatform().start(this::train);
    }

    private void train() {
      try (Run its = run;
          LiveRun shown = page) {
        Training training = its.training();
        while (!training.finished() && !Thread.currentThread().isInterrupted()) {
          shown.beforeStep();
          if (!training.finished()) {
            shown.afterStep(its.step());
          }
          Thread.sleep(2); // the browser needs the machine, too
        }
        shown.done();
        ended.complete(training);
      } catch (Throwable e) {
        ended.completeExceptionally(e);
      }
    }

    Training training() throws Exception {
      return ended.get(Browser.GUARD.toSeconds(), TimeUnit.SECONDS);
    }

    /** The training ends with its test, whatever that has found. */
    @Override
    public void close() {
      thread.interrupt();
      ended.exceptionally(e -> null).join();
    }
  }

  private static String fact(String name) {
    return "document.querySelector('[data-fact=\"%s\"]').textContent".formatted(name);
  }

  private static void change(Tab tab, String what, String value) {
    tab.evaluate(
        """
        (() => {
          const input = document.getElementById('%s-value');
          input.value = '%s';
          document.querySelector('#%s button').click();
        })()
        """
            .formatted(what, value, what));
  }

  private static void press(Tab tab, String button) {
    tab.evaluate("document.getElementById('%s').click()".formatted(button));
  }

  private static void answered(Tab tab, String part) throws InterruptedException {
    tab.await(
        "document.getElementById('answer').textContent.includes(%s)".formatted(Json.of(part)));
  }

  @Test
  void theRunIsSeenAndSteered() throws Exception {
    try (Followed followed = new Followed();
        Tab tab = browser.open(1000, false)) {
      tab.go(followed.page.address().toString());
      tab.await("document.documentElement.dataset.ready !== undefined");
      tab.await("document.querySelectorAll('#loss canvas, #rates canvas').length >= 2");
      tab.await("Number(%s) > 100".formatted(fact("steps")));
      tab.await("document.querySelectorAll('#layers tbody tr').length === 3");
      change(tab, "rate", "0.0005");
      answered(tab, ": rate 5.0E-4");
      tab.await(fact("rate") + " === '5.000e-4'");
      change(tab, "l2", "0,25");
      answered(tab, ": l2 0.25");
      tab.await(fact("λ") + " === '0.25'");
      change(tab, "rate", "-1");
      answered(tab, "rate: -1.0; expected");
      press(tab, "pause");
      tab.await("document.documentElement.dataset.phase === 'paused'");
      double steps = tab.number("Number(%s)".formatted(fact("steps")));
      Thread.sleep(600);
      assertEquals(steps, tab.number("Number(%s)".formatted(fact("steps"))), "it is paused");
      tab.await("!document.getElementById('rollBack').disabled");
      press(tab, "rollBack");
      answered(tab, ": roll back");
      press(tab, "pause");
      tab.await("Number(%s) > %s".formatted(fact("steps"), steps));
      press(tab, "stop");
      answered(tab, ": stop");
      Training training = followed.training();
      List<Command> commands = training.commands();
      assertEquals(4, commands.size(), commands::toString);
      assertEquals(0.0005, ((Command.ChangeRate) commands.get(0)).rate());
      assertEquals(0.25, ((Command.ChangeL2) commands.get(1)).lambda());
      assertEquals(new Command.RollBack((long) steps), commands.get(2));
      assertEquals(new Command.Stop(training.steps()), commands.get(3));
      tab.await("document.querySelectorAll('#commands li').length === 4");
      tab.await("document.documentElement.dataset.phase === 'done'");
      // The page was left for itself alone, but for the refused rate, which the browser notes.
      String own = followed.page.address().toString();
      assertTrue(
          tab.requests.stream().allMatch(url -> url.startsWith(own)), tab.requests::toString);
      assertEquals(1, tab.complaints.size(), tab.complaints::toString);
      assertTrue(tab.complaints.getFirst().contains("400"), tab.complaints::toString);
      assertReplayed(training);
    }
  }

  private static void assertReplayed(Training live) throws IOException {
    try (Run again = run()) {
      again.training().replay(live.commands());
      again.forEach(epoch -> {});
      assertArrayEquals(live.latestParameters(), again.training().latestParameters());
    }
  }

  @Test
  void thePageFitsAPhoneInTheDark() throws Exception {
    try (Followed followed = new Followed();
        Tab tab = browser.open(390, true)) {
      tab.go(followed.page.address().toString());
      tab.await("document.documentElement.dataset.ready !== undefined");
      tab.await("Number(%s) > 100".formatted(fact("steps")));
      assertTrue(tab.number("document.documentElement.scrollWidth") <= 390, "scrolls to the side");
      assertEquals(
          Json.of("rgb(20, 24, 29)"),
          tab.evaluate("getComputedStyle(document.documentElement).backgroundColor"));
      assertEquals(
          0,
          tab.number(
              "[...document.querySelectorAll('.chart, section, progress')].filter(e =>"
                  + " !e.ariaLabel).length"),
          "without a label");
      press(tab, "stop");
      followed.training();
      assertEquals(List.of(), tab.complaints);
    }
  }

  /** What a page from elsewhere can send, even if it knew the address. */
  @Test
  void anotherPageIsNotHeard() throws Exception {
    try (Followed followed = new Followed();
        Tab tab = browser.open(1000, false)) {
      for (String more :
          List.of(
              "headers: {'Content-Type': 'application/json', 'X-Lanewise': 'live'}",
              "headers: {'Content-Type': 'text/plain'}",
              "mode: 'no-cors'")) {
        Json said =
            tab.evaluate(
                """
                fetch('%scommand', {method: 'POST', body: '{"command":"stop"}', %s})
                  .then(r => r.type, e => 'blocked')
                """
                    .formatted(followed.page.address(), more));
        assertEquals(Json.of("blocked"), said);
      }
      assertEquals(
          Json.of("blocked"),
          tab.evaluate(
              "fetch('%s').then(r => r.text(), e => 'blocked')"
                  .formatted(followed.page.address())));
      tab.go(followed.page.address().toString());
      tab.await("document.documentElement.dataset.phase === 'training'");
      assertEquals(0, tab.number("document.querySelectorAll('#commands li').length"));
    }
  }
}
