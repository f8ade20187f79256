package dev.lanewise.update;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Schedule.Constant;
import dev.lanewise.optim.Schedule.Cosine;
import dev.lanewise.optim.Schedule.CosineLog;
import dev.lanewise.optim.Schedule.CosineRestarts;
import dev.lanewise.optim.Schedule.InverseSquareRoot;
import dev.lanewise.optim.Schedule.InverseTime;
import dev.lanewise.optim.Schedule.MultiStep;
import dev.lanewise.optim.Schedule.OneCycle;
import dev.lanewise.optim.Schedule.Polynomial;
import dev.lanewise.optim.Schedule.Staircase;
import dev.lanewise.optim.Schedule.WarmUp;
import dev.lanewise.optim.Transform.Adagrad;
import dev.lanewise.optim.Transform.Adam;
import dev.lanewise.optim.Transform.AmsGrad;
import dev.lanewise.optim.Transform.ClipByGlobalNorm;
import dev.lanewise.optim.Transform.ClipByValue;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.Lion;
import dev.lanewise.optim.Transform.Momentum;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.optim.Transform.NAdam;
import dev.lanewise.optim.Transform.Rms;
import dev.lanewise.optim.Transform.WeightDecay;
import dev.lanewise.update.Updater.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The range of every number that a link, a schedule or an updater's state is made of: its ends
 * belong to it or not, what lies beyond is refused by name.
 */
class RangesTest {

  private static final EpsilonPlace OUTSIDE = EpsilonPlace.OUTSIDE_ROOT;
  private static final Schedule ONE = new Constant(1);

  private static final String SHARE = "a number in [0, 1)";
  private static final double[] SHARES = {0, 0.5, Math.nextDown(1)};
  private static final double[] NO_SHARES = {-Double.MIN_VALUE, 1, 2, Double.NaN};

  private static final String POSITIVE = "a finite number above 0";
  private static final double[] POSITIVES = {Float.MIN_VALUE, 1, Float.MAX_VALUE};
  private static final double[] NO_POSITIVES = {0, 1e-60, -1, 1e39, 1. / 0, Double.NaN};

  private static final String NOT_NEGATIVE = "a finite number >= 0";
  private static final double[] NOT_NEGATIVES = {0, 1, Float.MAX_VALUE};
  private static final double[] NEGATIVES = {-Double.MIN_VALUE, -1, 1. / 0, Double.NaN};

  private static final String FACTOR = "a number in (0, 1]";
  private static final double[] FACTORS = {Double.MIN_VALUE, 0.5, 1};
  private static final double[] NO_FACTORS = {0, -1, Math.nextUp(1.), Double.NaN};

  private static final String DIVISOR = "a finite number, 1 or more";
  private static final double[] DIVISORS = {1, 2, Double.MAX_VALUE};
  private static final double[] NO_DIVISORS = {Math.nextDown(1.), 0, 1. / 0, Double.NaN};

  private static Arguments number(
      String name,
      String expected,
      double[] inside,
      double[] outside,
      DoubleFunction<Object> constructor) {
    return arguments(name, expected, inside, outside, constructor);
  }

  private static void share(
      List<Arguments> numbers, String name, DoubleFunction<Object> constructor) {
    numbers.add(number(name, SHARE, SHARES, NO_SHARES, constructor));
  }

  private static void positive(
      List<Arguments> numbers, String name, DoubleFunction<Object> constructor) {
    numbers.add(number(name, POSITIVE, POSITIVES, NO_POSITIVES, constructor));
  }

  private static void notNegative(
      List<Arguments> numbers, String name, DoubleFunction<Object> constructor) {
    numbers.add(number(name, NOT_NEGATIVE, NOT_NEGATIVES, NEGATIVES, constructor));
  }

  private static void factor(
      List<Arguments> numbers, String name, DoubleFunction<Object> constructor) {
    numbers.add(number(name, FACTOR, FACTORS, NO_FACTORS, constructor));
  }

  static List<Arguments> links() {
    List<Arguments> numbers = new ArrayList<>();
    share(numbers, "beta", x -> new Momentum(x, MomentumForm.EWMA, true));
    share(numbers, "beta", x -> new Rms(x, 1, OUTSIDE));
    positive(numbers, "epsilon", x -> new Rms(0.9, x, OUTSIDE));
    share(numbers, "beta1", x -> new Adam(x, 0.9, 1, OUTSIDE));
    share(numbers, "beta2", x -> new Adam(0.9, x, 1, OUTSIDE));
    positive(numbers, "epsilon", x -> new Adam(0.9, 0.9, x, OUTSIDE));
    share(numbers, "beta1", x -> new AmsGrad(x, 0.9, 1, OUTSIDE));
    share(numbers, "beta2", x -> new AmsGrad(0.9, x, 1, OUTSIDE));
    positive(numbers, "epsilon", x -> new AmsGrad(0.9, 0.9, x, OUTSIDE));
    share(numbers, "beta1", x -> new NAdam(x, 0.9, 1, OUTSIDE));
    share(numbers, "beta2", x -> new NAdam(0.9, x, 1, OUTSIDE));
    positive(numbers, "epsilon", x -> new NAdam(0.9, 0.9, x, OUTSIDE));
    positive(numbers, "epsilon", x -> new Adagrad(x, OUTSIDE));
    share(numbers, "beta1", x -> new Lion(x, 0.9));
    share(numbers, "beta2", x -> new Lion(0.9, x));
    notNegative(numbers, "lambda", WeightDecay::new);
    positive(numbers, "maximum", ClipByValue::new);
    positive(numbers, "maximum", ClipByGlobalNorm::new);
    notNegative(numbers, "rate", x -> new Rates.Rule("*", x));
    notNegative(numbers, "decay", x -> new Rates.Rule("*", 1).withDecay(x));
    return numbers;
  }

