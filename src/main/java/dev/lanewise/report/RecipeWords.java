package dev.lanewise.report;

import dev.lanewise.model.Provenance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Recipes and optimisers in words for people. Provenance and checkpoints state them as records
 * print themselves, which is exact and stays so; here each record in such a text is replaced by
 * words. One that is not known is told by its name and the names of its parts; what is no record
 * stays as it is.
 */
public final class RecipeWords {

  /** The entries of a provenance that hold records. */
  private static final Set<String> WITH_RECORDS = Set.of("optimizer", "recipe");

  /** The patience that is longer than any training. */
  private static final String ENDLESS = Integer.toString(Integer.MAX_VALUE);

  private static final String EPOCHS = "epochs";

  private RecipeWords() {}

  /**
   * {@return the texts of a provenance by key, those of recipe and optimiser in words}
   *
   * @param provenance where a model came from
   */
  public static Map<String, String> of(Provenance provenance) {
    Map<String, String> texts = new LinkedHashMap<>(provenance.entries());
    WITH_RECORDS.forEach(key -> texts.computeIfPresent(key, (name, text) -> of(text)));
    return texts;
  }

  /**
   * {@return a text with words for the records in it}
   *
   * @param text the text, as a recipe prints itself
   */
  public static String of(String text) {
    StringBuilder words = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      Optional<RecordText.Found> found = begins ? RecordText.at(text, at) : Optional.empty();
      if (found.isPresent()) {
        words.append(words(found.get().value()));
        at = found.get().end();
      } else {
        words.append(text.charAt(at++));
      }
    }
    return words.toString();
  }

  private static String words(RecordText value) {
    return switch (value) {
      case RecordText.Scalar scalar -> scalar(scalar.text());
      case RecordText.Items items -> joined(items.items(), ", ");
      case RecordText.Named named -> new Parts(named).words();
    };
  }

  private static String joined(List<RecordText> values, String between) {
    return values.stream().map(RecipeWords::words).collect(Collectors.joining(between));
  }

  /** {@return a number without needless digits; a constant's name in lower case} */
  private static String scalar(String text) {
    if (text.matches("-?[0-9]+\\.[0-9]+(E-?[0-9]+)?")) {
      return text.replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }
    return text.matches("[A-Z][A-Z_]*") ? text.toLowerCase(Locale.ROOT).replace('_', ' ') : text;
  }

  /** {@return a name as {@code minimumDelta} in words} */
  private static String spaced(String name) {
    return name.replaceAll("(?<=[a-z0-9])([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  /** A record, and the words for it. */
  private record Parts(RecordText.Named of) {

    /** {@return the words for a part; for one that is not there, its name} */
    private String the(String part) {
      RecordText value = of.parts().get(part);
      return value == null ? part : RecipeWords.words(value);
    }

    private boolean has(String part, String text) {
      return text.equals(raw(part));
    }

    private String raw(String part) {
      return of.parts().get(part) instanceof RecordText.Scalar scalar ? scalar.text() : "";
    }

    private Optional<Parts> record(String part) {
      return of.parts().get(part) instanceof RecordText.Named named
          ? Optional.of(new Parts(named))
          : Optional.empty();
    }

    private List<RecordText> list(String part) {
      return of.parts().get(part) instanceof RecordText.Items items ? items.items() : List.of();
    }

    private String words() {
      return switch (of.name()) {
        case "Optimizer" -> optimizer();
        case "EarlyStopping" -> earlyStopping();
        case "ReduceOnPlateau" -> plateau();
        case "Exponential" -> "moving average over the steps, decay " + the("decay");
        case "Epochs" -> "mean of the ends of the epochs from %s on".formatted(the("from"));
        case "Momentum", "Rms", "Adam", "AmsGrad", "NAdam", "Adagrad", "Lion" -> link();
        case "WeightDecay" ->
            "weight decay %s%s"
                .formatted(
                    the("lambda"),
                    record("factor").map(by -> ", times " + by.schedule(EPOCHS)).orElse(""));
        case "ClipByValue" -> "elements clipped to " + the("maximum");
        case "ClipByGlobalNorm" -> "gradient clipped to the length " + the("maximum");
        default -> schedule(EPOCHS);
      };
    }

    private String optimizer() {
      List<RecordText> links = list("transforms");
      String rates = record("rates").map(Parts::rates).orElse("");
      return "%s; rate %s%s"
          .formatted(
              links.isEmpty() ? "gradient descent" : joined(links, ", "),
              record("schedule").map(rate -> rate.schedule(EPOCHS)).orElse(the("schedule")),
              rates.isEmpty() ? "" : "; factors on the rate: " + rates);
    }

    private String rates() {
      return list("rules").stream()
          .filter(RecordText.Named.class::isInstance)
          .map(rule -> new Parts((RecordText.Named) rule).rule())
          .collect(Collectors.joining(", "));
    }

    private String rule() {
      boolean root = has("rootOfInputs", "true");
      String decay =
          record("decay")
              .map(
                  factor ->
                      " and on the decay %s%s"
                          .formatted(factor.the("value"), root ? "·√inputs" : ""))
              .orElse("");
      return "%s %s%s%s".formatted(raw("tensors"), the("rate"), root ? "/√inputs" : "", decay);
    }

    private String link() {
      String inside = has("place", "INSIDE_ROOT") ? " inside the root" : "";
      return switch (of.name()) {
        case "Momentum" ->
            "%smomentum %s%s"
                .formatted(
                    has("nesterov", "true") ? "Nesterov's " : "",
                    the("beta"),
                    has("form", "EWMA") ? " as a moving average" : "");
        case "Rms" -> "RMSprop (β %s, ε %s%s)".formatted(the("beta"), the("epsilon"), inside);
        case "Adagrad" -> "Adagrad (ε %s%s)".formatted(the("epsilon"), inside);
        case "Lion" -> "Lion (β₁ %s, β₂ %s)".formatted(the("beta1"), the("beta2"));
        default ->
            "%s (β₁ %s, β₂ %s, ε %s%s)"
                .formatted(of.name(), the("beta1"), the("beta2"), the("epsilon"), inside);
      };
    }

    private String watched() {
      return has("watch", "DEV_METRIC") ? "dev metric" : "dev loss";
    }

    private String byMoreThan() {
      return has("minimumDelta", "0.0") ? "" : " by more than " + the("minimumDelta");
    }

    private String earlyStopping() {
      if (has("patience", "0")) {
        return "none, the result is the last epoch";
      }
      String latest = has("latestOfEqual", "true") ? ", the latest of equal ones" : "";
      return has("patience", ENDLESS)
          ? "none, the result is the epoch with the best %s%s".formatted(watched(), latest)
          : "after %s epochs without a better %s%s; the result is the best epoch%s"
              .formatted(the("patience"), watched(), byMoreThan(), latest);
    }

    private String plateau() {
      return "times %s after %s epochs without a better %s%s%s"
          .formatted(
              the("factor"),
              the("patience"),
              watched(),
              byMoreThan(),
              has("minimumRate", "0.0") ? "" : ", not below " + the("minimumRate"));
    }

    /**
     * {@return how something changes}
     *
     * @param unit what is counted: epochs or steps
     */
    private String schedule(String unit) {
      return switch (of.name()) {
        case "PerStep" ->
            record("schedule").map(its -> its.schedule("steps")).orElse(the("schedule"));
        case "Constant" -> the("rate") + " throughout";
        case "Staircase" ->
            "%s, times %s every %s %s"
                .formatted(the("initial"), the("factor"), the("interval"), unit);
        case "MultiStep" ->
            "%s, times %s after %s %s"
                .formatted(the("initial"), the("factor"), the("milestones"), unit);
        case "InverseTime" ->
            "%s/(1 + %s·n), n one more every %s %s"
                .formatted(the("initial"), the("decay"), the("interval"), unit);
        case "InverseSquareRoot" -> "%s/√n in the n-th of the %s".formatted(the("initial"), unit);
        case "Polynomial" ->
            "%s, by a polynomial of power %s".formatted(fall("length", unit), the("power"));
        case "Cosine" -> fall("length", unit) + ", on a cosine";
        case "CosineRestarts" ->
            "%s, on a cosine, again and again, each time %s times as long"
                .formatted(fall("period", unit), the("multiplier"));
        case "CosineLog" ->
            "from 0 to %s and back in %s cycles, each twice as long as the one before, in %s %s"
                .formatted(the("peak"), the("cycles"), the("length"), unit);
        case "OneCycle" ->
            "up from 1/%s of %s to it in %s of %s %s, then down to 1/%s of the first"
                .formatted(
                    the("initialDivisor"),
                    the("peak"),
                    the("rise"),
                    the("length"),
                    unit,
                    the("finalDivisor"));
        case "WarmUp" ->
            "raised from %s of its first one in %s %s, then %s"
                .formatted(the("start"), the("length"), unit, inner("then", unit));
        case "Chained" ->
            list("legs").stream()
                .filter(RecordText.Named.class::isInstance)
                .map(leg -> new Parts((RecordText.Named) leg).leg(unit))
                .collect(Collectors.joining("", "", inner("last", unit)));
        default -> unknown();
      };
    }

    private String leg(String unit) {
      String its =
          record("schedule")
              .filter(inner -> inner.of.name().equals("Constant"))
              .map(inner -> inner.the("rate"))
              .orElseGet(() -> inner("schedule", unit));
      return "%s for %s %s, then ".formatted(its, the("length"), unit);
    }

    private String fall(String length, String unit) {
      return "from %s to %s in %s %s".formatted(the("initial"), the("end"), the(length), unit);
    }

    private String inner(String part, String unit) {
      return record(part).map(its -> its.schedule(unit)).orElse(the(part));
    }

    private String unknown() {
      String parts =
          of.parts().keySet().stream()
              .map(part -> spaced(part) + " " + the(part))
              .collect(Collectors.joining(", "));
      return parts.isEmpty() ? spaced(of.name()) : "%s (%s)".formatted(spaced(of.name()), parts);
    }
  }
}
