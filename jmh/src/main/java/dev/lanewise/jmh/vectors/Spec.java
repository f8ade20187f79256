package dev.lanewise.jmh.vectors;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A name with options, as a file of vectors has it: {@code SGD lr=0.1 momentum=0.9}.
 *
 * @param name what it is
 * @param options its options by name
 */
record Spec(String name, Map<String, String> options) {

  /** {@return the description that a line holds} */
  static Spec parse(String line) {
    String[] words = line.split(" ");
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] parts = words[i].split("=");
      options.put(parts[0], parts[1]);
    }
    return new Spec(words[0], options);
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  double number(String option) {
    return Double.parseDouble(options.get(option));
  }

  double number(String option, double otherwise) {
    return has(option) ? number(option) : otherwise;
  }

  long whole(String option) {
    return Long.parseLong(options.get(option));
  }

  /** {@return numbers with commas between; none without the option} */
  int[] wholes(String option) {
    return has(option)
        ? Arrays.stream(options.get(option).split(",")).mapToInt(Integer::parseInt).toArray()
        : new int[0];
  }
}
