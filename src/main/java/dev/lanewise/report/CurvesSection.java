package dev.lanewise.report;

import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The course of a training: costs by step, losses, metric and learning rate by epoch. */
final class CurvesSection {

  private static final int MOST_EPOCHS = 300;

  /** The ratio of the largest to the least number beyond which an axis shows ratios. */
  private static final double WIDE = 50;

  private static final int LOW = 240;

  private final Run run;
  private final Learned learned;
  private final TrainingTrace trace;

  /** Evenly spaced, the first, the last and the best among them. */
  private final List<Epoch> epochs;

  CurvesSection(Run run, Learned learned, TrainingTrace trace) {
    this.run = run;
    this.learned = learned;
    this.trace = trace;
    epochs = some(learned.epochs(), learned.bestEpoch());
  }

  private static List<Epoch> some(List<Epoch> all, int best) {
    if (all.size() <= MOST_EPOCHS) {
      return all;
    }
    boolean[] taken = new boolean[all.size()];
    for (int i = 0; i < MOST_EPOCHS; i++) {
      taken[(int) ((long) i * (all.size() - 1) / (MOST_EPOCHS - 1))] = true;
    }
    List<Epoch> some = new ArrayList<>();
    for (int i = 0; i < taken.length; i++) {
      if (taken[i] || all.get(i).number() == best) {
        some.add(all.get(i));
      }
    }
    return some;
  }

  Section section() {
    List<Part> parts = new ArrayList<>();
    if (trace.epochsBefore() > 0) {
      parts.add(
          new Prose(
              "The training was resumed after epoch %d; what was before that is not shown."
                  .formatted(trace.epochsBefore())));
    }
    if (trace.steps().length > 0) {
      parts.add(cost());
    }
    if (!epochs.isEmpty()) {
      parts.add(loss());
      metric(parts);
      parts.add(rate());
    }
    return new Section("curves", "How the training went", parts);
  }

  private Chart cost() {
    double[] steps = trace.steps();
    double[] costs = trace.losses();
    for (int i = 0; i < costs.length; i++) {
      costs[i] += penalty((long) steps[i]);
    }
    boolean full = trace.stepsPerEpoch() == 1;
    String shape =
        full
            ? "Every step takes all training rows, so the curve is smooth; where it rises, the"
                + " learning rate is large."
            : "Every step takes another batch, so the curve is noisy and falls on average; %d steps"
                    .formatted(trace.stepsPerEpoch())
                + " are an epoch.";
    String some = trace.stride() == 1 ? "" : " Of %d steps one is drawn.".formatted(trace.stride());
    return XyChart.of(
            "cost",
            "Cost against iterations.",
            "The loss of the rows of a step before its update, and the penalties. " + shape + some,
            Axis.whole("step"),
            axis("cost", costs))
        .line(full ? "cost of all training rows" : "cost of a batch", steps, costs)
        .chart();
  }

  /** {@return the penalties of the parameters that the epoch of a step began with} */
  private double penalty(long step) {
    List<Epoch> all = learned.epochs();
    if (all.isEmpty()) {
      return 0;
    }
    int number = (int) ((step - 1) / trace.stepsPerEpoch()) + 1;
    int place = Math.clamp(number - (long) all.getFirst().number(), 0, all.size() - 1);
    return all.get(place).cost() - all.get(place).trainingLoss();
  }

  private Chart loss() {
    double[] numbers = numbers(Epoch::number);
    double[] train = numbers(Epoch::trainingLoss);
    double[] dev = numbers(epoch -> epoch.devLoss().orElse(Double.NaN));
    boolean judged = run.dev().isPresent();
    XyChart chart =
        XyChart.of(
            "loss",
            judged ? "Train and dev loss, and where the model is from." : "Training loss.",
            "The mean loss of each epoch without penalties. That of the training rows is taken"
                + " while they are trained on, under dropout; that of the dev rows after the epoch."
                + " "
                + (judged ? gap() : "There were no dev rows.")
                + drawn(),
            Axis.whole("epoch"),
            axis("loss", judged ? joined(train, dev) : train));
    chart.line("train", numbers, train);
    if (judged) {
      chart.line("dev", numbers, dev);
    }
    return marked(chart).chart();
  }

  private static String gap() {
    return "Where they part, the network begins to learn its rows by heart.";
  }

  private String drawn() {
    return epochs.size() == learned.epochs().size()
        ? ""
        : " Of %d epochs, %d are drawn.".formatted(learned.epochs().size(), epochs.size());
  }

  /** Where the model is from, and where the training ended. */
  private XyChart marked(XyChart chart) {
    int last = learned.epochs().getLast().number();
    int best = learned.bestEpoch();
    if (best < last && best > 0) {
      chart.vertical("best, %d".formatted(best), best);
    }
    return chart;
  }

  private void metric(List<Part> parts) {
    if (run.data().metric().isEmpty()) {
      return;
    }
    DevMetric metric = run.data().metric().get();
    double[] scores = numbers(epoch -> epoch.devMetric().orElse(Double.NaN));
    XyChart chart =
        XyChart.of(
                "dev-metric",
                "The metric of the dev rows.",
                "%s after each epoch; %s is better.%s%s"
                    .formatted(
                        metric.name(),
                        metric.largerIsBetter() ? "larger" : "smaller",
                        stopping(),
                        drawn()),
                Axis.whole("epoch"),
                Axis.of(metric.name()))
            .height(LOW)
            .line("dev " + metric.name(), numbers(Epoch::number), scores);
    parts.add(marked(chart).chart());
  }

  private String stopping() {
    EarlyStopping rule = run.recipe().earlyStopping();
    if (!rule.active()) {
      return "";
    }
    String watched = rule.watch() == EarlyStopping.Watch.DEV_LOSS ? "dev loss" : "dev metric";
    if (rule.patience() >= run.recipe().epochs()) {
      return " The model is that of the best %s.".formatted(watched);
    }
    return " Training stops after %d epoch%s in a row without a better %s%s."
        .formatted(
            rule.patience(),
            rule.patience() == 1 ? "" : "s",
            watched,
            rule.minimumDelta() == 0
                ? ""
                : ", by more than %s".formatted(Texts.number(rule.minimumDelta())));
  }

  private Chart rate() {
    double[] rates = numbers(Epoch::rate);
    return XyChart.of(
            "learning-rate",
            "Learning rate.",
            "The rate of the last step of each epoch." + drawn(),
            Axis.whole("epoch"),
            axis("learning rate", rates))
        .height(LOW)
        .line("learning rate", numbers(Epoch::number), rates)
        .chart();
  }

  private double[] numbers(ToDoubleFunction<Epoch> of) {
    return epochs.stream().mapToDouble(of).toArray();
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** {@return an axis of ratios for numbers above 0 that differ by large ones, else a plain one} */
  static Axis axis(String name, double[] numbers) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double number : numbers) {
      if (Double.isFinite(number)) {
        low = Math.min(low, number);
        high = Math.max(high, number);
      }
    }
    return low > 0 && high > WIDE * low ? Axis.log(name) : Axis.of(name);
  }
}
