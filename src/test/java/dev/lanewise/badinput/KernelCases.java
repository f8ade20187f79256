package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;

import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Left;
import dev.lanewise.kernel.MicroKernel;
import dev.lanewise.kernel.Result;
import dev.lanewise.kernel.Right;
import dev.lanewise.kernel.Team;
import java.util.Set;

/** Bad input to the packages {@code kernel} and {@code engine}. */
final class KernelCases {

  private KernelCases() {}

  static void list(BadInputs bad) {
    bad.refuses("Engine.of(String)", () -> Engine.of("fast"), "kernels: fast");
    bad.refuses("KernelChoice.of(String)", () -> KernelChoice.of("fast"), "kernels: fast");
    bad.takeAnything("every pair has a power", "Power.of(double, long)");
    bad.takeAnything(CHECKED, "new Team(Executor, int)");
    bad.refuses("Parallel.on(Executor, int)", () -> Parallel.on(Runnable::run, 0), "width: 0");
    bad.refuses("Team.run(Task, int)", () -> team().run((index, worker) -> {}, -1), "tasks: -1");
    bad.takeAnything(
        CHECKED, "Engine.withParallel(Parallel)", "new KernelChoice(Kernels, String, boolean)");
    bad.takeAnything("any work can be repeated", "WarmUp.repeat(Runnable)");
  }

  private static Team team() {
    return Parallel.callerRuns().team();
  }

  /** What a {@link MicroKernel} takes: views of arrays, set before each product. */
  private static final Set<Class<?>> OPERANDS = Set.of(Left.class, Right.class, Result.class);

  /**
   * Whether a type is one of the loops over arrays, or what they take. They run a million times a
   * second and check nothing themselves; plans, updaters and scores check what they hand on.
   */
  static boolean isHotLoop(Class<?> type) {
    return type.isAssignableFrom(Kernels.class)
        || type == MicroKernel.class
        || OPERANDS.contains(type);
  }
}
