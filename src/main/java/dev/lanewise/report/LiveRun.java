package dev.lanewise.report;

import dev.lanewise.learn.Run;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.train.Command;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A training that is followed and steered on a page of this machine (the course's "panda"): what
 * whoever drives it calls between steps.
 *
 * <p>The page's threads are the server's; they see the training by {@link LiveState snapshots}, of
 * which the trainer leaves one ten times a second, and never wait for it nor it for them. What the
 * page asks is done between two steps, by the trainer. Without a command the training has the bits
 * that it has without a page. For one thread at a time.
 */
public final class LiveRun implements AutoCloseable {

  private static final long NANOS_BETWEEN = 100_000_000;

  /** The points of a curve that are kept; twice as many are thinned out. */
  private static final int MOST_POINTS = 1000;

  private final Training training;
  private final Recipe recipe;
  private final int rows;
  private final String metric;
  private final Optional<Saver> saver;
  private final LiveServer server;
  private final List<Epoch> curve = new ArrayList<>();
  private int every = 1;
  private List<Command> commands;
  private boolean paused;
  private String phase = "training";
  private double rowsPerSecond;
  private long publishedAt;
  private long publishedSteps;

  /** Saves a checkpoint. */
  @FunctionalInterface
  public interface Saver {
    /**
     * Saves one.
     *
     * @throws IOException if that fails
     */
    void save() throws IOException;
  }

  private LiveRun(Run run, Optional<Saver> saver, int port) throws IOException {
    this.saver = Objects.requireNonNull(saver, "saver");
    training = run.training();
    recipe = run.recipe();
    rows = run.data().training().rows();
    metric = run.data().metric().map(DevMetric::name).orElse("");
    commands = training.commands();
    publishedAt = System.nanoTime();
    publishedSteps = training.steps();
    server = LiveServer.start(port, state());
  }

  /**
   * {@return a run with a page, which is there until it is closed}
   *
   * @param run the run, between two steps
   * @param saver saves checkpoints, if there is a place for them
   * @param port the port on 127.0.0.1; 0 for any that is free
   * @throws IOException if the port cannot be had
   */
  public static LiveRun of(Run run, Optional<Saver> saver, int port) throws IOException {
    return new LiveRun(run, saver, port);
  }

  /** {@return the page's address, which holds the secret that lets one in} */
  public URI address() {
    return server.address();
  }

  /**
   * Does what the page has asked since the last step; waits while the training is paused.
   *
   * @return the seconds that it was paused
   */
  public double beforeStep() {
    while (!paused) {
      LiveOrder order = server.next();
      if (order == null) {
        return 0;
      }
      obey(order);
    }
    return waitWhilePaused();
  }

  private double waitWhilePaused() {
    long began = System.nanoTime();
    try {
      while (paused) {
        obey(server.await());
      }
    } catch (InterruptedException e) {
      paused = false;
      phase = "training";
      Thread.currentThread().interrupt(); // whoever interrupts wants the training to go on or end
    }
    publishedAt = System.nanoTime();
    publishedSteps = training.steps();
    return (publishedAt - began) * 1e-9;
  }

  private void obey(LiveOrder order) {
    try {
      order.done(does(order));
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      order.refused(e.getMessage());
    }
    commands = training.commands();
    phase = paused ? "paused" : "training";
    publish();
  }

  /** {@return what was done} */
  private String does(LiveOrder order) throws IOException {
    switch (order.what()) {
      case RATE -> training.changeRate(order.value());
      case L2 -> training.changeL2(order.value());
      case ROLL_BACK -> training.rollBackToBest();
      case CHECKPOINT -> {
        save();
        return "saved after step %d".formatted(training.steps());
      }
      case PAUSE -> {
        paused = true;
        return "paused after step %d".formatted(training.steps());
      }
      case RESUME -> {
        paused = false;
        return "goes on after step %d".formatted(training.steps());
      }
      case STOP -> {
        training.stop();
        paused = false;
        if (saver.isPresent()) {
          save();
        }
      }
    }
    return training.commands().getLast().toString();
  }

  private void save() throws IOException {
    if (saver.isEmpty()) {
      throw new IllegalStateException("no file for checkpoints; expected --checkpoint FILE");
    }
    saver.get().save();
  }

  /**
   * Takes a step that was done.
   *
   * @param ended the epoch that it has ended, if it has
   */
  public void afterStep(Optional<Epoch> ended) {
    ended.ifPresent(this::add);
    long now = System.nanoTime();
    if (now - publishedAt >= NANOS_BETWEEN) {
      long steps = training.steps();
      rowsPerSecond =
          (double) (steps - publishedSteps)
              * rows
              / training.stepsPerEpoch()
              / ((now - publishedAt) * 1e-9);
      publishedAt = now;
      publishedSteps = steps;
      publish();
    }
  }

  private void add(Epoch epoch) {
    if (epoch.number() % every == 0) {
      curve.add(epoch);
    }
    if (curve.size() == 2 * MOST_POINTS) {
      every *= 2;
      curve.removeIf(its -> its.number() % every != 0);
    }
  }

  /** Shows that the training has ended and its result is looked at. */
  public void evaluating() {
    phase = "evaluating";
    publish();
  }

  /** Shows that the command has succeeded; {@link #close} without it, that it has failed. */
  public void done() {
    phase = "done";
  }

  private void publish() {
    server.publish(state());
  }

  private LiveState state() {
    Network network = training.network();
    List<Double> l2 =
        network.layers().stream()
            .filter(Dense.class::isInstance)
            .map(layer -> ((Dense) layer).penalty().l2())
            .toList();
    LiveState.Now now =
        new LiveState.Now(
            training.epochs(),
            recipe.epochs(),
            training.steps(),
            training.stepsPerEpoch(),
            training.stepLoss(),
            training.rate(),
            l2.stream().distinct().count() == 1 ? List.of(l2.getFirst()) : l2,
            rowsPerSecond,
            training.bestEpoch(),
            recipe.earlyStopping().active(),
            saver.isPresent());
    return new LiveState(
        phase, metric, now, List.copyOf(curve), every, training.observation(), commands);
  }

  /** Ends the page: tells those who look at it, frees the port and ends the server's threads. */
  @Override
  public void close() {
    if (!phase.equals("done")) {
      phase = "failed";
    }
    server.publish(state());
    server.close();
  }
}
