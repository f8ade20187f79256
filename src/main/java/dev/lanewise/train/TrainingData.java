package dev.lanewise.train;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.EncodedInputs;
import java.util.Objects;
import java.util.Optional;

/** What to train on, and what to judge epochs by. Immutable. */
public final class TrainingData {

  private final ExampleSet training;
  private final Optional<Dataset> dev;
  private final Optional<DevMetric> metric;

  private TrainingData(ExampleSet training, Optional<Dataset> dev, Optional<DevMetric> metric) {
    if (training.rows() == 0) {
      throw new IllegalArgumentException("training: no rows; expected at least 1");
    }
    if (dev.isPresent() && dev.get().rows() == 0) {
      throw new IllegalArgumentException("dev: no rows; expected at least 1");
    }
    if (dev.isPresent() && training.encoder().isPresent() && dev.get().encoder().isPresent()) {
      requireSame(training.encoder().get(), dev.get().encoder().get());
    }
    if (metric.isPresent() && dev.isEmpty()) {
      throw new IllegalArgumentException(
          "metric: %s; expected dev rows to take it of".formatted(metric.get().name()));
    }
    this.training = training;
    this.dev = dev;
    this.metric = metric;
  }

  /** Refuses dev rows that mean something else, even if they have as many columns. */
  private static void requireSame(Encoder training, Encoder dev) {
    if (!training.equals(dev)) {
      throw new IllegalArgumentException(
          "dev: of another encoder, fitted on other rows or with other options; expected that of"
              + " the training rows");
    }
  }

  /**
   * {@return training rows alone}
   *
   * @param training the rows
   * @throws IllegalArgumentException if there are none
   */
  public static TrainingData of(ExampleSet training) {
    return new TrainingData(
        Objects.requireNonNull(training, "training"), Optional.empty(), Optional.empty());
  }

  /**
   * {@return training rows that are read anew in every epoch, and never all in memory}
   *
   * @param source the rows
   * @param bufferRows the rows that are held for shuffling
   * @throws IllegalArgumentException as {@link StreamedRows}, and if there are no rows
   */
  public static TrainingData streaming(RowSource source, int bufferRows) {
    return of(new StreamedRows(source, bufferRows));
  }

  /** {@return the rows that gradients are taken of, in memory or streamed} */
  public ExampleSet training() {
    return training;
  }

  /** {@return the rows whose loss, without penalties, is taken after each epoch} */
  public Optional<Dataset> dev() {
    return dev;
  }

  /** {@return another score of the dev rows} */
  public Optional<DevMetric> metric() {
    return metric;
  }

  /**
   * {@return the same with other training rows}
   *
   * @param rows the training rows
   * @throws IllegalArgumentException if there are none, or dev rows are of another encoder
   */
  public TrainingData withTraining(ExampleSet rows) {
    return new TrainingData(Objects.requireNonNull(rows, "rows"), dev, metric);
  }

  /**
   * {@return the same with dev rows}
   *
   * @param rows the dev rows
   * @throws IllegalArgumentException if there are none, or they are of another encoder than the
   *     training rows
   */
  public TrainingData withDev(Dataset rows) {
    return new TrainingData(training, Optional.of(Objects.requireNonNull(rows, "rows")), metric);
  }

  /**
   * {@return the same with a metric}
   *
   * @param other the metric
   * @throws IllegalArgumentException if there are no dev rows
   */
  public TrainingData withMetric(DevMetric other) {
    return new TrainingData(training, dev, Optional.of(Objects.requireNonNull(other, "other")));
  }

  /** Refuses data that do not fit a network; a stream's targets are judged batch by batch. */
  void checkFits(Network network) {
    checkFits("training", training, network);
    dev.ifPresent(rows -> checkFits("dev", rows, network));
    metric.ifPresent(m -> m.checkFits(network));
  }

  /**
   * Refuses to mix class numbers, since a number between two stands for a class of its own, and to
   * change numbers of categories.
   */
  void checkMixes(Recipe recipe) {
    boolean takesCategories =
        recipe.network().layers().getFirst() instanceof Embedding embedding
            && embedding.parts().stream().anyMatch(Embedding.Category.class::isInstance);
    for (Augmentation change : recipe.augmentations()) {
      if (takesCategories) {
        throw new IllegalArgumentException(
            "augmentations: %s of columns that are numbers of categories; expected none"
                .formatted(change));
      }
      if (change instanceof Augmentation.Mixup
          && recipe.network().loss().takesClassNumbers(training.targetColumns())) {
        throw new IllegalArgumentException(
            "augmentations: %s over class numbers; expected a target column for each class, as from Dataset.oneHot(%d)"
                .formatted(change, recipe.network().outputs()));
      }
    }
  }

  private static void checkFits(String name, ExampleSet data, Network network) {
    if (data.columns() != network.inputs()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected the network's %d"
              .formatted(name, data.columns(), network.inputs()));
    }
    data.encoder().ifPresent(encoder -> EncodedInputs.check(network, encoder));
    int outputs = network.outputs();
    if (!network.loss().accepts(data.targetColumns(), outputs)) {
      throw new IllegalArgumentException(
          "%s: %d target columns; %s over %d outputs does not take them"
              .formatted(name, data.targetColumns(), network.loss(), outputs));
    }
    if (data instanceof Dataset inMemory) {
      checkFeatures(name, inMemory);
      checkTargets(name, inMemory, network.loss());
      if (network.loss().takesClassNumbers(data.targetColumns())) {
        checkClasses(name, inMemory, outputs);
      }
    }
  }

  private static void checkFeatures(String name, Dataset data) {
    float[] features = data.features();
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "%s: feature %s in row %d, column %d; expected a finite number"
                .formatted(name, features[i], i / data.columns(), i % data.columns()));
      }
    }
  }

  private static void checkTargets(String name, Dataset data, Loss loss) {
    for (int i = 0; i < data.rows() * data.targetColumns(); i++) {
      if (!loss.takes(data.targets()[i])) {
        throw new IllegalArgumentException(
            "%s: target %s in row %d; expected a number that %s takes"
                .formatted(name, data.targets()[i], i / data.targetColumns(), loss));
      }
    }
  }

  private static void checkClasses(String name, Dataset data, int outputs) {
    for (int row = 0; row < data.rows(); row++) {
      float target = data.targets()[row];
      if (!(target >= 0 && target < outputs && target == (int) target)) {
        throw new IllegalArgumentException(
            "%s: target %s in row %d; expected a class number, 0 to %d"
                .formatted(name, target, row, outputs - 1));
      }
    }
  }
}
