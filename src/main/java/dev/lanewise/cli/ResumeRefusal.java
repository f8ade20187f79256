package dev.lanewise.cli;

import dev.lanewise.model.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The layers by which the networks of presets differ: with them, it may be the preset. */
  private static final List<String> OF_PRESETS = List.of("Scaling[", "Blend[", "Members[");

  private static final Pattern LEGIBLE = Pattern.compile("[ -~]{0,100}");

  /** How long a schedule is, in steps or epochs. */
  private static final String LENGTH = "length=";

  /**
   * {@return a refusal in the words of options, if it is one of a difference}
   *
   * @param checkpoint the checkpoint
   * @param preset the name of this run's preset, which is a default that other options and other
   *     versions change
   */
  static IOException inOptions(IOException e, Path checkpoint, String preset) throws IOException {
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
    // Messages cut long texts, in which the difference may come late.
    String its = SafetensorsFile.read(checkpoint).metadata(found.group(2));
    String mine = found.group(4);
    Optional<Difference> difference = firstDifference(parts(its), parts(mine));
    return new IOException(
        "--resume %s: the checkpoint is of a run with another %s%s; expected the options of that"
                .formatted(
                    found.group(1),
                    found.group(2),
                    difference.filter(Difference::isLegible).map(d -> ", " + d).orElse(""))
            + " run: "
            + (OF_PRESETS.stream().anyMatch(layer -> its.contains(layer) != mine.contains(layer))
                ? "another --preset than %s, ".formatted(preset)
                : "")
            + (difference.filter(Difference::isOfLength).isPresent()
                ? "--epochs, which the cycles of a preset and other schedules follow, --batch-size,"
                    + " --schedule and the like"
                : OPTIONS.get(found.group(2))),
        e);
  }

  /** The parts of two texts that differ first. */
  private record Difference(String there, String here) {

    boolean isOfLength() {
      return there.startsWith(LENGTH) && here.startsWith(LENGTH);
    }

    /** A damaged file may have anything there. */
    boolean isLegible() {
      return LEGIBLE.matcher(there).matches() && LEGIBLE.matcher(here).matches();
    }

    @Override
    public String toString() {
      return "%s there and %s here".formatted(there, here);
    }
  }

  private static List<String> parts(String text) {
    return List.of(text.split("[,\\[\\] ]+"));
  }

  private static Optional<Difference> firstDifference(List<String> its, List<String> mine) {
    for (int i = 0; i < Math.max(its.size(), mine.size()); i++) {
      String there = i < its.size() ? its.get(i) : "nothing more";
      String here = i < mine.size() ? mine.get(i) : "nothing more";
      if (!there.equals(here)) {
        return Optional.of(new Difference(there, here));
      }
    }
    return Optional.empty();
  }
}
