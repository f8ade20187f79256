package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows of a set as they stand in their file, for a reader who wants to look at some of them. Row
 * {@code r} here is row {@code r} of the encoded set.
 */
public sealed interface RawRows {

  /** {@return what a row is called in its file} */
  String unit();

  /**
   * {@return the number of a row in its file}
   *
   * @param row the row of the set, from 0
   */
  long place(int row);

  /**
   * {@return the columns that rows have, of those that are asked for}
   *
   * @param wanted names of columns
   */
  List<String> columns(List<String> wanted);

  /**
   * {@return the text of a cell; empty if it is missing}
   *
   * @param row the row of the set, from 0
   * @param column the name of a column that rows have
   */
  String cell(int row, String column);

  /**
   * {@return a row as a small picture, as PNG; empty if it is no image}
   *
   * @param row the row of the set, from 0
   */
  default Optional<byte[]> picture(int row) {
    return Optional.empty();
  }

  /**
   * {@return some rows of a table}
   *
   * @param table the table
   * @param rows the numbers of its rows that are the set's, in the set's order
   */
  static RawRows of(Table table, int[] rows) {
    return new OfTable(table, rows.clone());
  }

  /**
   * {@return some images}
   *
   * @param images the images
   * @param rows the numbers of the images that are the set's, in the set's order
   */
  static RawRows of(Idx.Images images, int[] rows) {
    return new OfImages(images, rows.clone());
  }

  /**
   * Rows of a table.
   *
   * @param table the table
   * @param rows the numbers of its rows; not copied
   */
  record OfTable(Table table, int[] rows) implements RawRows {

    /** Keeps them. */
    public OfTable {
      Objects.requireNonNull(table, "table");
    }

    @Override
    public String unit() {
      return "line";
    }

    @Override
    public long place(int row) {
      return table.line(rows[row]);
    }

    @Override
    public List<String> columns(List<String> wanted) {
      return wanted.stream().filter(this::has).toList();
    }

    private boolean has(String column) {
      return IntStream.range(0, table.columns())
          .anyMatch(c -> table.name(c).equals(column) && table.kind(c) != Table.Kind.IGNORED);
    }

    @Override
    public String cell(int row, String column) {
      String text = table.text(rows[row], table.column(column));
      return text == null ? "" : text;
    }
  }

  /**
   * Images.
   *
   * @param images the images
   * @param rows the numbers of those that are meant; not copied
   */
  record OfImages(Idx.Images images, int[] rows) implements RawRows {

    /** The most pixels of a side of a picture. */
    private static final int MOST_PIXELS = 32;

    /** Keeps them. */
    public OfImages {
      Objects.requireNonNull(images, "images");
    }

    @Override
    public String unit() {
      return "image";
    }

    @Override
    public long place(int row) {
      return rows[row] + 1L;
    }

    @Override
    public List<String> columns(List<String> wanted) {
      return List.of();
    }

    @Override
    public String cell(int row, String column) {
      return "";
    }

    /** Of larger images every second pixel is taken, or every third, and so on. */
    @Override
    public Optional<byte[]> picture(int row) {
      Column.Pixels shape = images.shape();
      int step = Math.ceilDiv(Math.max(shape.width(), shape.height()), MOST_PIXELS);
      int width = Math.ceilDiv(shape.width(), step);
      int height = Math.ceilDiv(shape.height(), step);
      int[] argb = new int[width * height];
      int first = rows[row] * shape.encodedColumns();
      for (int i = 0; i < argb.length; i++) {
        int pixel = i / width * step * shape.width() + i % width * step;
        argb[i] = argb(first + pixel * shape.channels());
      }
      return Optional.of(Png.of(argb, width));
    }

    /** Of three channels or more the first are red, green and blue; else the first is grey. */
    private int argb(int at) {
      boolean coloured = images.shape().channels() >= 3;
      int red = Byte.toUnsignedInt(images.pixels()[at]);
      int green = coloured ? Byte.toUnsignedInt(images.pixels()[at + 1]) : red;
      int blue = coloured ? Byte.toUnsignedInt(images.pixels()[at + 2]) : red;
      return 0xff000000 | red << 16 | green << 8 | blue;
    }
  }
}
