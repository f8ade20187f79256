package dev.lanewise.train;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time into a training, that one as often as it comes: what a step calls back
 * may ask the training. What a thread has done in there is seen by the next.
 */
final class OneThread {

  private final AtomicReference<Thread> inside = new AtomicReference<>();

  /** How often the thread inside has come; of that thread alone. */
  private int entries;

  /**
   * Goes in.
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

  /** Goes out, once for each time in. */
  void leave() {
    if (--entries == 0) {
      inside.set(null);
    }
  }
}
