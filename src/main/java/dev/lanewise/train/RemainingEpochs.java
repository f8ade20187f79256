package dev.lanewise.train;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The epochs that a training has left, each trained when it is asked for.
 *
 * @param training the training
 */
record RemainingEpochs(Training training) implements Iterator<Epoch> {

  @Override
  public boolean hasNext() {
    return !training.finished();
  }

  @Override
  public Epoch next() {
    if (training.finished()) {
      throw new NoSuchElementException("the training is finished");
    }
    return training.finishEpoch();
  }
}
