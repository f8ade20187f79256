package dev.lanewise.train;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time into a training. That one may come again to ask, as what a step calls
 * back does, but not to change anything. What a thread has done in there is seen by the next.
 */
final class OneThread {

  private final AtomicReference<Thread> inside = new AtomicReference<>();

  /** How often the thread inside has come; of that thread alone. */
  private int entries;

  /**
   * Goes in to ask.
   *
   * @throws IllegalStateException if another thread is inside
   */
  void enter() {
    Thread current = Thread.currentThread();
    if (inside.get() != current && !inside.compareAndSet(null, current)) {
      throw new IllegalStateException(
          "this training is at work for another thread; expected one thread at a time");
    }
    entries++;
  }

  /**
   * Goes in to change the training.
   *
   * @throws IllegalStateException if a thread is inside, be it this one
   */
  void enterToChange() {
    if (inside.get() == Thread.currentThread()) {
      throw new IllegalStateException(
          "this training is within a step; expected its metric and listeners to ask only");
    }
    enter();
  }

  /** Goes out, once for each time in. */
  void leave() {
    if (--entries == 0) {
      inside.set(null);
    }
  }
}
