package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Ratios;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Split;
import dev.lanewise.data.StreamedRows;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Encoded rows to train on, to select with and to judge by.
 *
 * @param encoder what encoded them, fitted on the training rows
 * @param train the training rows
 * @param dev the dev rows, if there are any
 * @param test the test rows, if there are any
 * @param split which of the examples these are
 * @param stream the rows that are trained on in place of the training rows, if they are streamed
 */
record Sets(
    Encoder encoder,
    Dataset train,
    Optional<Dataset> dev,
    Optional<Dataset> test,
    Split split,
    Optional<StreamedRows> stream) {

  /**
   * Divides and encodes examples.
   *
   * @param examples the examples
   * @param judges the test rows, if they come from another file
   * @param ratios the parts' shares
   * @param seed the seed of the split
   * @param options what an encoder makes of a table
   */
  static Sets of(
      Examples examples,
      Optional<Examples> judges,
      Ratios ratios,
      long seed,
      Encoder.Options options) {
    Split split = examples.split(ratios, seed);
    if (split.train().length == 0) {
      throw new IllegalArgumentException(
          "split %s of %d rows: no training rows; expected at least 1"
              .formatted(ratios, examples.count()));
    }
    Encoder encoder = examples.fit(split.train(), options);
    return new Sets(
        encoder,
        examples.dataset(encoder, split.train()),
        part(examples, encoder, split.dev()),
        judges.isPresent()
            ? judges.map(file -> file.dataset(encoder, file.all()))
            : part(examples, encoder, split.test()),
        split,
        Optional.empty());
  }

  /**
   * {@return the same sets with weights of the training rows}
   *
   * @param weights a finite number of at least 0 for each
   */
  Sets weighted(float[] weights) {
    return new Sets(encoder, train.withWeights(weights), dev, test, split, stream);
  }

  /**
   * {@return the same sets with all rows of a file to train on but the dev and test rows, which
   * were taken from its beginning}
   *
   * @param all the file's rows
   * @param bufferRows the rows of the shuffle buffer
   */
  Sets streaming(RowSource all, int bufferRows) {
    int[] held =
        IntStream.concat(Arrays.stream(split.dev()), Arrays.stream(split.test())).toArray();
    RowSource rows = held.length == 0 ? all : all.without(held);
    return new Sets(
        encoder, train, dev, test, split, Optional.of(new StreamedRows(rows, bufferRows)));
  }

  /** {@return the rows to train on, in memory or streamed} */
  ExampleSet training() {
    return stream.isPresent() ? stream.get() : train;
  }

  private static Optional<Dataset> part(Examples examples, Encoder encoder, int[] rows) {
    return rows.length == 0 ? Optional.empty() : Optional.of(examples.dataset(encoder, rows));
  }
}
