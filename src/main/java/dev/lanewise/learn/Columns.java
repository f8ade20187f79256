package dev.lanewise.learn;

import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import java.util.List;
import java.util.Optional;

/**
 * The parts that the columns of a table play in learning.
 *
 * @param labels the columns that are predicted; none for images
 * @param task what they hold
 * @param ignored columns that are not looked at
 * @param categorical columns of numbers that stand for categories
 * @param weights the column of the training rows' weights, if there is one
 * @param groups the column of groups whose rows stay together, if there is one
 */
record Columns(
    List<String> labels,
    Task task,
    List<String> ignored,
    List<String> categorical,
    Optional<String> weights,
    Optional<String> groups) {

  Columns {
    labels = List.copyOf(labels);
    ignored = List.copyOf(ignored);
    categorical = List.copyOf(categorical);
  }

  Columns withIgnored(List<String> others) {
    return new Columns(labels, task, others, categorical, weights, groups);
  }

  Columns withCategorical(List<String> others) {
    return new Columns(labels, task, ignored, others, weights, groups);
  }

  Columns withWeights(String column) {
    return new Columns(labels, task, ignored, categorical, Optional.of(column), groups);
  }

  Columns withGroups(String column) {
    return new Columns(labels, task, ignored, categorical, weights, Optional.of(column));
  }

  /** {@return the parts as an encoder is fitted by them} */
  Roles roles() {
    Roles roles =
        Roles.of(labels, task)
            .withIgnored(ignored.toArray(String[]::new))
            .withCategorical(categorical.toArray(String[]::new));
    if (weights.isPresent()) {
      roles = roles.withWeights(weights.get());
    }
    return groups.isPresent() ? roles.withGroups(groups.get()) : roles;
  }
}
