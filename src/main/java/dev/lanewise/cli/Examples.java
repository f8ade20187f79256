package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.RawRows;
import dev.lanewise.search.GreedyEnsemble;
import dev.lanewise.search.Search;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * A file of examples: rows of a table, or images, with the operations that commands need of either.
 */
sealed interface Examples {

  /** {@return the number of examples} */
  int count();

  /**
   * {@return the class of each example, numbered in the order in which they come first}
   *
   * @param labels the column with the labels; images have theirs
   */
  int[] classes(List<String> labels);

  /** {@return a run of a learner on these} */
  Run begin(Learner learner);

  /**
   * {@return a run of a learner on all rows of the file that these are the first of}
   *
   * @param file the file
   * @param bufferRows the rows of the shuffle buffer
   */
  Run begin(Learner learner, Path file, int bufferRows) throws IOException;

  /**
   * {@return what a search finds on these}
   *
   * @param journal where it is written down, if that is asked for
   */
  Search.Result search(Search search, Optional<Path> journal) throws IOException;

  /** {@return some of these, by their numbers} */
  Examples only(int... rows);

  /**
   * {@return the ensemble that is chosen by these, with their labels}
   *
   * @param first the encoder of the first candidate
   */
  GreedyEnsemble.Selection select(GreedyEnsemble greedy, Encoder first);

  /** {@return the scores of a model on these, with their labels} */
  Evaluation evaluate(TrainedModel model);

  /**
   * {@return a reader of more files like this one}
   *
   * @param reader what is known of them otherwise
   */
  TableReader likewise(TableReader reader);

  /** {@return a learner with these as dev rows} */
  Learner asDev(Learner learner);

  /** {@return a learner with these as test rows} */
  Learner asTest(Learner learner);

  /** {@return all rows without labels, as the network takes them} */
  float[] features(Encoder encoder);

  /**
   * {@return all rows with labels, ready for evaluation}
   *
   * @param labels the columns with the labels; none for those that the encoder knows
   */
  Dataset dataset(Encoder encoder, List<String> labels);

  /** {@return the learning curve of a learner on these} */
  LearningCurve curve(Learner learner, Executor executor);

  /** {@return all rows as they stand in the file} */
  default RawRows raw() {
    return raw(IntStream.range(0, count()).toArray());
  }

  /**
   * {@return some rows as they stand in the file}
   *
   * @param rows their numbers, from 0
   */
  RawRows raw(int[] rows);

  /** {@return whether a file is named as images are, whose labels stand in another file} */
  static boolean namesImages(Path file) {
    return file.getFileName() != null
        && file.getFileName().toString().matches(".*images[-.]idx[34].*");
  }

  /** A pipe is not inspected, because what is read from it is gone. */
  private static boolean holdsImages(Path file) throws IOException {
    FileChecks.requireReadable(file);
    return Files.isRegularFile(file) && Idx.recognizes(file);
  }

  /**
   * Reads labelled examples.
   *
   * @param file the file
   * @param reader reads tables
   */
  static Examples labelled(Path file, TableReader reader) throws IOException {
    return holdsImages(file)
        ? new Pictures(Idx.labelled(file))
        : new Rows(reader.csv(file), reader);
  }

