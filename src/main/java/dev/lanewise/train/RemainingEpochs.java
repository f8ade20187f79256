package dev.lanewise.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The epochs that a training has left. To know whether there is a next one it has to be trained, as
 * an interrupt may come in between: that is what {@link #hasNext} does.
 */
final class RemainingEpochs implements Iterator<Epoch> {

  private final Training training;

  /** The epoch that has been trained and not yet been handed out. */
  private Optional<Epoch> trained = Optional.empty();

  RemainingEpochs(Training training) {
    this.training = training;
  }

  @Override
  public boolean hasNext() {
    if (trained.isEmpty() && !training.finished()) {
      trained = training.finishEpochUnlessInterrupted();
    }
    return trained.isPresent();
  }

  @Override
  public Epoch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          training.finished() ? "the training is finished" : "the thread is interrupted");
    }
    Epoch epoch = trained.get();
    trained = Optional.empty();
    return epoch;
  }
}
