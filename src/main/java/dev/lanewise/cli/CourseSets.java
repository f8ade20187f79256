package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Table;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The course's sets of points: read from a folder where they are there, else generated. Circles and
 * moons come out as the course's own, because it generated them too, with known seeds; the football
 * pitch is a look-alike.
 */
final class CourseSets {

  private static final long PITCH = CounterRandom.stream("course football");

  /** Null where everything is generated. */
  private final Path folder;

  private CourseSets(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return the sets of a folder, those that are absent generated}
   *
   * @param folder the folder that has folders {@code football}, {@code circles} and {@code moons};
   *     null for none
   * @throws IOException if it is no folder
   */
  static CourseSets in(Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      if (Files.exists(folder)) {
        throw new IOException(folder + ": a file; expected a folder");
      }
      throw new NoSuchFileException(folder.toString());
    }
    return new CourseSets(folder);
  }

  /** {@return the football pitch: 211 training and 200 test rows} */
  CoursePoints football() throws IOException {
    if (has("football")) {
      return read("football", "train.csv", Optional.of("test.csv"));
    }
    return new CoursePoints(
        "a generated look-alike", false, pitch(0, 211), Optional.of(pitch(1, 200)));
  }

  /** {@return the noisy circles: 300 training and 100 test rows} */
  CoursePoints circles() throws IOException {
    if (has("circles")) {
      return read("circles", "train.csv", Optional.of("test.csv"));
    }
    return new CoursePoints(
        "generated from the course's seeds", true, circles(1, 300), Optional.of(circles(2, 100)));
  }

  /** {@return the two moons: 300 training rows} */
  CoursePoints moons() throws IOException {
    if (has("moons")) {
      return read("moons", "moons.csv", Optional.empty());
    }
    return new CoursePoints(
        "generated from the course's seed", true, moons(3, 300), Optional.empty());
  }

  private boolean has(String set) {
    return folder != null && Files.isDirectory(folder.resolve(set));
  }

  private CoursePoints read(String set, String training, Optional<String> test) throws IOException {
    Path place = folder.resolve(set);
    Dataset trained = rows(place.resolve(training));
    Optional<Dataset> tested =
        test.isPresent() ? Optional.of(rows(place.resolve(test.get()))) : Optional.empty();
    return new CoursePoints(place.toString(), true, trained, tested);
  }

  private static Dataset rows(Path file) throws IOException {
    FileChecks.requireReadable(file);
    Table table = CsvTable.read(file, Optional.of(true));
    int[] all = table.all();
    float[] labels = table.numbers(table.column("label"), all);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new IOException(
            "%s line %d: label %s; expected 0 or 1"
                .formatted(file, table.rows().get(i).line(), labels[i]));
      }
    }
    return points(
        table.numbers(table.column("x1"), all), table.numbers(table.column("x2"), all), labels);
  }

  private static Dataset points(float[] x1, float[] x2, float[] labels) {
    float[] features = new float[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      features[2 * i] = x1[i];
      features[2 * i + 1] = x2[i];
    }
    return Dataset.of(features, 2, labels, 1);
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
