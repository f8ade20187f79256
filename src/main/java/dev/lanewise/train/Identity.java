package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Target;
import dev.lanewise.net.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The properties that a checkpoint and the training that resumes it must have in common. */
final class Identity {

  /** The name of the training rows; what they hold has names that begin with it. */
  static final String TRAINING = "training";

  /** The name of the dev rows. */
  static final String DEV = "dev";

  private static final String NONE = "none";

  /** The numbers that are digested at a time. */
  private static final int SOME = 1 << 14;

  private Identity() {}

  /**
   * {@return recipe and data as texts by name; all but the number of epochs} Rows in memory are
   * read through once: about a second for each gigabyte, less than an epoch takes over them.
   */
  static Map<String, String> of(Recipe recipe, TrainingData data) {
    Map<String, String> texts = sizes(recipe, data);
    putDigests(texts, TRAINING, data.training() instanceof Dataset rows ? rows : null);
    putDigests(texts, DEV, data.dev().orElse(null));
    return texts;
  }

  /** {@return the first property in which two trainings differ, with both texts} */
  static Optional<String> difference(
      Recipe recipe, TrainingData data, Recipe expected, TrainingData rows) {
    Optional<String> inSizes = difference(sizes(recipe, data), sizes(expected, rows));
    boolean sameRows =
        same(data.training(), rows.training())
            && same(data.dev().orElse(null), rows.dev().orElse(null));
    return inSizes.isPresent() || sameRows
        ? inSizes
        : difference(of(recipe, data), of(expected, rows));
  }

  private static Optional<String> difference(
      Map<String, String> texts, Map<String, String> expected) {
    return texts.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(expected.get(entry.getKey())))
        .map(
            entry ->
                "%s: %s; expected %s"
                    .formatted(entry.getKey(), entry.getValue(), expected.get(entry.getKey())))
        .findFirst();
  }

  /** Whether two sets are the same arrays, so that nothing has to be read. */
  private static boolean same(ExampleSet one, ExampleSet other) {
    return one == other
        || one instanceof Dataset a
            && other instanceof Dataset b
            && a.features() == b.features()
            && a.targets() == b.targets()
            && a.weights() == b.weights();
  }

  /** {@return recipe and sizes of the data, without looking at rows} */
  private static Map<String, String> sizes(Recipe recipe, TrainingData data) {
    Network network = recipe.network();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(
        "network",
        network.inputs()
            + " inputs, "
            + network.layers()
            + ", "
            + network.loss()
            + recipe.dropoutFactor().map(f -> ", dropout times " + f).orElse(""));
    texts.put("optimizer", recipe.optimizer().toString());
    texts.put("batchSize", recipe.batchSize() + (recipe.dropsTail() ? ", tail dropped" : ""));
    texts.put("microBatch", Integer.toString(recipe.microBatch()));
    texts.put(
        "seed", recipe.seed() + (recipe.start() == Recipe.Start.DATA ? ", start by data" : ""));
    texts.put("earlyStopping", recipe.earlyStopping().toString());
    texts.put("plateau", recipe.reduceOnPlateau().map(ReduceOnPlateau::toString).orElse("none"));
    texts.put("averaging", recipe.averaging().map(Averaging::toString).orElse("none"));
    texts.put("augmentations", recipe.augmentations().toString());
    texts.put(TRAINING, data.training().toString());
    texts.put(DEV, data.dev().map(Dataset::toString).orElse("none"));
    texts.put("metric", data.metric().map(m -> m.name() + kept(data)).orElse("none"));
    return texts;
  }

  /** A metric of values is of predictions that are kept in ranges, where the dev rows say so. */
  private static String kept(TrainingData data) {
    return data.dev().flatMap(Dataset::encoder).map(Encoder::target).orElse(null)
                instanceof Target.Values values
            && !values.ranges().isEmpty()
        ? ", predictions kept in " + values.ranges()
        : "";
  }

  /** Digests of rows in memory; streamed or absent rows have none. */
  private static void putDigests(Map<String, String> texts, String name, Dataset rows) {
    texts.put(name + ".features", rows == null ? NONE : sha256(rows.features()));
    texts.put(name + ".targets", rows == null ? NONE : sha256(rows.targets()));
    texts.put(
        name + ".weights", rows == null || rows.weights() == null ? NONE : sha256(rows.weights()));
  }

  /** {@return the SHA-256 of the numbers' bits, in 64 hex digits} */
  private static String sha256(float[] numbers) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * SOME).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < numbers.length; from += SOME) {
      int count = Math.min(SOME, numbers.length - from);
      buffer.clear().limit(Float.BYTES * count);
      buffer.asFloatBuffer().put(numbers, from, count);
      digest.update(buffer);
    }
    return "SHA-256 " + HexFormat.of().formatHex(digest.digest());
  }
}
