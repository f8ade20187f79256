package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Guard;
import dev.lanewise.engine.Parallel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TeamTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(4);

  @AfterAll
  static void stop() {
    POOL.shutdown();
  }

  @Test
  void everyTaskOfEveryRegionRunsOnce() {
    Team team = Parallel.on(POOL, 3).team();
    for (int step = 0; step < 200; step++) {
      team.open();
      for (int region = 0; region < 20; region++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(region * 3);
        team.run((index, worker) -> runs.incrementAndGet(index), runs.length());
        for (int i = 0; i < runs.length(); i++) {
          assertEquals(1, runs.get(i));
        }
      }
      team.close();
    }
  }

  @Test
  void helpersDoShareTheWork() {
    Team team = Parallel.on(POOL, 2).team();
    team.open();
    CountDownLatch both = new CountDownLatch(2);
    team.run(
        (index, worker) -> {
          both.countDown();
          Guard.await(both); // the other task runs at the same time
        },
        2);
    team.close();
  }

  @Test
  void parkedHelpersComeBack() throws InterruptedException {
    Team team = Parallel.on(POOL, 2).team();
    team.open();
    for (int region = 0; region < 3; region++) {
      Thread.sleep(30); // far longer than a helper spins
      helpersMeet(team);
    }
    team.close();
  }

  @Test
  void helpersShareTheWorkOfEveryStep() throws InterruptedException {
    Team team = Parallel.on(POOL, 2).team();
    for (int step = 0; step < 4; step++) {
      team.open();
      helpersMeet(team);
      team.close();
      Thread.sleep(step % 2 * 30); // the helper has left, or may still be there
    }
  }

  /** In later regions, too: what an earlier one has completed does not count. */
  @Test
  void theCallerWaitsForTheTasksThatHelpersHaveClaimed() {
    Team team = Parallel.on(POOL, 2).team();
    team.open();
    for (int region = 0; region < 4; region++) {
      CountDownLatch both = new CountDownLatch(2);
      AtomicInteger done = new AtomicInteger();
      team.run(
          (index, worker) -> {
            both.countDown();
            Guard.await(both);
            try {
              Thread.sleep(worker * 20); // the helper's task ends long after the caller's
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            done.incrementAndGet();
          },
          2);
      assertEquals(2, done.get(), "tasks done in region " + region);
    }
    team.close();
  }

  /** Else the embedder's threads would be ours for ever. */
  @Test
  void theEndOfAStepLetsItsHelpersGo() throws InterruptedException {
    for (int wait : new int[] {0, 50}) {
      CountDownLatch gone = new CountDownLatch(2);
      Executor executor =
          helper ->
              POOL.execute(
                  () -> {
                    helper.run();
                    gone.countDown();
                  });
      Team team = Parallel.on(executor, 3).team();
      team.open();
      team.run((index, worker) -> {}, 5);
      Thread.sleep(wait); // far longer than a helper spins
      team.close();
      Guard.await(gone); // else helpers stay after the step
    }
  }

  private static void helpersMeet(Team team) {
    CountDownLatch both = new CountDownLatch(2);
    team.run(
        (index, worker) -> {
          both.countDown();
          Guard.await(both);
        },
        2);
  }

  @Test
  void theCallerDoesTheWorkOfHelpersThatNeverCome() {
    Team team = Parallel.on(command -> {}, 4).team();
    AtomicInteger runs = new AtomicInteger();
    Guard.run(
        () -> {
          team.open();
          team.run((index, worker) -> runs.incrementAndGet(), 100);
          team.close();
        });
    assertEquals(100, runs.get());
  }

  @Test
  void aHelperThatComesAfterTheStepFindsItClosed() {
    Queue<Runnable> late = new ArrayDeque<>();
    Team team = Parallel.on(late::add, 3).team();
    team.open();
    team.run((index, worker) -> assertEquals(0, worker), 10);
    team.close();
    Guard.run(() -> late.forEach(Runnable::run));
  }

  @Test
  void anExecutorThatRejectsOnlySlowsDown() {
    Team team =
        Parallel.on(
                command -> {
                  throw new RejectedExecutionException();
                },
                3)
            .team();
    AtomicInteger runs = new AtomicInteger();
    team.open();
    team.run((index, worker) -> runs.incrementAndGet(), 7);
    team.close();
    assertEquals(7, runs.get());
  }

  @Test
  void anExecutorThatRunsHelpersOnTheCallerOnlySlowsDown() {
    Team team = Parallel.on(Runnable::run, 3).team();
    AtomicInteger runs = new AtomicInteger();
    Guard.run(
        () -> {
          team.open();
          team.run((index, worker) -> runs.incrementAndGet(), 7);
          team.close();
        });
    assertEquals(7, runs.get());
  }

  @Test
  void anExecutorThatFailsLeavesNoHelperBehind() {
    Queue<Runnable> accepted = new ArrayDeque<>();
    OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
    Team team =
        Parallel.on(
                command -> {
                  if (accepted.size() == 1) {
                    throw noThread;
                  }
                  accepted.add(command);
                },
                3)
            .team();
    assertSame(noThread, assertThrows(OutOfMemoryError.class, team::open));
    Guard.run(() -> accepted.remove().run()); // the helper finds a closed step
    accepted.add(() -> {});
    assertThrows(OutOfMemoryError.class, team::open, "the next step asks again");
  }

  /**
   * Each region reads what the one before has written, without synchronisation of its own, while
   * helpers come late, never, twice, interrupted, and tasks fail.
   */
  @Test
  void regionsSeeEachOtherAndWorkersAreAloneWhateverTheExecutorDoes() {
    Queue<Runnable> late = new ConcurrentLinkedQueue<>();
    Random random = new Random(5);
    Executor moody =
        command -> {
          switch (random.nextInt(8)) {
            case 0 -> late.add(command);
            case 1 -> {}
            case 2 -> command.run();
            case 3 -> throw new RejectedExecutionException();
            case 4 ->
                POOL.execute(
                    () -> {
                      Thread.currentThread().interrupt();
                      command.run();
                      Thread.interrupted();
                    });
            default -> POOL.execute(command);
          }
        };
    int width = 4;
    int tasks = 9;
    Team team = Parallel.on(moody, width).team();
    int[] values = new int[tasks];
    int[] next = new int[tasks];
    AtomicIntegerArray busy = new AtomicIntegerArray(width);
    AtomicInteger clashes = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException();
    int expected = 0;
    for (int step = 0; step < 3000; step++) {
      while (random.nextInt(3) == 0 && !late.isEmpty()) {
        POOL.execute(late.remove());
      }
      team.open();
      for (int region = 0; region < 6; region++) {
        int[] from = values;
        int[] to = next;
        boolean fails = random.nextInt(20) == 0;
        int count = random.nextInt(8) == 0 ? 1 : tasks;
        try {
          team.run(
              (index, worker) -> {
                if (busy.getAndIncrement(worker) != 0) {
                  clashes.incrementAndGet();
                }
                for (int i = index; i < tasks; i += count) {
                  to[i] = from[(i + 1) % tasks] + 1;
                }
                busy.decrementAndGet(worker);
                if (fails && index == 0) {
                  throw failure;
                }
              },
              count);
          assertFalse(fails, "the failure is passed on");
        } catch (IllegalStateException e) {
          assertSame(failure, e);
          assertTrue(fails, "a failure of an earlier region");
        }
        expected++;
        for (int value : to) {
          assertEquals(expected, value);
        }
        values = to;
        next = from;
      }
      team.close();
    }
    assertEquals(0, clashes.get(), "tasks that shared a worker's scratch");
  }

  @Test
  void aFailureInATaskReachesTheCallerAndTheTeamGoesOn() {
    Team team = Parallel.on(POOL, 2).team();
    IllegalStateException failure = new IllegalStateException();
    team.open();
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                team.run(
                    (index, worker) -> {
                      if (index == 3) {
                        throw failure;
                      }
                    },
                    8));
    assertSame(failure, thrown);
    AtomicInteger runs = new AtomicInteger();
    team.run((index, worker) -> runs.incrementAndGet(), 8);
    team.close();
    assertEquals(8, runs.get());
  }

  /** Until the caller comes, a helper holds the very thread that the executor waits for. */
  @Test
  void anExecutorThatWaitsForTheEndOfAHelperOnlySlowsDownOnce() {
    AtomicInteger asked = new AtomicInteger();
    Executor waiting =
        helper -> {
          asked.incrementAndGet();
          CountDownLatch done = new CountDownLatch(1);
          POOL.execute(
              () -> {
                helper.run();
                done.countDown();
              });
          Guard.await(done);
        };
    Team team = new Team(waiting, 3, 2);
    AtomicInteger runs = new AtomicInteger();
    for (int step = 0; step < 3; step++) {
      team.open();
      team.run((index, worker) -> runs.incrementAndGet(), 7);
      team.close();
    }
    assertEquals(3 * 7, runs.get());
    assertEquals(1, asked.get(), "helpers asked for");
  }

  /** One thread, a queue of one, and callers that wait for room in it. */
  @Test
  void anExecutorThatWaitsForRoomOnlySlowsDownOnce() throws InterruptedException {
    BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(1);
    Thread worker =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      queue.take().run();
                    }
                  } catch (InterruptedException e) {
                    // the test is over
                  }
                });
    Executor bounded =
        helper -> {
          try {
            queue.put(helper);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    Team team = new Team(bounded, 5, 2);
    AtomicInteger runs = new AtomicInteger();
    Guard.run(
        () -> {
          for (int step = 0; step < 3; step++) {
            team.open();
            team.run((index, number) -> runs.incrementAndGet(), 7);
            team.close();
          }
        });
    assertEquals(3 * 7, runs.get());
    worker.interrupt();
    Guard.join(worker);
  }

  /** As services have them: of one thread which is the caller's own, without a queue, or ended. */
  @Test
  void executorsOfServicesOnlySlowDown() throws Exception {
    RejectedExecutionHandler abort = new ThreadPoolExecutor.AbortPolicy();
    RejectedExecutionHandler discard = new ThreadPoolExecutor.DiscardPolicy();
    RejectedExecutionHandler callerRuns = new ThreadPoolExecutor.CallerRunsPolicy();
    for (RejectedExecutionHandler full : List.of(abort, discard, callerRuns)) {
      ThreadPoolExecutor small =
          new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), full);
      Team team = Parallel.on(small, 4).team();
      assertRuns(team);
      small.shutdown();
      assertRuns(team);
    }
    for (ExecutorService own :
        List.of(
            Executors.newSingleThreadExecutor(),
            Executors.newVirtualThreadPerTaskExecutor(),
            new ForkJoinPool(1))) {
      try (own) {
        Guard.get(own.submit(() -> assertRuns(Parallel.on(own, 4).team())));
      }
    }
  }

  private static void assertRuns(Team team) {
    AtomicInteger runs = new AtomicInteger();
    Guard.run(
        () -> {
          for (int step = 0; step < 20; step++) {
            team.open();
            team.run((index, worker) -> runs.incrementAndGet(), 7);
            team.close();
          }
        });
    assertEquals(20 * 7, runs.get());
  }

  @Test
  void aStepOfSeveralPartsAsksForItsHelpersOnce() {
    AtomicInteger asked = new AtomicInteger();
    Team team = Parallel.on(command -> asked.incrementAndGet(), 3).team();
    for (int step = 0; step < 2; step++) {
      team.open();
      team.open();
      team.close();
      team.open();
      team.close();
      team.close();
    }
    assertEquals(2 * 2, asked.get());
  }

  @Test
  void aTeamIsAsWideAsAskedTheCallerIncluded() {
    assertEquals(3, Parallel.on(POOL, 3).team().width());
  }

  @Test
  void aWidthBelowOneIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Parallel.on(POOL, 0));
    assertTrue(e.getMessage().startsWith("width: 0"), e.getMessage());
  }
}
