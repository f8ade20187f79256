package dev.lanewise.data;

import java.util.Optional;

/**
 * Examples to train on: a {@link Dataset} in memory, or {@link StreamedRows} that are read anew in
 * every epoch.
 */
public sealed interface ExampleSet permits Dataset, StreamedRows {

  /** {@return the number of examples} */
  int rows();

  /** {@return the number of features of an example} */
  int columns();

  /** {@return the number of targets of an example} */
  int targetColumns();

  /** {@return the encoder that made the rows of raw values, if one did; models take it along} */
  Optional<Encoder> encoder();
}
