package dev.lanewise.tabular;

import dev.lanewise.data.Encoder;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Network;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Tabular;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What can be measured: changes of a plain learner, by name. */
record Variants(Map<String, UnaryOperator<Learner>> byName) {

  /** What a user chooses from. The first is what the others must better. */
  static final Variants PRESETS =
      new Variants(Map.of())
          .with("plain", plain -> plain)
          .with("tabular", plain -> plain.withPreset(Tabular.small()))
          .with("tabular-full", plain -> plain.withPreset(Tabular.full()))
          .with("tabular-ensemble", plain -> plain.withPreset(Tabular.ensemble(8)));

  /** The pieces of a preset, each of them changed or taken away; the first is the whole. */
  static final Variants ABLATION =
      new Variants(Map.of())
          .with("plain", plain -> plain)
          .with(
              "not standardised",
              plain -> plain.withEncoding(Encoder.Options.standard().withStandardize(false)))
          .with(
              "robust scale and clip",
              plain ->
                  plain.withEncoding(Encoder.Options.standard().withScale(Encoder.Scale.ROBUST)))
          .with(
              "one hidden layer",
              plain ->
                  plain.withNetwork(
                      (inputs, outputs, loss) ->
                          Network.inputs(inputs).dense(128).relu().dense(outputs).loss(loss)))
          .with(
              "best of all epochs",
              plain ->
                  plain.withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.keepBest())))
          .with(
              "last epoch",
              plain -> plain.withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.never())));

  Variants {
    byName = new LinkedHashMap<>(byName);
  }

  /**
   * {@return these and another}
   *
   * @param name without commas, which stand between names
   */
  Variants with(String name, UnaryOperator<Learner> change) {
    if (name.contains(",")) {
      throw new IllegalArgumentException("name: %s; expected no comma".formatted(name));
    }
    Variants more = new Variants(byName);
    more.byName.put(name, change);
    return more;
  }

  /** {@return those of some names, in the order of these} */
  Variants named(List<String> names) {
    Variants chosen = new Variants(Map.of());
    for (String name : names) {
      UnaryOperator<Learner> change = byName.get(name);
      if (change == null) {
        throw new IllegalArgumentException(
            "variant %s; expected one of %s".formatted(name, byName.keySet()));
      }
      chosen.byName.put(name, change);
    }
    return chosen;
  }
}