  static List<Arguments> schedules() {
    List<Arguments> numbers = new ArrayList<>();
    positive(numbers, "rate", Constant::new);
    positive(numbers, "initial", x -> new Staircase(x, 1, 1));
    factor(numbers, "factor", x -> new Staircase(1, x, 1));
    positive(numbers, "initial", x -> new MultiStep(x, 1, List.of()));
    factor(numbers, "factor", x -> new MultiStep(1, x, List.of()));
    positive(numbers, "initial", x -> new InverseTime(x, 1, 1));
    notNegative(numbers, "decay", x -> new InverseTime(1, x, 1));
    positive(numbers, "initial", InverseSquareRoot::new);
    positive(numbers, "initial", x -> new Polynomial(x, 0, 1, 1));
    notNegative(numbers, "end", x -> new Polynomial(1, x, 1, 1));
    positive(numbers, "power", x -> new Polynomial(1, 0, x, 1));
    positive(numbers, "initial", x -> new Cosine(x, 0, 1));
    notNegative(numbers, "end", x -> new Cosine(1, x, 1));
    positive(numbers, "initial", x -> new CosineRestarts(x, 0, 1, 1));
    notNegative(numbers, "end", x -> new CosineRestarts(1, x, 1, 1));
    positive(numbers, "peak", x -> new CosineLog(x, 4, 1));
    factor(numbers, "start", x -> new WarmUp(x, 1, ONE));
    positive(numbers, "peak", x -> new OneCycle(x, 1));
    numbers.add(
        number(
            "rise",
            "a number in (0, 1)",
            new double[] {Double.MIN_VALUE, 0.5, Math.nextDown(1.)},
            new double[] {0, -1, 1, Double.NaN},
            x -> new OneCycle(1, 1, x, 1, 1)));
    for (String name : List.of("initialDivisor", "finalDivisor")) {
      boolean initial = name.startsWith("initial");
      numbers.add(
          number(
              name,
              DIVISOR,
              DIVISORS,
              NO_DIVISORS,
              x -> new OneCycle(1, 1, 0.5, initial ? x : 1, initial ? 1 : x)));
    }
    return numbers;
  }

  static List<Arguments> states() {
    List<Arguments> numbers = new ArrayList<>();
    positive(numbers, "rate", x -> new State(0, 0, OptionalDouble.of(x), 1, Map.of()));
    numbers.add(
        number(
            "rateFactor",
            POSITIVE,
            new double[] {Double.MIN_VALUE, 1, Double.MAX_VALUE},
            new double[] {0, -1, 1. / 0, Double.NaN},
            x -> new State(0, 0, OptionalDouble.empty(), x, Map.of())));
    return numbers;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"links", "schedules", "states"})
  void numbersAreTakenUpToTheEndsOfTheirRange(
      String name,
      String expected,
      double[] inside,
      double[] outside,
      DoubleFunction<Object> constructor) {
    for (double number : inside) {
      assertDoesNotThrow(() -> constructor.apply(number), () -> name + " " + number);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"links", "schedules", "states"})
  void numbersOutsideTheirRangeAreRefusedByName(
      String name,
      String expected,
      double[] inside,
      double[] outside,
      DoubleFunction<Object> constructor) {
    for (double number : outside) {
      var e = assertThrows(IllegalArgumentException.class, () -> constructor.apply(number));
      assertEquals("%s: %s; expected %s".formatted(name, number, expected), e.getMessage());
    }
  }

  static List<Arguments> lengths() {
    return List.of(
        arguments("interval", (LongFunction<Object>) n -> new Staircase(1, 1, n)),
        arguments("interval", (LongFunction<Object>) n -> new InverseTime(1, 1, n)),
        arguments("length", (LongFunction<Object>) n -> new Polynomial(1, 0, 1, n)),
        arguments("length", (LongFunction<Object>) n -> new Cosine(1, 0, n)),
        arguments("period", (LongFunction<Object>) n -> new CosineRestarts(1, 0, n, 1)),
        arguments("multiplier", (LongFunction<Object>) n -> new CosineRestarts(1, 0, 1, n)),
        arguments("length", (LongFunction<Object>) n -> new CosineLog(1, 4, n)),
        arguments("length", (LongFunction<Object>) n -> new WarmUp(1, n, ONE)),
        arguments("length", (LongFunction<Object>) n -> new OneCycle(1, n)),
        arguments("length", (LongFunction<Object>) n -> new Schedule.Chained.Leg(ONE, n)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lengths")
  void lengthsBeginAtOne(String name, LongFunction<Object> constructor) {
    assertDoesNotThrow(() -> constructor.apply(1));
    for (long length : new long[] {0, -1, Long.MIN_VALUE}) {
      var e = assertThrows(IllegalArgumentException.class, () -> constructor.apply(length));
      assertEquals(name + ": " + length + "; expected at least 1", e.getMessage());
    }
  }

  @Test
  void aStateHasDoneNoStepsOrMore() {
    assertEquals(0, new State(0, 0, OptionalDouble.empty(), 1, Map.of()).step());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new State(-1, 0, OptionalDouble.empty(), 1, Map.of()));
    assertEquals("step: -1; expected at least 0", e.getMessage());
  }
}
