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
 * Gives each property a seed of its own, the same in each run: a build that has passed passes
 * again, and a mutant or a planted bug does not live or die by the draw. Fresh seeds, which look
 * further, are drawn under the system property {@code lanewise.seeds=fresh}, as in the Maven
 * profile {@code long}. Under mutation testing, {@code lanewise.mutation}, tries are few.
 */
public final class FixedSeeds implements AroundPropertyHook {

  private static final int MOST_TRIES = 25;

  @Override
  public boolean appliesTo(Optional<AnnotatedElement> element) {
    return !"fresh".equals(System.getProperty("lanewise.seeds"));
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
    if (Boolean.getBoolean("lanewise.mutation") && attributes.tries().orElse(0) > MOST_TRIES) {
      attributes.setTries(MOST_TRIES);
    }
    return property.execute();
  }
}
