package dev.lanewise.spark;

import dev.lanewise.learn.Learner;
import java.io.Serializable;

/**
 * How to learn, on its way to executors: what makes a learner there. A lambda that captures nothing
 * but numbers and texts is one.
 */
@FunctionalInterface
public interface LearnerSource extends Serializable {

  /** {@return the learner} */
  Learner learner();
}
