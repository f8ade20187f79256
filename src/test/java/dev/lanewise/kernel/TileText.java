package dev.lanewise.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes the source of the tiles of products: {@link BlockTiles} and {@link InPlaceTiles} are what
 * this program prints, which {@link TilesTest} checks. To change a tile, change it here and run
 * {@link #main} in the project's folder.
 */
final class TileText {

  /** The rows of a block of A. */
  private static final int BLOCK = 8;

  private static final Path SOURCES = Path.of("src/main/java/dev/lanewise/kernel");

  private static final List<String> NUMBERS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve");

  private final StringBuilder text = new StringBuilder();

  private TileText() {}

  /** Overwrites the two sources. */
  public static void main(String[] none) throws IOException {
    Files.writeString(SOURCES.resolve("BlockTiles.java"), blockTiles());
    Files.writeString(SOURCES.resolve("InPlaceTiles.java"), inPlaceTiles());
  }

  static String blockTiles() {
    TileText tiles = new TileText();
    tiles.begin(
        "BlockTiles",
        """
        /**
         * Tiles of products whose left factor is packed in blocks of rows: a step's elements of A lie side
         * by side, {@code aStep} from one step to the next. Written by {@code TileText}, a program among
         * the tests.
         */
        """);
    for (int vectors = 3; vectors >= 1; vectors--) {
      for (int rows = 8; rows >= 1; rows /= 2) {
        tiles.tile(new Tile(rows, 1, vectors, false, false));
      }
    }
    tiles.tile(new Tile(1, 3, 3, false, false));
    return tiles.end();
  }

  static String inPlaceTiles() {
    TileText tiles = new TileText();
    tiles.begin(
        "InPlaceTiles",
        """
        /**
         * Tiles of products that read the left factor in place, in either orientation: rows are {@code
         * aRow} apart, steps {@code aStep}. Written by {@code TileText}, a program among the tests.
         */
        """);
    tiles.tile(new Tile(6, 1, 2, true, false));
    tiles.tile(new Tile(4, 1, 2, true, true));
    tiles.tile(new Tile(2, 2, 2, true, false));
    tiles.tile(new Tile(1, 4, 2, true, false));
    tiles.tile(new Tile(1, 2, 2, true, false));
    tiles.tile(new Tile(1, 1, 2, true, false));
    tiles.tile(new Tile(12, 1, 1, true, false));
    tiles.tile(new Tile(4, 1, 1, true, true));
    return tiles.end();
  }

  /**
   * A tile.
   *
   * @param rows its rows
   * @param panels the panels it goes over
   * @param width the vectors of each
   * @param inPlace whether rows of A are a distance apart that is given
   * @param repeats whether it computes fewer rows, too, by repeating the last one
   */
  private record Tile(int rows, int panels, int width, boolean inPlace, boolean repeats) {

    int vectors() {
      return panels * width;
    }

    /** Whether it has all rows of a block, so that their number is the step of A. */
    boolean fills() {
      return rows == BLOCK;
    }

    String name() {
      String by = NUMBERS.get(vectors());
      return NUMBERS.get(rows) + "By" + Character.toUpperCase(by.charAt(0)) + by.substring(1);
    }

    String sum(int row, int vector) {
      return rows > 10 ? "c" + row : "c" + row + vector;
    }
  }

  private void begin(String name, String comment) {
    line("package dev.lanewise.kernel;");
    line("");
    line("import static dev.lanewise.kernel.Lanes.EXACT;");
    line("import static dev.lanewise.kernel.Lanes.FLOATS;");
    line("import static dev.lanewise.kernel.Lanes.LENGTH;");
    line("");
    if (name.equals("BlockTiles")) {
      line("import java.util.Objects;");
    }
    line("import jdk.incubator.vector.FloatVector;");
    line("");
    text.append(comment);
    line("final class " + name + " {");
    line("");
    line("  private " + name + "() {}");
  }

  private String end() {
    line("}");
    return text.toString();
  }

  private void tile(Tile tile) {
    line("");
    if (tile.repeats) {
      line(
          "  /** Computes up to "
              + NUMBERS.get(tile.rows)
              + " rows; missing rows repeat the last one. */");
    }
    line("  static void " + tile.name() + "(");
    List<String> parameters = new ArrayList<>(List.of("float[] a", "int ao"));
    if (tile.inPlace && tile.rows > 1) {
      parameters.add("int aRow");
    }
    if (!tile.fills()) {
      parameters.add("int aStep");
    }
    parameters.addAll(List.of("float[] b", "int bo"));
    if (tile.panels > 1) {
      parameters.add("int pitch");
    }
    parameters.addAll(List.of("float[] s", "int so"));
    if (tile.rows > 1) {
      parameters.add("int sRow");
    }
    parameters.addAll(List.of("float[] c", "int co"));
    if (tile.rows > 1) {
      parameters.add("int cRow");
    }
    if (tile.repeats) {
      parameters.add("int rows");
    }
    parameters.add("int depth");
    line("      " + String.join(",\n      ", parameters) + ") {");
    distances(tile);
    for (int row = 0; row < tile.rows; row++) {
      String at = at("so", row, tile.repeats ? "r" + row + " * sRow" : product(row, "sRow"));
      for (int v = 0; v < tile.vectors(); v++) {
        line(
            "    FloatVector %s = FloatVector.fromArray(FLOATS, s, %s);",
            tile.sum(row, v), plus(at, v));
      }
    }
    loop(tile);
    for (int row = 0; row < tile.rows; row++) {
      String at = at("co", row, tile.repeats ? "r" + row + " * cRow" : product(row, "cRow"));
      for (int v = 0; v < tile.vectors(); v++) {
        line("    EXACT.cast(%s).intoArray(c, %s);", tile.sum(row, v), plus(at, v));
      }
    }
    line("  }");
  }

  /** The distances of rows of A, up to the fourth: more rows are counted from another element. */
  private void distances(Tile tile) {
    if (!tile.inPlace) {
      return;
    }
    for (int row = 1; tile.repeats && row < tile.rows; row++) {
      line("    int r%d = Math.min(%d, rows - 1);", row, row);
    }
    int distances = tile.rows > 6 ? 4 : tile.rows;
    for (int row = 1; row < distances; row++) {
      line("    int a%d = %s;", row, tile.repeats ? "r" + row + " * aRow" : product(row, "aRow"));
    }
  }

  private void loop(Tile tile) {
    boolean far = tile.inPlace && tile.rows > 6;
    line("    int step = %s;", tile.width == 1 ? "LENGTH" : tile.width + " * LENGTH");
    line("    int end = bo + depth * step;");
    if (far) {
      line("    for (int bk = bo, ai = ao, ai4 = ao + 4 * aRow, ai8 = ao + 8 * aRow;");
      line("        bk < end;");
      line("        bk += step, ai += aStep, ai4 += aStep, ai8 += aStep) {");
    } else {
      String aStep = tile.fills() ? "" + tile.rows : "aStep";
      line("    for (int bk = bo, ai = ao; bk < end; bk += step, ai += %s) {", aStep);
    }
    if (tile.fills()) {
      // One check for all eight: C2's loop then takes two cycles less.
      line("      Objects.checkIndex(ai + %d, a.length);", tile.rows - 1);
    }
    IntFunction<String> right =
        v ->
            "FloatVector.fromArray(FLOATS, b, " + plus(panel(v / tile.width), v % tile.width) + ")";
    if (tile.rows > 1) {
      for (int v = 0; v < tile.vectors(); v++) {
        line("      FloatVector b%d = %s;", v, right.apply(v));
      }
    }
    for (int row = 0; row < tile.rows; row++) {
      String at =
          far
              ? at(row < 4 ? "ai" : "ai" + row / 4 * 4, row % 4, "a" + row % 4)
              : at("ai", row, (tile.inPlace ? "a" : "") + row);
      line(
          "      %sleft = EXACT.cast(FloatVector.broadcast(FLOATS, a[%s]));",
          row == 0 ? "FloatVector " : "", at);
      for (int v = 0; v < tile.vectors(); v++) {
        String sum = tile.sum(row, v);
        line("      %s = left.fma(%s, %s);", sum, tile.rows > 1 ? "b" + v : right.apply(v), sum);
      }
    }
    line("    }");
  }

  private static String panel(int panel) {
    return at("bk", panel, product(panel, "pitch"));
  }

  private static String at(String from, int index, String distance) {
    return index == 0 ? from : from + " + " + distance;
  }

  private static String product(int factor, String of) {
    return factor == 1 ? of : factor + " * " + of;
  }

  private static String plus(String at, int vector) {
    return vector == 0 ? at : at + " + " + product(vector, "LENGTH");
  }

  private void line(String format, Object... arguments) {
    text.append(arguments.length == 0 ? format : format.formatted(arguments)).append('\n');
  }
}
