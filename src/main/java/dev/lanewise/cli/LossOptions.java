package dev.lanewise.cli;

import dev.lanewise.data.Target;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code train} that choose the loss and its weights. */
@Command(optionListHeading = "Loss:%n")
final class LossOptions {

  /** The parameter that both cross-entropies have. */
  private static final String SMOOTHING = "smoothing";

  /** The name of the one option that is not named after loss and parameter. */
  private static final Map<String, String> OWN_NAMES = Map.of("--quantile-tau", "--quantile");

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "One of ${COMPLETION-CANDIDATES}: those that give probabilities to classify, the others"
              + " to regress. Default: the first of the task.",
      completionCandidates = Losses.class)
  private String loss;

  /** The options that set parameters of losses, with what they set them to. */
  private final Map<String, Float> given = new LinkedHashMap<>();

  @Option(
      names = "--label-smoothing",
      paramLabel = "s",
      description = "Trains on (1 − s)·y + s/K for K classes; no score is smoothed.")
  private float smoothing;

  @Option(
      names = "--class-weights",
      paramLabel = "balanced|CLASS=W",
      description =
          "Multiplies the losses of training rows by their class's weight, as a=1,b=2.5, others by"
              + " 1; or so that all classes count alike.")
  private String classWeights;

  /** The values of {@code --loss}. */
  private static final class Losses implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(false, true).flatMap(values -> names(values).stream()).iterator();
    }
  }

  /**
   * Adds an option for each parameter of a loss of values, as {@code --huber-delta}.
   *
   * @param options where to
   */
  @Spec(Spec.Target.SELF)
  void addParameters(CommandSpec options) {
    for (Loss.Kind kind : Loss.Kind.values()) {
      if (!givesProbabilities(kind)) {
        kind.parameters().forEach((name, usual) -> options.addOption(option(kind, name, usual)));
      }
    }
  }

  private OptionSpec option(Loss.Kind kind, String parameter, float usual) {
    String option = optionName(kind, parameter);
    return OptionSpec.builder(option)
        .type(Float.class)
        .paramLabel(parameter.toUpperCase(Locale.ROOT))
        .description(
            "The parameter %s of --loss %s. Default: %s."
                .formatted(parameter, Usage.name(kind), usual))
        .setter(
            new ISetter() {
              @Override
              public <T> T set(T value) {
                if (value != null) {
                  given.put(option, (Float) value);
                }
                return null;
              }
            })
        .build();
  }

  private static String optionName(Loss.Kind kind, String parameter) {
    if (parameter.equals(SMOOTHING)) {
      return "--label-smoothing";
    }
    String option = "--%s-%s".formatted(Usage.name(kind), parameter);
    return OWN_NAMES.getOrDefault(option, option);
  }

  private static boolean givesProbabilities(Loss.Kind kind) {
    return kind.link() == Loss.Link.SOFTMAX || kind.link() == Loss.Link.SIGMOID;
  }

  /** {@return the names of the losses of values, or of those that give probabilities} */
  private static List<String> names(boolean ofValues) {
    return Arrays.stream(Loss.Kind.values())
        .filter(kind -> givesProbabilities(kind) != ofValues)
        .map(LossOptions::name)
        .distinct()
        .toList();
  }

  /** {@return the name of a kind in options: the two forms of cross-entropy have one name} */
  private static String name(Loss.Kind kind) {
    String link = Usage.name(kind.link()) + "-";
    String name = Usage.name(kind);
    return name.startsWith(link) ? name.substring(link.length()) : name;
  }

  /** Checks the options. */
  void check(CommandSpec spec, boolean regresses) {
    Usage.require(
        spec,
        loss == null || names(regresses).contains(loss),
        "--loss: %s; expected one of %s, with --task %s",
        loss,
        String.join(", ", names(regresses)),
        regresses ? "regress" : "classify");
    for (Loss.Kind kind : Loss.Kind.values()) {
      for (String parameter : kind.parameters().keySet()) {
        String option = optionName(kind, parameter);
        Usage.require(
            spec,
            !given.containsKey(option) || name(kind).equals(loss),
            "%s: has no meaning without --loss %s",
            option,
            name(kind));
      }
    }
    Usage.require(
        spec,
        !regresses || smoothing == 0,
        "--label-smoothing: has no meaning for --task regress; expected --task classify");
    Usage.require(
        spec,
        !regresses || classWeights == null,
        "--class-weights: has no meaning for --task regress; expected --task classify");
    kinds(regresses).forEach(kind -> checkParameters(spec, kind));
    if (classWeights != null && !classWeights.equals("balanced")) {
      given(spec);
    }
  }

  /** Refuses what a loss refuses, which its message begins with, in the name of the option. */
  private void checkParameters(CommandSpec spec, Loss.Kind kind) {
    try {
      of(kind);
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      int end = message.indexOf(':');
      throw Usage.wrong(
          spec, "%s%s", optionName(kind, message.substring(0, end)), message.substring(end));
    }
  }

  /** {@return the kinds of the name that is given, else of the first; the target decides} */
  private List<Loss.Kind> kinds(boolean regresses) {
    String named = loss == null ? names(regresses).getFirst() : loss;
    return Arrays.stream(Loss.Kind.values())
        .filter(kind -> givesProbabilities(kind) != regresses)
        .filter(kind -> name(kind).equals(named))
        .toList();
  }

  /** {@return the loss of a kind with the parameters that are given, else the usual ones} */
  private Loss of(Loss.Kind kind) {
    Map<String, Float> parameters = new HashMap<>(kind.parameters());
    parameters.replaceAll((name, usual) -> given.getOrDefault(optionName(kind, name), usual));
    parameters.computeIfPresent(SMOOTHING, (name, usual) -> smoothing);
    return kind.of(parameters);
  }

  /** {@return whether classes have weights} */
  boolean weighs() {
    return classWeights != null;
  }

  /**
   * {@return the loss for a target; the options have been checked}
   *
   * @throws IllegalArgumentException if the loss is for another number of classes
   */
  Loss loss(Target target) {
    return kinds(target instanceof Target.Values).stream()
        .filter(kind -> target instanceof Target.Values || kind.link() == link(target))
        .map(this::of)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--loss: %s over %d outputs; expected one for as many classes"
                        .formatted(loss, target.outputs())));
  }

  private static Loss.Link link(Target classes) {
    return classes.outputs() == 1 ? Loss.Link.SIGMOID : Loss.Link.SOFTMAX;
  }

  /** {@return a learner with the chosen loss; the options have been checked} */
  Learner applyTo(Learner learner, CommandSpec spec) {
    return weighs(learner.withLoss(this::loss), spec);
  }

  /**
   * {@return a learner that keeps its loss unless one was chosen; the options have been checked}
   */
  Learner override(Learner learner, CommandSpec spec) {
    boolean chosen = loss != null || !given.isEmpty() || Usage.given(spec, "--label-smoothing");
    return chosen ? applyTo(learner, spec) : weighs(learner, spec);
  }

  private Learner weighs(Learner learner, CommandSpec spec) {
    return classWeights == null
        ? learner
        : classWeights.equals("balanced")
            ? learner.withBalancedClasses()
            : learner.withClassWeights(given(spec));
  }

  /** The weights by the names of classes. */
  private Map<String, Float> given(CommandSpec spec) {
    Map<String, Float> weights = new LinkedHashMap<>();
    for (String part : classWeights.split(",", -1)) {
      int sign = part.lastIndexOf('=');
      float weight = sign < 0 ? Float.NaN : number(part.substring(sign + 1));
      Usage.require(
          spec,
          weight >= 0 && weight < Float.POSITIVE_INFINITY,
          "--class-weights: %s; expected balanced, or a finite number, 0 or more, for each class,"
              + " as a=1,b=2.5",
          classWeights);
      Usage.require(
          spec,
          weights.put(part.substring(0, sign).strip(), weight) == null,
          "--class-weights: %s; expected each class once",
          classWeights);
    }
    return weights;
  }

  private static float number(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
