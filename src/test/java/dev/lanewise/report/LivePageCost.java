package dev.lanewise.report;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.train.EarlyStopping;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Measures what a page that is looked at costs the trainer, in processor time. A program: it judges
 * nothing.
 */
final class LivePageCost {

  private LivePageCost() {}

  private static final int PAIRS = 41;
  private static final int STEPS = 1500;

  private static Run run() throws Exception {
    return Learner.classifier("label")
        .withRecipe(
            recipe ->
                recipe.withEpochs(1_000_000).withEarlyStopping(EarlyStopping.patience(1_000_000)))
        .begin(Table.csv(Path.of("data", "digits.csv")));
  }

  private static double seconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
  }

  /** {@return the processor time of some steps, with a page or without} */
  private static double time(Run run, Optional<LiveRun> page) {
    double began = seconds();
    for (int i = 0; i < STEPS; i++) {
      if (page.isPresent()) {
        page.get().beforeStep();
        page.get().afterStep(run.step());
      } else {
        run.step();
      }
    }
    return seconds() - began;
  }

  /** Both runs are the same steps, in turns; the median of the ratios is not that of one moment. */
  public static void main(String[] arguments) throws Exception {
    try (Run alone = run();
        Run followed = run();
        LiveRun page = LiveRun.of(followed, Optional.empty(), 0);
        HttpClient client = HttpClient.newHttpClient()) {
      client.sendAsync(
          HttpRequest.newBuilder(page.address().resolve("events")).build(),
          BodyHandlers.discarding());
      double[] ratios = new double[PAIRS];
      double steps = 0;
      for (int i = 0; i < PAIRS; i++) {
        double without = time(alone, Optional.empty());
        ratios[i] = time(followed, Optional.of(page)) / without;
        steps += without;
      }
      double median = DoubleStream.of(ratios).sorted().skip(PAIRS / 2).findFirst().orElseThrow();
      System.out.printf(
          "a step of %.1f us takes %.2f %% more with a page that is looked at (quartiles %.2f,"
              + " %.2f)%n",
          1e6 * steps / PAIRS / STEPS,
          100 * (median - 1),
          100 * (DoubleStream.of(ratios).sorted().toArray()[PAIRS / 4] - 1),
          100 * (DoubleStream.of(ratios).sorted().toArray()[3 * PAIRS / 4] - 1));
      client.shutdownNow();
    }
  }
}
