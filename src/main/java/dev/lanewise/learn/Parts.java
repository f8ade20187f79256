package dev.lanewise.learn;

import dev.lanewise.data.ClassWeights;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The division and the weights of rows by their classes and groups. */
final class Parts {

  private Parts() {}

  /** {@return rows divided: groups stay together, else classes are divided in proportion} */
  static Split split(
      Optional<int[]> classes, Optional<int[]> groups, int rows, Split.Ratios shares, long seed) {
    return groups.isPresent()
        ? Split.grouped(groups.get(), shares, seed)
        : classes.isPresent()
            ? Split.stratified(classes.get(), shares, seed)
            : Split.plain(rows, shares, seed);
  }

  /** {@return the split of some of the rows, as numbers of all rows} */
  static Split split(
      Optional<int[]> classes, Optional<int[]> groups, int[] rows, Split.Ratios shares, long seed) {
    Split some =
        split(
            classes.map(of -> selected(of, rows)),
            groups.map(of -> selected(of, rows)),
            rows.length,
            shares,
            seed);
    return new Split(
        selected(rows, some.train()), selected(rows, some.dev()), selected(rows, some.test()));
  }

  /** {@return the numbers at some places} */
  static int[] selected(int[] numbers, int[] places) {
    return Arrays.stream(places).map(place -> numbers[place]).toArray();
  }

  /**
   * {@return training rows weighted by their classes}
   *
   * @param weights by the names of classes; empty for balanced ones
   */
  static Dataset weighted(Dataset rows, List<String> labels, Map<String, Float> weights) {
    if (weights.isEmpty()) {
      return ClassWeights.balanced(rows, labels.size()).applyTo(rows);
    }
    float[] ofClasses = new float[labels.size()];
    Arrays.fill(ofClasses, 1);
    weights.forEach(
        (label, weight) -> {
          if (!labels.contains(label)) {
            throw new IllegalArgumentException(
                "classWeights: class %s; expected one of %s".formatted(label, labels));
          }
          ofClasses[labels.indexOf(label)] = weight;
        });
    Dataset weighted = ClassWeights.of(ofClasses).applyTo(rows);
    for (float weight : weighted.weights()) {
      if (weight > 0) {
        return weighted;
      }
    }
    throw new IllegalArgumentException(
        "classWeights: %s: no training row weighs more than 0; expected one that does"
            .formatted(weights));
  }
}
