package dev.lanewise.course;

import dev.lanewise.data.Dataset;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The course's sets of points. Circles and moons can be generated as the course's own, because it
 * generated them too, with known seeds; the football pitch only as a look-alike.
 */
public enum CourseSet {

  /** A football pitch: 211 training and 200 test rows. */
  FOOTBALL(
      List.of("train.csv", "test.csv"),
      List.of(new Print(211, 0x390C66A0), new Print(200, 0x7B87B8DF))) {
    @Override
    public CoursePoints generated() {
      return new CoursePoints(
          "a generated look-alike", false, pitch(0, 211), Optional.of(pitch(1, 200)));
    }
  },

  /** Noisy circles: 300 training and 100 test rows. */
  CIRCLES(
      List.of("train.csv", "test.csv"),
      List.of(new Print(300, 0x783852E6), new Print(100, 0x8A835DFE))) {
    @Override
    public CoursePoints generated() {
      return new CoursePoints(
          "generated from the course's seeds", true, circles(1, 300), Optional.of(circles(2, 100)));
    }
  },

  /** Two moons: 300 training rows. */
  MOONS(List.of("moons.csv"), List.of(new Print(300, 0x809886F2))) {
    @Override
    public CoursePoints generated() {
      return new CoursePoints(
          "generated from the course's seed", true, moons(3, 300), Optional.empty());
    }
  };

  private static final long PITCH = CounterRandom.stream("course football");

  /**
   * What tells the course's rows from others.
   *
   * @param rows their number
   * @param hash the hash of their floats, features before labels
   */
  record Print(int rows, int hash) {

    static Print of(Dataset rows) {
      return new Print(
          rows.rows(), 31 * Arrays.hashCode(rows.features()) + Arrays.hashCode(rows.targets()));
    }
  }

  private final List<String> files;
  private final List<Print> prints;

  CourseSet(List<String> files, List<Print> prints) {
    this.files = files;
    this.prints = prints;
  }

  /** {@return the name of its folder} */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the names of its files: the training rows and, if there are any, the test rows} */
  public List<String> files() {
    return files;
  }

  /** {@return the points without any file} */
  public abstract CoursePoints generated();

  /**
   * {@return points of the plane}
   *
   * @param x1 the first coordinates
   * @param x2 the second ones
   * @param labels the classes, 0 or 1
   */
  public static Dataset points(float[] x1, float[] x2, float[] labels) {
    float[] features = new float[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      features[2 * i] = x1[i];
      features[2 * i + 1] = x2[i];
    }
    return Dataset.of(features, 2, labels, 1);
  }

  /**
   * {@return points that were read, which are the course's if their number and their values are}
   *
   * @param place where from
   * @param rows those of each file
   */
  public CoursePoints read(String place, List<Dataset> rows) {
    boolean original = rows.stream().map(Print::of).toList().equals(prints);
    return new CoursePoints(
        original ? place : place + ", not the course's file",
        original,
        rows.getFirst(),
        rows.stream().skip(1).findFirst());
  }

  /** Points all over the pitch; a blurred curve parts the two teams. */
  private static Dataset pitch(int set, int count) {
    long key = CounterRandom.key(0, PITCH, set);
    float[] features = new float[2 * count];
    float[] labels = new float[count];
    for (int i = 0; i < count; i++) {
      double x = 1.15 * CounterRandom.uniform(key, 4 * i) - 0.75;
      double y = 1.4 * CounterRandom.uniform(key, 4 * i + 1) - 0.75;
      // A normal draw takes the words 2i and 2i + 1.
      double blur = 0.15 * CounterRandom.normal(key, 2 * i + 1);
      features[2 * i] = (float) x;
      features[2 * i + 1] = (float) y;
      labels[i] = y - x - 0.8 * x * x - 0.1 + blur > 0 ? 1 : 0;
    }
    return Dataset.of(features, 2, labels, 1);
  }

  /** An outer circle of class 0 and an inner one of class 1, as scikit-learn's make_circles. */
  static Dataset circles(int seed, int count) {
    int half = count / 2;
    double[][] points = new double[count][];
    for (int i = 0; i < count; i++) {
      double angle = i % half * (2 * Math.PI / half);
      double radius = i < half ? 1 : 0.8;
      points[i] = new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
    }
    return blurred(points, 0.05, new LegacyRandom(seed));
  }

  /** Two half circles that reach into each other, as scikit-learn's make_moons. */
  static Dataset moons(int seed, int count) {
    int half = count / 2;
    double[][] points = new double[count][];
    for (int i = 0; i < count; i++) {
      double angle = i % half * (Math.PI / (half - 1));
      double x = StrictMath.cos(angle);
      double y = StrictMath.sin(angle);
      points[i] = i < half ? new double[] {x, y} : new double[] {1 - x, 1 - y - 0.5};
    }
    return blurred(points, 0.2, new LegacyRandom(seed));
  }

  /** Shuffles points whose first half is class 0, then adds noise. */
  private static Dataset blurred(double[][] points, double noise, LegacyRandom random) {
    int[] order = random.permutation(points.length);
    float[] features = new float[2 * points.length];
    float[] labels = new float[points.length];
    for (int i = 0; i < points.length; i++) {
      features[2 * i] = (float) (points[order[i]][0] + noise * random.normal());
      features[2 * i + 1] = (float) (points[order[i]][1] + noise * random.normal());
      labels[i] = order[i] < points.length / 2 ? 0 : 1;
    }
    return Dataset.of(features, 2, labels, 1);
  }
}
