package dev.lanewise.course;

import dev.lanewise.data.Dataset;
import java.util.Optional;

/**
 * Points of the plane in two classes.
 *
 * @param source where they come from
 * @param original whether they are those that the course used
 * @param training the training rows
 * @param test the test rows, if the course has any
 */
public record CoursePoints(
    String source, boolean original, Dataset training, Optional<Dataset> test) {

  /**
   * {@return these with a remark on where they come from}
   *
   * @param remark the remark
   */
  public CoursePoints with(String remark) {
    return new CoursePoints(source + remark, original, training, test);
  }
}
