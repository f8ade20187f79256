package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows that a model is most wrong about, with what stands in them or shows. */
final class WorstSection {

  /** The most columns whose cells are shown. */
  static final int MOST_COLUMNS = 8;

  private static final int MOST_TARGETS = 3;

  /** The most bytes of all pictures. */
  private static final int MOST_PICTURE_BYTES = 16_000;

  private WorstSection() {}

  static Section of(String set, JudgedClasses judged, RawRows raw, List<String> columns) {
    int[] worst = Worst.of(judged.rows(), r -> -judged.logProbability(r, judged.actual(r)));
    List<String> labels = judged.evaluation().labels();
    List<String> header =
        new ArrayList<>(
            List.of(
                raw.unit(),
                "true class",
                "taken for",
                "probability of the true class",
                "probability of the likeliest other",
                "loss"));
    List<List<Json>> rows = new ArrayList<>();
    for (int r : worst) {
      int actual = judged.actual(r);
      int other = likeliestOther(judged, r);
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(raw.place(r)));
      row.add(Grid.cell(Texts.cut(labels.get(actual))));
      row.add(Grid.cell(Texts.cut(labels.get(judged.predicted(r)))));
      row.add(Texts.cell(judged.probability(r, actual)));
      row.add(Texts.cell(judged.probability(r, other)));
      row.add(Texts.cell(-judged.logProbability(r, actual)));
      rows.add(row);
    }
    return section(
        set,
        "The %d rows with the largest log loss, whose own class has the smallest probability. Wrong"
                .formatted(worst.length)
            + " labels are often among them.",
        worst,
        header,
        rows,
        raw,
        columns);
  }

  /** {@return the likeliest class but the true one} */
  private static int likeliestOther(JudgedClasses judged, int row) {
    int best = -1;
    for (int c = 0; c < judged.classes(); c++) {
      if (c != judged.actual(row)
          && (best < 0 || judged.logProbability(row, c) > judged.logProbability(row, best))) {
        best = c;
      }
    }
    return best;
  }

  static Section of(
      String set, JudgedValues judged, int[] worst, RawRows raw, List<String> columns) {
    int shown = Math.min(MOST_TARGETS, judged.columns());
    List<String> header = new ArrayList<>(List.of(raw.unit()));
    for (int c = 0; c < shown; c++) {
      String name = Texts.cut(judged.name(c));
      header.addAll(List.of("true " + name, "predicted " + name));
    }
    header.add(judged.columns() == 1 ? "residual" : "largest error in RMSEs");
    List<List<Json>> rows = new ArrayList<>();
    for (int r : worst) {
      List<Json> row = new ArrayList<>(List.of(Grid.cell(raw.place(r))));
      for (int c = 0; c < shown; c++) {
        row.add(Grid.cell(judged.actual(r, c)));
        row.add(Grid.cell(judged.predicted(r, c)));
      }
      row.add(
          judged.columns() == 1
              ? Texts.cell(judged.actual(r, 0) - judged.predicted(r, 0))
              : Texts.cell(judged.error(r)));
      rows.add(row);
    }
    String what =
        judged.columns() == 1
            ? "The %d rows that are predicted worst.".formatted(worst.length)
            : "The %d rows with the largest error of a value, in units of its RMSE."
                    .formatted(worst.length)
                + (shown < judged.columns()
                    ? " Of %d values the first %d are shown.".formatted(judged.columns(), shown)
                    : "");
    return section(set, what, worst, header, rows, raw, columns);
  }

  private static Section section(
      String set,
      String what,
      int[] worst,
      List<String> header,
      List<List<Json>> rows,
      RawRows raw,
      List<String> wanted) {
    List<String> columns = raw.columns(wanted).stream().limit(MOST_COLUMNS).toList();
    for (String column : columns) {
      header.add(Texts.cut(column));
      for (int i = 0; i < worst.length; i++) {
        rows.get(i).add(Grid.cell(Texts.cut(raw.cell(worst[i], column))));
      }
    }
    List<Part> parts = new ArrayList<>(List.of(new Prose(what)));
    parts.addAll(pictures(worst, rows, raw));
    parts.add(new Grid(header, rows));
    return new Section(set + "-worst", "Worst rows (%s)".formatted(set), parts);
  }

  /** {@return the first rows as pictures, as many as are small together} */
  private static List<Part> pictures(int[] worst, List<List<Json>> rows, RawRows raw) {
    List<Pictures.Picture> pictures = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < worst.length; i++) {
      Optional<byte[]> png = raw.picture(worst[i]);
      if (png.isEmpty() || bytes + png.get().length > MOST_PICTURE_BYTES) {
        break;
      }
      bytes += png.get().length;
      List<Json> row = rows.get(i);
      String text =
          "%s %s: %s, taken for %s"
              .formatted(
                  raw.unit(), Grid.text(row.get(0)), Grid.text(row.get(1)), Grid.text(row.get(2)));
      pictures.add(new Pictures.Picture(png.get(), text));
    }
    if (pictures.isEmpty()) {
      return List.of();
    }
    return pictures.size() < worst.length
        ? List.of(
            new Prose("The first %d as pictures:".formatted(pictures.size())),
            new Pictures(pictures))
        : List.of(new Pictures(pictures));
  }
}
