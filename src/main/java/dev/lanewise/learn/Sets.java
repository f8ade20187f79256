package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Split;
import java.util.Optional;

/**
 * Encoded training, dev and test rows.
 *
 * @param encoder the encoder, fitted on the training rows
 * @param split which of the source's rows these are
 * @param train the training rows, without weights
 * @param dev the dev rows, if there are any
 * @param test the test rows, if there are any
 */
record Sets(
    Encoder encoder, Split split, Dataset train, Optional<Dataset> dev, Optional<Dataset> test) {}
