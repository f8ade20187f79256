package dev.lanewise.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Errors in options, which are checked before any file is opened and lead to exit code 2. */
final class Usage {

  private Usage() {}

  /** {@return the complaint about an option} */
  static ParameterException wrong(CommandSpec spec, String format, Object... arguments) {
    return new ParameterException(spec.commandLine(), format.formatted(arguments));
  }

  /** {@return whether an option stands on the command line, be it with its usual value} */
  static boolean given(CommandSpec spec, String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** Complains about an option unless a condition holds. */
  static void require(CommandSpec spec, boolean holds, String format, Object... arguments) {
    if (!holds) {
      throw wrong(spec, format, arguments);
    }
  }

  /** Complains about an option whose value is not finite or below 0. */
  static void requireCoefficient(CommandSpec spec, String option, double value) {
    require(
        spec,
        value >= 0 && value < Double.POSITIVE_INFINITY,
        "%s: %s; expected a finite number, 0 or more",
        option,
        value);
  }

  /** {@return the constant that an option names in lower case with hyphens} */
  static <E extends Enum<E>> E constant(
      CommandSpec spec, String option, Class<E> type, String text) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    spec,
                    "%s: %s; expected one of %s",
                    option,
                    text,
                    String.join(", ", names(type))));
  }

  /** {@return the constants of a type in lower case with hyphens} */
  static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Usage::name).toList();
  }

  /** {@return a constant in lower case with hyphens} */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
