package dev.lanewise.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says by which option a training differs from the one whose checkpoint it is to go on from. */
final class ResumeRefusal {

  /** How the library tells of a difference: file, property, both values. */
  private static final Pattern DIFFERENCE =
      Pattern.compile("(.*): (\\w+) is (.*); this training's is (.*)", Pattern.DOTALL);

  private static final Pattern OTHER_ROWS =
      Pattern.compile("(.*: (?:training|dev) rows differ from those of the checkpoint.*)");

  /** The options that properties come from. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry(
              "network",
              "--hidden, --activation, --batch-norm, --dropout, --l2 and the like, --loss, or other"
                  + " columns"),
          Map.entry("optimizer", "--optimizer, --learning-rate, --schedule and the like"),
          Map.entry("batchSize", "--batch-size"),
          Map.entry("microBatch", "--micro-batch"),
          Map.entry("seed", "--seed"),
          Map.entry("earlyStopping", "--patience, --split or --dev"),
          Map.entry("plateau", "--plateau"),
          Map.entry("averaging", "--average"),
          Map.entry("augmentations", "--augment"),
          Map.entry("metric", "--task"));

  private ResumeRefusal() {}

  /** The properties that a preset decides on. */
  private static final Set<String> OF_PRESETS =
      Set.of("network", "optimizer", "batchSize", "earlyStopping");

  private static final String PLAIN = "plain";

  /**
   * {@return a refusal in the words of options, if it is one of a difference}
   *
   * @param preset the name of this run's preset, which is a default that other options and other
   *     versions change
   */
  static IOException inOptions(IOException e, String preset) {
    Matcher rows = OTHER_ROWS.matcher(e.getMessage() == null ? "" : e.getMessage());
    if (rows.matches()) {
      return new IOException(
          rows.group(1)
              + "; rows come from the files, --preset, --split, --seed, --stream and the options of"
              + " columns",
          e);
    }
    Matcher found = DIFFERENCE.matcher(e.getMessage() == null ? "" : e.getMessage());
    if (!found.matches() || !OPTIONS.containsKey(found.group(2))) {
      return e;
    }
    List<String> its = parts(found.group(3));
    List<String> mine = parts(found.group(4));
    Optional<String> difference = firstDifference(its, mine);
    return new IOException(
        "--resume %s: the checkpoint is of a run with another %s%s; expected the options of that"
                .formatted(found.group(1), found.group(2), difference.map(d -> ", " + d).orElse(""))
            + " run: "
            + (OF_PRESETS.contains(found.group(2)) ? another(preset) + ", " : "")
            + OPTIONS.get(found.group(2)),
        e);
  }

  private static String another(String preset) {
    return "--preset %s instead of %s".formatted(preset.equals(PLAIN) ? "tabular" : PLAIN, preset);
  }

  private static List<String> parts(String text) {
    return List.of(text.split("[,\\[\\] ]+"));
  }

  private static Optional<String> firstDifference(List<String> its, List<String> mine) {
    for (int i = 0; i < Math.max(its.size(), mine.size()); i++) {
      String there = i < its.size() ? its.get(i) : "nothing more";
      String here = i < mine.size() ? mine.get(i) : "nothing more";
      if (!there.equals(here)) {
        return Optional.of("%s there and %s here".formatted(there, here));
      }
    }
    return Optional.empty();
  }
}
