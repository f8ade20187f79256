package dev.lanewise.tabular;

import static dev.lanewise.optim.Transform.EpsilonPlace.OUTSIDE_ROOT;

import dev.lanewise.data.Encoder;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Activation;
import dev.lanewise.optim.Transform;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Tabular.Numbers;
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

  private static final String WHOLE = "tabular-full";

  /** The pieces of the full preset, each of them changed or taken away; the first is the whole. */
  static final Variants ABLATION =
      new Variants(Map.of())
          .with(WHOLE, plain -> plain.withPreset(Tabular.full()))
          .change(
              "standardised columns",
              full -> full.withEncoding(full.encoding().withScale(Encoder.Scale.STANDARD)))
          .change("no factors of columns", Tabular::withoutScaling)
          .change("numbers as they are", full -> full.withNumbers(Numbers.AS_THEY_ARE))
          .change("piecewise-linear numbers", full -> full.withNumbers(Numbers.PIECEWISE_LINEAR))
          .change("periodic numbers", full -> full.withNumbers(Numbers.PERIODIC))
          .change("plain activations", full -> full.withBlends(false))
          .change("ReLU", full -> full.withActivation(Activation.Function.RELU))
          .change("start not by data", full -> full.withStart(Recipe.Start.DRAWN))
          .change("no dropout", full -> full.withDropout(0))
          .change("no decay", full -> full.withDecay(0))
          .change("dropout and decay that stay", full -> full.withFading(false))
          .change(
              "Adam with β₂ = 0.999",
              full ->
                  full.withTransforms(List.of(new Transform.Adam(0.9, 0.999, 1e-8, OUTSIDE_ROOT))))
          .change("one cycle of the rate", full -> full.withCycles(1))
          .change("full rate of biases", full -> full.withBiasRate(1))
          .change("label smoothing of 0.1", full -> full.withSmoothing(0.1f))
          .change("no temperature", full -> full.withCalibration(false))
          .with(
              "last epoch",
              plain ->
                  plain
                      .withPreset(Tabular.full())
                      .withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.never())));

  private Variants change(String name, UnaryOperator<Tabular> change) {
    return with(name, plain -> plain.withPreset(change.apply(Tabular.full())));
  }

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
