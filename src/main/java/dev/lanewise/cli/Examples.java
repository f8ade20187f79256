package dev.lanewise.cli;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Images;
import dev.lanewise.data.Ratios;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/** A file of examples: rows of a table, or images. What commands do with either is asked here. */
sealed interface Examples {

  /** {@return the number of examples} */
  int count();

  /** {@return the examples divided; classes in proportion} */
  Split split(Ratios ratios, long seed);

  /** {@return an encoder that has learned from the training rows} */
  Encoder fit(int[] training, Encoder.Options options);

  /** {@return rows with labels, ready for training or judging} */
  Dataset dataset(Encoder encoder, int[] rows);

  /**
   * {@return all rows of the file that these are the first of, one by one}
   *
   * @param file the file
   * @param reader reads a table
   * @param encoder what encodes them
   */
  RowSource all(Path file, TableReader reader, Encoder encoder) throws IOException;

  /** {@return rows without labels, as the network takes them} */
  float[] features(Encoder encoder, int[] rows);

  /**
   * {@return the weights of rows, from a column of a table}
   *
   * @param column the column, by name or number from 1
   * @param rows the numbers of the rows
   */
  float[] weights(String column, int[] rows);

  /** {@return the numbers of all examples} */
  default int[] all() {
    return IntStream.range(0, count()).toArray();
  }

  /** {@return whether a file is named as images are, whose labels stand in another file} */
  static boolean namesImages(Path file) {
    return file.getFileName() != null
        && file.getFileName().toString().matches(".*images[-.]idx[34].*");
  }

  /** A pipe is not looked into, because what is read of it is gone. */
  private static boolean holdsImages(Path file) throws IOException {
    return Files.isRegularFile(file) && Idx.recognizes(file);
  }

  private static boolean isOfImages(Encoder encoder) {
    return encoder.columns().getFirst() instanceof Column.Pixels;
  }

  /**
   * Reads labelled examples.
   *
   * @param file the file
   * @param reader reads a table
   * @param roles the parts that the columns of a table play; with none the labels are those that an
   *     encoder knows
   */
  static Examples labelled(Path file, TableReader reader, Optional<Roles> roles)
      throws IOException {
    FileChecks.requireReadable(file);
    return holdsImages(file) ? new Pictures(Idx.labelled(file)) : new Rows(reader.csv(file), roles);
  }

  /**
   * Reads the first labelled examples of a file that is read again later.
   *
   * @param file the file
   * @param reader reads a table
   * @param roles the parts that the columns of a table play
   * @param most the most examples
   */
  static Examples first(Path file, TableReader reader, Optional<Roles> roles, int most)
      throws IOException {
    FileChecks.requireReadable(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file + ": no regular file; expected one, because --stream reads it in every epoch");
    }
    return holdsImages(file)
        ? new Pictures(Idx.first(file, most))
        : new Rows(reader.withMostRows(most).csv(file), roles);
  }

  /**
   * Reads examples whose labels, if any, are not wanted.
   *
   * @param file the file
   * @param reader reads a table
   */
  static Examples unlabelled(Path file, TableReader reader) throws IOException {
    FileChecks.requireReadable(file);
    return holdsImages(file)
        ? new Pictures(Idx.images(file))
        : new Rows(reader.csv(file), Optional.empty());
  }

  /**
   * Rows of a table.
   *
   * @param table the table
   * @param roles the parts that columns play; without them the encoder's own label is meant
   */
  record Rows(Table table, Optional<Roles> roles) implements Examples {

    @Override
    public int count() {
      return table.rows();
    }

    @Override
    public Split split(Ratios ratios, long seed) {
      if (roles.orElseThrow().task() == Task.REGRESS) {
        return Split.plain(count(), ratios, seed);
      }
      int label = table.column(roles.orElseThrow().labels().getFirst());
      int[] classes = Target.Classes.of(table, label).numbers(table, label, all());
      return Split.stratified(classes, ratios, seed);
    }

    @Override
    public Encoder fit(int[] training, Encoder.Options options) {
      return Encoder.fit(table, roles.orElseThrow(), training, options);
    }

    @Override
    public Dataset dataset(Encoder encoder, int[] rows) {
      requireModelOfTables(encoder);
      return roles.isEmpty()
          ? encoder.dataset(table, rows)
          : encoder.dataset(table, rows, roles.get().labels().toArray(String[]::new));
    }

    @Override
    public RowSource all(Path file, TableReader reader, Encoder encoder) throws IOException {
      return reader.withHeader(table.named()).stream(file, encoder);
    }

    @Override
    public float[] features(Encoder encoder, int[] rows) {
      requireModelOfTables(encoder);
      return encoder.features(table, rows);
    }

    @Override
    public float[] weights(String column, int[] rows) {
      int place = table.column(column);
      double[] numbers = table.numbers(place, rows);
      float[] weights = new float[rows.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) numbers[i];
        if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
          throw new DataException(
              "%s line %d, column %s: %s; expected a weight, 0 or more"
                  .formatted(table.source(), table.line(rows[i]), table.name(place), weights[i]));
        }
      }
      return weights;
    }

    private void requireModelOfTables(Encoder encoder) {
      if (isOfImages(encoder)) {
        throw new IllegalArgumentException(
            "%s: a table; expected images, as the model was trained on".formatted(table.source()));
      }
    }
  }

  /**
   * Images.
   *
   * @param images the images
   */
  record Pictures(Images images) implements Examples {

    @Override
    public int count() {
      return images.count();
    }

    @Override
    public Split split(Ratios ratios, long seed) {
      Target.Classes classes = (Target.Classes) Encoder.fit(images).target();
      return Split.stratified(images.numbers(classes, all()), ratios, seed);
    }

    @Override
    public Encoder fit(int[] training, Encoder.Options options) {
      return Encoder.fit(images);
    }

    @Override
    public Dataset dataset(Encoder encoder, int[] rows) {
      requireModelOfImages(encoder);
      return encoder.dataset(images, rows);
    }

    @Override
    public RowSource all(Path file, TableReader reader, Encoder encoder) throws IOException {
      return Idx.rows(file, encoder);
    }

    @Override
    public float[] features(Encoder encoder, int[] rows) {
      requireModelOfImages(encoder);
      return encoder.features(images, rows);
    }

    @Override
    public float[] weights(String column, int[] rows) {
      throw new IllegalArgumentException(
          "%s: images; expected a table with the column of weights %s"
              .formatted(images.source(), column));
    }

    private void requireModelOfImages(Encoder encoder) {
      if (!isOfImages(encoder)) {
        throw new IllegalArgumentException(
            "%s: images; expected a table, as the model was trained on".formatted(images.source()));
      }
    }
  }
}
