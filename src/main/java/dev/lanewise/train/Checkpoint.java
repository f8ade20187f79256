package dev.lanewise.train;

import dev.lanewise.json.Json;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.tensor.Layout;
import dev.lanewise.update.Updater;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Everything that a training has changed since it started, as a safetensors file whose texts say
 * which recipe and data it belongs to.
 *
 * @param parameters θ
 * @param updater the optimiser's state
 * @param progress where in which epoch
 * @param best the parameters of the best epoch, or null without a stop rule
 * @param bestScore their score
 * @param bestEpoch their epoch
 * @param plateau what the plateau rule has seen, or null without one
 * @param average the averaged parameters, or null without averaging
 * @param commands the commands that it was given
 */
record Checkpoint(
    float[] parameters,
    Updater.State updater,
    Progress progress,
    float[] best,
    double bestScore,
    int bestEpoch,
    PlateauWatch.State plateau,
    float[] average,
    List<Command> commands) {

  /** More characters than a recipe's texts have, and fewer than a message should. */
  private static final int LONGEST = 1000;

  /** The key that marks models. */
  private static final String MODEL = "lanewise";

  private static final String KIND = "lanewise.kind";
  private static final String CHECKPOINT = "checkpoint";
  private static final String BEST = "best.";
  private static final String MOMENTS = "optimizer.";
  private static final String AVERAGE = "average.";
  private static final String PLATEAU_BEST = "plateau.best";
  private static final String PLATEAU_WAITED = "plateau.waited";
  private static final String STEPS = "commands.steps";
  private static final String KINDS = "commands.kinds";
  private static final String VALUES = "commands.values";
  private static final String COMMANDS =
      STEPS + "; expected steps, kinds and values of commands, in their order";
  private static final String PLATEAU = PLATEAU_BEST + "; expected a score and a number of epochs";

  /**
   * The place in the epochs.
   *
   * @param epoch the number of epochs completed
   * @param position the number of batches done in the next one
   * @param lossSum the sum of their rows' losses
   * @param penalty the penalty of the parameters that the epoch began with
   */
  record Progress(int epoch, int position, double lossSum, double penalty) {}

  /**
   * {@return this as a file with the texts that {@link #in} compares}
   *
   * @throws IllegalArgumentException if {@link #in} would refuse it
   */
  SafetensorsFile file(Layout layout, Map<String, String> identity, int batches) {
    requireSound(batches);
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder()
            .metadata(KIND, CHECKPOINT)
            .parameters("", layout, parameters)
            .longs("progress.counts", updater.step(), progress.epoch, progress.position, bestEpoch)
            .doubles("progress.sums", progress.lossSum, progress.penalty, bestScore);
    identity.forEach(builder::metadata);
    updater.moments().forEach((name, values) -> builder.floats(MOMENTS + name, values));
    builder.doubles("rateFactor", updater.rateFactor());
    updater.rateByHand().ifPresent(rate -> builder.doubles("rateByHand", rate));
    if (best != null) {
      builder.parameters(BEST, layout, best);
    }
    if (plateau != null) {
      builder.doubles(PLATEAU_BEST, plateau.best()).longs(PLATEAU_WAITED, plateau.waited());
    }
    if (average != null) {
      builder.parameters(AVERAGE, layout, average);
    }
    if (!commands.isEmpty()) {
      builder
          .longs(STEPS, commands.stream().mapToLong(Command::step).toArray())
          .longs(KINDS, commands.stream().mapToLong(Checkpoint::kind).toArray())
          .doubles(VALUES, commands.stream().mapToDouble(Checkpoint::value).toArray());
    }
    return builder.build();
  }

  private static long kind(Command command) {
    return switch (command) {
      case Command.ChangeRate rate -> 0;
      case Command.ChangeL2 l2 -> 1;
      case Command.RollBack back -> 2;
      case Command.Stop stop -> 3;
    };
  }

  private static double value(Command command) {
    return switch (command) {
      case Command.ChangeRate change -> change.rate();
      case Command.ChangeL2 change -> change.lambda();
      case Command.RollBack back -> 0;
      case Command.Stop stop -> 0;
    };
  }

  private static Command command(long step, long kind, double value) {
    return switch ((int) kind) {
      case 0 -> new Command.ChangeRate(step, value);
      case 1 -> new Command.ChangeL2(step, value);
      case 2 -> new Command.RollBack(step);
      case 3 -> new Command.Stop(step);
      default -> throw new IllegalArgumentException(COMMANDS);
    };
  }

  private static List<Command> commands(SafetensorsFile file) throws IOException {
    if (!file.names().contains(STEPS)) {
      return List.of();
    }
    long[] steps = file.longs(STEPS);
    long[] kinds = file.longs(KINDS);
    double[] values = file.doubles(VALUES);
    try {
      if (kinds.length != steps.length || values.length != steps.length) {
        throw new IllegalArgumentException(COMMANDS);
      }
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < steps.length; i++) {
        commands.add(command(steps[i], Math.clamp(kinds[i], -1, 4), values[i]));
      }
      return List.copyOf(commands);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(file.source(), e.getMessage()), e);
    }
  }

  /**
   * {@return the commands of a checkpoint, without a look at the rest}
   *
   * @throws IOException if they are damaged
   */
  static List<Command> commandsIn(SafetensorsFile file) throws IOException {
    file.requireDigest();
    return commands(file);
  }

  /**
   * {@return the checkpoint in a file}
   *
   * @param file the file
   * @param layout the layout of the parameters
   * @param identity texts that must be the file's
   * @param batches the batches of an epoch
   * @param watching whether best parameters are kept
   * @throws IOException if it is no checkpoint, or one of another recipe or of other rows
   */
  static Checkpoint in(
      SafetensorsFile file,
      Layout layout,
      Map<String, String> identity,
      int batches,
      boolean watching)
      throws IOException {
    String source = file.source();
    requireKind(file);
    file.requireDigest();
    for (Map.Entry<String, String> mine : identity.entrySet()) {
      String its = file.metadata(mine.getKey());
      if (!its.equals(mine.getValue())) {
        throw new IOException(
            "%s: %s".formatted(source, difference(mine.getKey(), its, mine.getValue())));
      }
    }
    long[] counts = file.longs("progress.counts");
    double[] sums = file.doubles("progress.sums");
    if (counts.length != 4
        || sums.length != 3
        || counts[1] != (int) counts[1]
        || counts[2] != (int) counts[2]
        || counts[3] != (int) counts[3]) {
      throw new IOException("%s: %s".formatted(source, counts(batches)));
    }
    Map<String, float[]> moments = new LinkedHashMap<>();
    for (String name : file.names()) {
      if (name.startsWith(MOMENTS)) {
        if (!name.matches(MOMENTS + "link[0-9]{1,9}[.][a-zA-Z]{1,40}")) {
          throw new IOException(
              "%s: tensor %s: expected names like %slink1.velocity"
                  .formatted(source, shown(name), MOMENTS));
        }
        moments.put(name.substring(MOMENTS.length()), file.floats(name));
      }
    }
    List<Command> commands = commands(file);
    Checkpoint checkpoint =
        new Checkpoint(
            file.parameters("", layout),
            state(
                source,
                counts[0],
                restarted(commands),
                rateByHand(file),
                rateFactor(file),
                moments),
            new Progress((int) counts[1], (int) counts[2], sums[0], sums[1]),
            watching ? file.parameters(BEST, layout) : null,
            sums[2],
            (int) counts[3],
            plateau(file),
            file.names().stream().anyMatch(name -> name.startsWith(AVERAGE))
                ? file.parameters(AVERAGE, layout)
                : null,
            commands);
    try {
      checkpoint.requireSound(batches);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(source, e.getMessage()), e);
    }
    return checkpoint;
  }

  /**
   * Refuses numbers that no training can go on from, besides those that are no parameters: one law
   * for what is read and what is written, so that whoever could resume can save.
   */
  private void requireSound(int batches) {
    long epoch = progress.epoch;
    long position = progress.position;
    if (epoch < 0
        || position < 0
        || position >= batches
        || updater.step() != epoch * batches + position
        || bestEpoch < 0
        || bestEpoch > epoch) {
      throw new IllegalArgumentException(counts(batches));
    }
    for (double sum : new double[] {progress.lossSum, progress.penalty, bestScore}) {
      if (Double.isNaN(sum)) {
        throw new IllegalArgumentException("progress.sums: NaN; expected numbers");
      }
    }
    long before = 0;
    for (Command command : commands) {
      if (command.step() < before || command.step() > updater.step()) {
        throw new IllegalArgumentException(COMMANDS);
      }
      before = command.step();
    }
    updater.moments().forEach(Checkpoint::requireNumbers);
    if (plateau != null && Double.isNaN(plateau.best())) {
      throw new IllegalArgumentException(PLATEAU);
    }
  }

  private static String counts(int batches) {
    return "progress.counts; expected step, epoch, position and best epoch of epochs of %d batches"
        .formatted(batches);
  }

  /** A moment may be infinite in a training that can continue, but not NaN. */
  private static void requireNumbers(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new IllegalArgumentException(
            "tensor %s: NaN at element %d; expected numbers".formatted(MOMENTS + name, i));
      }
    }
  }

  /** Rows are told apart by digests, which say nothing to a reader. */
  private static String difference(String key, String its, String mine) {
    String[] parts = key.split("\\.", 2);
    if (!parts[0].equals(Identity.TRAINING) && !parts[0].equals(Identity.DEV)) {
      return "%s is %s; this training's is %s".formatted(key, shown(its), mine);
    }
    String rows = "%s rows differ from those of the checkpoint".formatted(parts[0]);
    return parts.length == 1
        ? "%s: these are %s; expected %s".formatted(rows, mine, shown(its))
        : "%s in their %s; expected the same rows".formatted(rows, parts[1]);
  }

  /** A file's text as messages show it: as JSON if it is not plain, cut if it is long. */
  private static String shown(String text) {
    boolean fits = text.codePointCount(0, text.length()) <= LONGEST;
    String some = fits ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "...";
    return some.isBlank() || some.chars().anyMatch(c -> c < ' ' || c > '~')
        ? Json.of(some).toString()
        : some;
  }

  /** {@return whether a file says that it is a checkpoint} */
  static boolean isOne(SafetensorsFile file) {
    return CHECKPOINT.equals(file.metadata().get(KIND));
  }

  private static void requireKind(SafetensorsFile file) throws IOException {
    String kind = file.metadata().get(KIND);
    if (kind == null && file.metadata().containsKey(MODEL)) {
      throw new IOException(
          "%s: a model; expected a checkpoint: load it with Model.load".formatted(file.source()));
    }
    if (!isOne(file)) {
      throw new IOException(
          "%s: a %s; expected a checkpoint".formatted(file.source(), shown(file.metadata(KIND))));
    }
  }

  private static PlateauWatch.State plateau(SafetensorsFile file) throws IOException {
    if (!file.names().contains(PLATEAU_BEST)) {
      return null;
    }
    double[] best = file.doubles(PLATEAU_BEST);
    long[] waited = file.longs(PLATEAU_WAITED);
    if (best.length != 1 || waited.length != 1 || waited[0] != (int) waited[0]) {
      throw new IOException("%s: %s".formatted(file.source(), PLATEAU));
    }
    return new PlateauWatch.State(best[0], (int) waited[0]);
  }

  private static OptionalDouble rateByHand(SafetensorsFile file) throws IOException {
    if (!file.names().contains("rateByHand")) {
      return OptionalDouble.empty();
    }
    double[] rate = file.doubles("rateByHand");
    return OptionalDouble.of(rate.length == 1 ? rate[0] : Double.NaN);
  }

  private static double rateFactor(SafetensorsFile file) throws IOException {
    double[] factor = file.doubles("rateFactor");
    return factor.length == 1 ? factor[0] : Double.NaN;
  }

  /** An optimiser begins anew when the training is rolled back. */
  private static long restarted(List<Command> commands) {
    long step = 0;
    for (Command command : commands) {
      if (command instanceof Command.RollBack back) {
        step = back.step();
      }
    }
    return step;
  }

  private static Updater.State state(
      String source,
      long step,
      long restarted,
      OptionalDouble rate,
      double factor,
      Map<String, float[]> moments)
      throws IOException {
    try {
      return new Updater.State(step, restarted, rate, factor, moments);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(source, e.getMessage()), e);
    }
  }
}
