package dev.lanewise.planted;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips what is left of a class once a test has failed. Registered for all tests, active only in
 * the trial of planted bugs; told by a system property, because several class loaders have this
 * class.
 */
public final class StopAfterFailure implements ExecutionCondition, SkipExecutionHook {

  private static final String FAILED = "lanewise.planted.failed";

  static void reset() {
    System.clearProperty(FAILED);
  }

  static void stop() {
    System.setProperty(FAILED, "true");
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Boolean.getBoolean(FAILED)
        ? ConditionEvaluationResult.disabled("a test has failed")
        : ConditionEvaluationResult.enabled("none has failed");
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return Boolean.getBoolean(FAILED)
        ? SkipResult.skip("a test has failed")
        : SkipResult.doNotSkip();
  }
}
