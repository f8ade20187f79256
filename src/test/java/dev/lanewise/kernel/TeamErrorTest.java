package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.engine.Parallel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class TeamErrorTest {

  @Test
  void anErrorInATaskReachesTheCallerAsItIs() {
    AssertionError error = new AssertionError("task 1");
    try (ExecutorService executor = Executors.newFixedThreadPool(1)) {
      Team team = Parallel.on(executor, 2).team();
      team.open();
      try {
        Team.Task task =
            (index, worker) -> {
              if (index == 1) {
                throw error;
              }
            };
        assertSame(error, assertThrows(AssertionError.class, () -> team.run(task, 3)));
      } finally {
        team.close();
      }
    }
  }
}
