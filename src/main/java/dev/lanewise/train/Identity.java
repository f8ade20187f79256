package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a checkpoint and the training that resumes it must have in common. */
final class Identity {

  private Identity() {}

  /** {@return recipe and data as texts by name; all but the number of epochs} */
  static Map<String, String> of(Recipe recipe, TrainingData data) {
    Network network = recipe.network();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(
        "network",
        "%d inputs, %s, %s".formatted(network.inputs(), network.layers(), network.loss()));
    texts.put("optimizer", recipe.optimizer().toString());
    texts.put("batchSize", Integer.toString(recipe.batchSize()));
    texts.put("microBatch", Integer.toString(recipe.microBatch()));
    texts.put("seed", Long.toString(recipe.seed()));
    texts.put("earlyStopping", recipe.earlyStopping().toString());
    texts.put("plateau", recipe.reduceOnPlateau().map(ReduceOnPlateau::toString).orElse("none"));
    texts.put("averaging", recipe.averaging().map(Averaging::toString).orElse("none"));
    texts.put("augmentations", recipe.augmentations().toString());
    texts.put("training", data.training().toString());
    texts.put("weights", weights(data.training()));
    texts.put("dev", data.dev().map(Dataset::toString).orElse("none"));
    texts.put("metric", data.metric().map(DevMetric::name).orElse("none"));
    return texts;
  }

  private static String weights(ExampleSet rows) {
    return rows instanceof Dataset inMemory && inMemory.weights() != null
        ? "hash %08x".formatted(Arrays.hashCode(inMemory.weights()))
        : "none";
  }
}
