package dev.lanewise.model;

import dev.lanewise.data.Encoder;

/** The comparison of the encoder of rows with a model's. */
final class Encoders {

  private Encoders() {}

  /** Refuses rows that mean something else than the model's, even if they have as many columns. */
  static void requireSame(String name, Encoder its, Encoder model) {
    if (its.equals(model)) {
      return;
    }
    if (its.encodedColumns() != model.encodedColumns()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected the model's %d"
              .formatted(name, its.encodedColumns(), model.encodedColumns()));
    }
    throw new IllegalArgumentException(
        "%s: of another encoder, fitted on other rows or with other options; expected the model's encoder()"
            .formatted(name));
  }
}
