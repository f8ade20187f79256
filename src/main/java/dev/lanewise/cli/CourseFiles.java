package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.course.CoursePoints;
import dev.lanewise.course.CourseSet;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The course's sets of points: read from a folder where they are there, else generated. */
final class CourseFiles {

  /** Null where everything is generated. */
  private final Path folder;

  private CourseFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return the sets of a folder, those that are absent generated}
   *
   * @param folder the folder that has folders {@code football}, {@code circles} and {@code moons};
   *     null for none
   * @throws IOException if it is no folder
   */
  static CourseFiles in(Path folder) throws IOException {
    if (folder != null && !Files.readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
      throw new IOException(folder + ": a file; expected a folder");
    }
    return new CourseFiles(folder);
  }

  /** {@return the files that some sets are read from} */
  Stream<Given> given(Stream<CourseSet> sets) {
    if (folder == null) {
      return Stream.empty();
    }
    return sets.filter(set -> Files.isDirectory(folder.resolve(set.folder())))
        .flatMap(
            set ->
                set.files().stream()
                    .map(file -> folder.resolve(set.folder()).resolve(file))
                    .flatMap(file -> Given.of("an input", file)));
  }

  /** {@return a set} */
  CoursePoints points(CourseSet set) throws IOException {
    if (folder == null) {
      return set.generated();
    }
    Path place = folder.resolve(set.folder());
    if (!Files.isDirectory(place)) {
      return set.generated().with(": no %s in %s".formatted(set.folder(), folder));
    }
    List<Dataset> rows = new ArrayList<>();
    for (String file : set.files()) {
      rows.add(rows(place.resolve(file)));
    }
    return set.read(place.toString(), rows);
  }

  private static Dataset rows(Path file) throws IOException {
    FileChecks.requireReadable(file);
    Table table = TableReader.create().withHeader(true).csv(file);
    float[] labels = numbers(table, "label");
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new IOException(
            "%s line %d: label %s; expected 0 or 1".formatted(file, table.line(i), labels[i]));
      }
    }
    return CourseSet.points(numbers(table, "x1"), numbers(table, "x2"), labels);
  }

  private static float[] numbers(Table table, String column) {
    double[] numbers = table.numbers(table.column(column), table.all());
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
