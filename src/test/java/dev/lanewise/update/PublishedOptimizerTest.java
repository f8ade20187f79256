package dev.lanewise.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.CourseCase;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The optimiser cases of two published courses, to two units in the last place of a float. */
@Tag("shared")
class PublishedOptimizerTest {

  private static final String[] COURSERA = {"W1", "b1", "W2", "b2"};

  /** All cases have 20 parameters. */
  private static final Network NETWORK = Network.inputs(19).dense(1).loss(new Loss.SquaredError());

  private static double[] flat(double[][]... tensors) {
    return Arrays.stream(tensors).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static void assertFloats(double[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      double tolerance = 2 * Math.ulp((float) expected[i]) + 5e-9;
      assertEquals(expected[i], actual[i], tolerance, "element " + i);
    }
  }

  /**
   * Runs a case in which the parameters are four tensors; {@code step} steps went before, on a zero
   * state.
   */
  private static void coursera(
      CourseCase given, Optimizer optimizer, long step, boolean published) {
    List<double[][]> theta = new ArrayList<>();
    List<double[][]> gradient = new ArrayList<>();
    List<double[][]> expected = new ArrayList<>();
    for (String tensor : COURSERA) {
      theta.add(given.input(tensor));
      gradient.add(given.input("d" + tensor));
      String name = "new_" + tensor;
      expected.add(published ? given.published(name) : given.expected(name));
    }
    Updater updater = Updater.compile(optimizer, NETWORK, Engine.standard());
    updater.restore(
        new Updater.State(step, 0, OptionalDouble.empty(), 1, updater.state().moments()));
    float[] parameters = narrow(flat(theta.toArray(double[][][]::new)));
    updater.update(parameters, narrow(flat(gradient.toArray(double[][][]::new))), 0);
    assertFloats(flat(expected.toArray(double[][][]::new)), parameters);
  }

  private static double scalar(CourseCase given, String name) {
    return CourseCase.scalar(given.input(name));
  }

  @Test
  void gradientDescentOfTheCourse() {
    CourseCase given = CourseCase.read("c2w2-gd");
    coursera(given, Optimizer.sgd(scalar(given, "lr")), 0, false);
    coursera(given, Optimizer.sgd(scalar(given, "lr")), 0, true);
  }

  @Test
  void averagingMomentumOfTheCourse() {
    CourseCase given = CourseCase.read("c2w2-momentum");
    Optimizer optimizer =
        Optimizer.momentum(scalar(given, "lr"), scalar(given, "beta"), MomentumForm.EWMA);
    coursera(given, optimizer, 0, false);
    coursera(given, optimizer, 0, true);
  }

  private static Optimizer adam(CourseCase given, EpsilonPlace place) {
    return Optimizer.sgd(scalar(given, "lr"))
        .then(
            new Transform.Adam(
                scalar(given, "beta1"), scalar(given, "beta2"), scalar(given, "eps"), place));
  }

  @Test
  void adamOfTheCourseIn2018WithEpsilonOnEitherSideOfTheRoot() {
    CourseCase given = CourseCase.read("c2w2-adam-2018");
    coursera(given, adam(given, EpsilonPlace.OUTSIDE_ROOT), 1, false);
    coursera(given, adam(given, EpsilonPlace.INSIDE_ROOT), 1, true);
  }

  @Test
  void adamOfTheCourseIn2021() {
    CourseCase given = CourseCase.read("c2w2-adam-2021");
    coursera(given, adam(given, EpsilonPlace.OUTSIDE_ROOT), 1, false);
    coursera(given, adam(given, EpsilonPlace.OUTSIDE_ROOT), 1, true);
  }

  /** Runs a case with one tensor and a state; returns the state after the step. */
  private static Map<String, float[]> cs231n(
      CourseCase given, Optimizer optimizer, long step, Map<String, float[]> state) {
    Updater updater = Updater.compile(optimizer, NETWORK, Engine.standard());
    updater.restore(new Updater.State(step, 0, OptionalDouble.empty(), 1, state));
    float[] w = narrow(flat(given.input("w")));
    updater.update(w, narrow(flat(given.input("dw"))), 0);
    assertFloats(flat(given.expected("next_w")), w);
    assertFloats(flat(given.published("next_w")), w);
    return updater.state().moments();
  }

  @Test
  void classicMomentumOfCs231n() {
    // The course keeps −rate·v: v = μv − rate·g, w += v.
    CourseCase given = CourseCase.read("cs231n-sgd-momentum");
    double[] velocity = Arrays.stream(flat(given.input("v"))).map(v -> -v / 1e-3).toArray();
    Map<String, float[]> after =
        cs231n(
            given,
            Optimizer.momentum(1e-3, 0.9, MomentumForm.CLASSIC),
            0,
            Map.of("link1.velocity", narrow(velocity)));
    double[] expected =
        Arrays.stream(flat(given.expected("velocity"))).map(v -> -v / 1e-3).toArray();
    assertFloats(expected, after.get("link1.velocity"));
  }

  @Test
  void rmspropOfCs231n() {
    CourseCase given = CourseCase.read("cs231n-rmsprop");
    Map<String, float[]> after =
        cs231n(
            given,
            Optimizer.sgd(1e-2).then(new Transform.Rms(0.99, 1e-8, EpsilonPlace.OUTSIDE_ROOT)),
            0,
            Map.of("link1.squares", narrow(flat(given.input("cache")))));
    assertFloats(flat(given.expected("cache")), after.get("link1.squares"));
  }

  @Test
  void adamOfCs231n() {
    CourseCase given = CourseCase.read("cs231n-adam");
    Map<String, float[]> state = new LinkedHashMap<>();
    state.put("link1.mean", narrow(flat(given.input("m"))));
    state.put("link1.squares", narrow(flat(given.input("v"))));
    long before = (long) scalar(given, "t") - 1;
    Map<String, float[]> after = cs231n(given, Optimizer.adam(1e-2), before, state);
    assertFloats(flat(given.expected("m")), after.get("link1.mean"));
    assertFloats(flat(given.expected("v")), after.get("link1.squares"));
  }

  @Test
  void inverseTimeOfTheCourse() {
    for (double[] row : CourseCase.read("c2w2-lr-decay").published("table")) {
      Schedule schedule = new Schedule.InverseTime(row[0], row[2], (long) row[3]);
      assertEquals(row[4], schedule.rate((long) row[1]), 1e-9);
    }
  }
}
