package dev.lanewise;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives each property a seed of its own, the same in each run, and few tries: under mutation
 * testing a mutant must not live or die by the draw. Registered for all properties, active only
 * under the system property {@code lanewise.mutation}.
 */
public final class FixedSeeds implements AroundPropertyHook {

  private static final int MOST_TRIES = 25;

  @Override
  public boolean appliesTo(Optional<AnnotatedElement> element) {
    return Boolean.getBoolean("lanewise.mutation");
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    if (attributes.seed().isEmpty()) {
      attributes.setSeed(Integer.toString(context.targetMethod().toString().hashCode()));
    }
    if (attributes.tries().orElse(0) > MOST_TRIES) {
      attributes.setTries(MOST_TRIES);
    }
    return property.execute();
  }
}
