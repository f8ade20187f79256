package dev.lanewise;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs each task on a thread that has begun it when {@link #execute} returns: with others a short
 * step may be over before a helper arrives, and shows nothing about helpers.
 */
public final class PromptThreads implements Executor, AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @Override
  public void execute(Runnable task) {
    CountDownLatch begun = new CountDownLatch(1);
    threads.execute(
        () -> {
          begun.countDown();
          task.run();
        });
    Guard.await(begun);
  }

  @Override
  public void close() {
    threads.close();
  }
}