  /**
   * Reads the first labelled examples of a file that is read again later.
   *
   * @param file the file
   * @param reader reads tables
   * @param most the most examples
   */
  static Examples first(Path file, TableReader reader, int most) throws IOException {
    boolean images = holdsImages(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file + ": no regular file; expected one, because --stream reads it in every epoch");
    }
    return images
        ? new Pictures(Idx.first(file, most))
        : new Rows(reader.withMostRows(most).csv(file), reader);
  }

  /**
   * Reads examples whose labels, if any, are not wanted.
   *
   * @param file the file
   * @param reader reads tables
   */
  static Examples unlabelled(Path file, TableReader reader) throws IOException {
    return holdsImages(file) ? new Pictures(Idx.images(file)) : new Rows(reader.csv(file), reader);
  }

  /**
   * Rows of a table.
   *
   * @param table the table
   * @param reader what read it
   */
  record Rows(Table table, TableReader reader) implements Examples {

    @Override
    public int count() {
      return table.rows();
    }

    @Override
    public int[] classes(List<String> labels) {
      int column = table.column(labels.getFirst());
      Map<String, Integer> numbers = new HashMap<>();
      return IntStream.range(0, table.rows())
          .map(
              row ->
                  numbers.computeIfAbsent(
                      String.valueOf(table.text(row, column)), text -> numbers.size()))
          .toArray();
    }

    @Override
    public Run begin(Learner learner) {
      return learner.begin(table);
    }

    @Override
    public Run begin(Learner learner, Path file, int bufferRows) throws IOException {
      TableReader all = reader.withHeader(table.named());
      return learner.begin(table, encoder -> all.stream(file, encoder), bufferRows);
    }

    @Override
    public Search.Result search(Search search, Optional<Path> journal) throws IOException {
      return journal.isPresent() ? search.run(table, journal.get()) : search.run(table);
    }

    @Override
    public Examples only(int... rows) {
      return new Rows(table.select(rows), reader);
    }

    @Override
    public GreedyEnsemble.Selection select(GreedyEnsemble greedy, Encoder first) {
      return greedy.select(table);
    }

    @Override
    public Evaluation evaluate(TrainedModel model) {
      return model.evaluate(table);
    }

    @Override
    public TableReader likewise(TableReader reader) {
      return reader.withColumnsOf(table);
    }

    @Override
    public Learner asDev(Learner learner) {
      return learner.withDev(table);
    }

    @Override
    public Learner asTest(Learner learner) {
      return learner.withTest(table);
    }

    @Override
    public float[] features(Encoder encoder) {
      return encoder.features(table, table.all());
    }

    @Override
    public Dataset dataset(Encoder encoder, List<String> labels) {
      return labels.isEmpty()
          ? encoder.dataset(table, table.all())
          : encoder.dataset(table, table.all(), labels.toArray(String[]::new));
    }

    @Override
    public LearningCurve curve(Learner learner, Executor executor) {
      return LearningCurve.of(learner, table, executor);
    }

    @Override
    public RawRows raw(int[] rows) {
      return RawRows.of(table, rows);
    }
  }

  /**
   * Images.
   *
   * @param images the images
   */
  record Pictures(Idx.Images images) implements Examples {

    @Override
    public int count() {
      return images.count();
    }

    @Override
    public int[] classes(List<String> labels) {
      int[] classes = new int[images.count()];
      Arrays.setAll(classes, i -> Byte.toUnsignedInt(images.labels()[i]));
      return classes;
    }

    @Override
    public Run begin(Learner learner) {
      return learner.begin(images);
    }

    @Override
    public Run begin(Learner learner, Path file, int bufferRows) throws IOException {
      return learner.begin(images, encoder -> Idx.rows(file, encoder), bufferRows);
    }

    @Override
    public Search.Result search(Search search, Optional<Path> journal) throws IOException {
      return journal.isPresent() ? search.run(images, journal.get()) : search.run(images);
    }

    @Override
    public Examples only(int... rows) {
      int size = images.shape().encodedColumns();
      byte[] pixels = new byte[Math.multiplyExact(rows.length, size)];
      byte[] labels = new byte[rows.length];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(images.pixels(), rows[i] * size, pixels, i * size, size);
        labels[i] = images.labels()[rows[i]];
      }
      return new Pictures(new Idx.Images(images.source(), images.shape(), pixels, labels));
    }

    @Override
    public GreedyEnsemble.Selection select(GreedyEnsemble greedy, Encoder first) {
      return greedy.select(dataset(first, List.of()));
    }

    @Override
    public Evaluation evaluate(TrainedModel model) {
      return model.evaluate(dataset(model.encoder().orElseThrow(), List.of()));
    }

    @Override
    public TableReader likewise(TableReader reader) {
      return reader;
    }

    @Override
    public Learner asDev(Learner learner) {
      return learner.withDev(images);
    }

    @Override
    public Learner asTest(Learner learner) {
      return learner.withTest(images);
    }

    @Override
    public float[] features(Encoder encoder) {
      return encoder.features(images, all());
    }

    @Override
    public Dataset dataset(Encoder encoder, List<String> labels) {
      return encoder.dataset(images, all());
    }

    @Override
    public LearningCurve curve(Learner learner, Executor executor) {
      return LearningCurve.of(learner, images, executor);
    }

    @Override
    public RawRows raw(int[] rows) {
      return RawRows.of(images, rows);
    }

    private int[] all() {
      return IntStream.range(0, images.count()).toArray();
    }
  }
}
