package dev.lanewise.jmh.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A file of vectors: lines that describe a case, then tensors, each a line {@code tensor NAME ROWS
 * COLUMNS} with its rows below, in the fewest digits that give the doubles back.
 */
final class VectorFile {

  private final List<String> lines = new ArrayList<>();

  VectorFile(String about) {
    lines.add("# libtorch %s, float64: %s".formatted(torch.TORCH_VERSION, about));
  }

  VectorFile describe(String kind, String description) {
    lines.add(kind + " " + description);
    return this;
  }

  VectorFile describe(String kind, List<String> descriptions) {
    descriptions.forEach(description -> describe(kind, description));
    return this;
  }

  /** Adds a tensor; what is no matrix is one row. */
  VectorFile add(String name, Tensor tensor) {
    boolean matrix = tensor.dim() == 2;
    return add(name, Doubles.values(tensor), matrix ? (int) tensor.size(0) : 1);
  }

  private VectorFile add(String name, double[] values, int rows) {
    int columns = values.length / rows;
    lines.add("tensor %s %d %d".formatted(name, rows, columns));
    for (int r = 0; r < rows; r++) {
      StringBuilder row = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        double value = values[r * columns + c];
        row.append(c == 0 ? "" : " ").append(value);
      }
      lines.add(row.toString());
    }
    return this;
  }

  void write(Path file) throws IOException {
    Files.write(file, lines);
  }

  /**
   * {@return by how much the numbers of a file differ from these, in units of a tensor's largest
   * magnitude; infinite where it has other lines}
   */
  double distance(Path file) throws IOException {
    List<String> others = Files.readAllLines(file);
    if (others.size() != lines.size()) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    double apart = 0;
    double largest = 0;
    boolean numbers = false;
    for (int i = 0; i < lines.size(); i++) {
      numbers |= lines.get(i).startsWith("tensor ");
      if (!numbers || lines.get(i).startsWith("tensor ")) {
        worst = Math.max(worst, apart == 0 ? 0 : apart / largest);
        apart = 0;
        largest = 0;
        if (!lines.get(i).equals(others.get(i))) {
          return Double.POSITIVE_INFINITY;
        }
        continue;
      }
      String[] ours = lines.get(i).split(" ");
      String[] theirs = others.get(i).split(" ");
      for (int c = 0; c < ours.length; c++) {
        double value = Double.parseDouble(ours[c]);
        largest = Math.max(largest, Math.abs(value));
        apart = Math.max(apart, Math.abs(value - Double.parseDouble(theirs[c])));
      }
    }
    return Math.max(worst, apart == 0 ? 0 : apart / largest);
  }
}
