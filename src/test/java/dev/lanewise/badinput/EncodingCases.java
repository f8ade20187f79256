package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.QUESTION;
import static dev.lanewise.data.Augmentation.Mirror.VERTICAL;
import static java.lang.Double.NaN;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.RowReport;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Tables;
import dev.lanewise.data.Target;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bad input to what the package {@code data} encodes: tables, images, their augmentations. */
final class EncodingCases {

  private static final Column.Pixels GREY = new Column.Pixels(2, 2, 1);
  private static final Target CLASSES = new Target.Classes(List.of("no", "yes"));
  private static final Path NOWHERE = Path.of("target", "no such images-idx3");

  private EncodingCases() {}

  static void list(BadInputs bad) {
    augmentations(bad);
    columns(bad);
    tables(bad);
    targets(bad);
    roles(bad);
    encoders(bad);
    images(bad);
    files(bad);
  }

  private static void augmentations(BadInputs bad) {
    String shift = "new Augmentation.Shift(Pixels, int)";
    bad.refuses(shift, () -> new Augmentation.Shift(GREY, 2), "pixels: 2");
    bad.refuses(shift, () -> new Augmentation.Shift(GREY, -1), "pixels: -1");
    bad.refuses(
        "new Augmentation.Crop(Pixels, int)", () -> new Augmentation.Crop(GREY, 2), "padding: 2");
    bad.refuses(
        "new Augmentation.Flip(Pixels, Mirror, double)",
        () -> new Augmentation.Flip(GREY, VERTICAL, 1.5),
        "probability: 1.5");
    bad.takeAnything(BadInputs.CHECKED, "Augmentation.Flip.of(Pixels, Mirror)");
    bad.refuses(
        "new Augmentation.Rotate(Pixels, double)",
        () -> new Augmentation.Rotate(GREY, 181),
        "degrees: 181.0");
    String zoom = "new Augmentation.Zoom(Pixels, double, double)";
    bad.refuses(zoom, () -> new Augmentation.Zoom(GREY, 0, 1), "min, max: 0.0, 1.0");
    bad.refuses(zoom, () -> new Augmentation.Zoom(GREY, 2, 1), "min, max: 2.0, 1.0");
    bad.refuses(
        "new Augmentation.Brightness(Pixels, double)",
        () -> new Augmentation.Brightness(GREY, NaN),
        "delta: NaN");
    bad.refuses(
        "new Augmentation.Contrast(Pixels, double, double)",
        () -> new Augmentation.Contrast(GREY, -1, 1),
        "min, max: -1.0, 1.0");
    String colour = "new Augmentation.Colour(Pixels, double, double)";
    Column.Pixels rgb = new Column.Pixels(2, 2, 3);
    bad.refuses(colour, () -> new Augmentation.Colour(GREY, 0.1, 0), "shape: 2 x 2 x 1");
    bad.refuses(colour, () -> new Augmentation.Colour(rgb, 2, 0), "gain: 2.0");
    bad.refuses(colour, () -> new Augmentation.Colour(rgb, 0, -1), "shift: -1.0");
    bad.refuses(
        "new Augmentation.Noise(double)", () -> new Augmentation.Noise(-1), "deviation: -1.0");
    bad.refuses("new Augmentation.Mixup(double)", () -> new Augmentation.Mixup(0), "alpha: 0.0");
  }

  private static void columns(BadInputs bad) {
    bad.refuses(
        "new Column.Numeric(String, double, boolean)",
        () -> new Column.Numeric("x", Float.NaN, false),
        "column x: median NaN");
    bad.refuses(
        "new Column.Categorical(String, List, boolean)",
        () -> new Column.Categorical("x", List.of("a", "a"), false),
        "column x: a");
    String categories = "new Column.Categorical(String, List, boolean, boolean, Code)";
    for (Column.Code code : Column.Code.values()) {
      bad.refuses(
          categories,
          () -> new Column.Categorical("x", List.of("a", "a"), false, false, code),
          "column x: a");
    }
    bad.refuses(
        categories,
        () -> new Column.Categorical("x", List.of("a"), false, false, Column.Code.SIGN),
        "column x: 1 categories as a sign; expected two");
    bad.refuses(
        categories,
        () -> new Column.Categorical("x", List.of("a", "b"), true, true, Column.Code.SIGN),
        "column x: 2 categories and others and missing as a sign");
    bad.refuses(
        "new Column.Bool(String, boolean, boolean, boolean)",
        () -> new Column.Bool("x", true, true, true),
        "column x: signed and flagged");
    bad.refuses(
        "new Column.Categorical(String, List, boolean, boolean)",
        () -> new Column.Categorical("x", List.of("a", "a"), true, false),
        "column x: a");
    Column.Range range = new Column.Range(0, 1);
    bad.refuses(
        "new Column.Numeric(String, double, boolean, Range)",
        () -> new Column.Numeric("x", 1e39, false, range),
        "column x: median 1.0E39");
    bad.refuses(
        "new Column.Date(String, double, boolean, Range)",
        () -> new Column.Date("x", 1e39, false, range),
        "column x: median 1.0E39");
    bad.refuses(
        "new Column.Range(double, double)", () -> new Column.Range(1, 0), "min, max: 1.0, 0.0");
    bad.refuses(
        "new Column.Range(double, double)",
        () -> new Column.Range(1, Double.POSITIVE_INFINITY),
        "min, max: 1.0, Infinity");
    bad.takeAnything(BadInputs.QUESTION, "Column.Range.contains(double)");
    String pixels = "new Column.Pixels(int, int, int)";
    bad.refuses(pixels, () -> new Column.Pixels(0, 1, 1), "image of 0 x 1 x 1");
    bad.refuses(pixels, () -> new Column.Pixels(1, -1, 1), "image of 1 x -1 x 1");
    bad.refuses(pixels, () -> new Column.Pixels(1, 1, 0), "image of 1 x 1 x 0");
    bad.refuses(pixels, () -> new Column.Pixels(1 << 16, 1 << 15, 1), "image of 65536 x 32768");
    bad.refuses(pixels, () -> new Column.Pixels(1 << 15, 1 << 15, 3), "image of 32768 x 32768 x 3");
    bad.takeAnything(
        "any text is a name",
        "new Column.Bool(String, boolean, boolean)",
        "new Column.Ignored(String)",
        "new Column.Label(String)");
  }

  private static Table table() {
    return Tables.read(TableReader.create(), "file.csv", "x,y", "1,no", "2,yes");
  }

  private static void tables(BadInputs bad) {
    String column = "Table.column(String)";
    bad.refuses(column, () -> table().column("z"), DataException.class, "no column z");
    bad.refuses(column, () -> table().column("3"), DataException.class, "no column 3");
    bad.refusesIndex("Table.name(int)", () -> table().name(2), "Index 2");
    bad.refusesIndex("Table.name(int)", () -> table().name(-1), "Index -1");
    bad.refusesIndex("Table.kind(int)", () -> table().kind(2), "Index 2");
    bad.refusesIndex("Table.line(int)", () -> table().line(2), "Index 2");
    bad.refusesIndex("Table.isMissing(int, int)", () -> table().isMissing(2, 0), "Index 2");
    bad.refusesIndex("Table.isMissing(int, int)", () -> table().isMissing(0, -1), "Index -1");
    bad.refusesIndex("Table.text(int, int)", () -> table().text(-1, 0), "Index -1");
    bad.refusesIndex("Table.text(int, int)", () -> table().text(0, 2), "Index 2");
    String number = "Table.number(int, int)";
    bad.refusesIndex(number, () -> table().number(2, 0), "Index 2");
    bad.refusesIndex(number, () -> table().number(0, 2), "Index 2");
    bad.refusesIndex(
        "Table.select(int[])", () -> table().select(new int[] {0, 2}), "rows: 2; expected 0 to 1");
    String numbers = "Table.numbers(int, int[])";
    Table words = Tables.read(TableReader.create(), "file.csv", "x,y", "1,a", "2,b");
    bad.refuses(
        number, () -> words.number(1, 1), DataException.class, "file.csv line 3, column y: b");
    bad.refuses(
        numbers,
        () -> words.numbers(1, new int[] {1}),
        DataException.class,
        "file.csv line 3, column y: b");
    bad.refusesIndex(numbers, () -> table().numbers(0, new int[] {2}), "2");
    bad.refusesIndex(numbers, () -> table().numbers(2, new int[] {0}), "Index 2");
    bad.takeAnything(QUESTION, "Table.isNumber(String)");
    readers(bad);
  }

  private static void readers(BadInputs bad) {
    String name = NOWHERE.getFileName().toString();
    bad.refuses("Table.csv(Path)", () -> Table.csv(NOWHERE), IOException.class, name);
    TableReader reader = TableReader.create();
    bad.refuses("TableReader.csv(Path)", () -> reader.csv(NOWHERE), IOException.class, name);
    bad.refuses(
        "TableReader.csv(InputStream, String)",
        () -> reader.csv(InputStream.nullInputStream(), "nothing"),
        DataException.class,
        "nothing: no lines");
    bad.refuses(
        "TableReader.stream(Path, Encoder)",
        () -> reader.stream(NOWHERE, encoder()),
        IOException.class,
        name);
    bad.refuses("TableReader.withMostRows(int)", () -> reader.withMostRows(0), "rows: 0");
    List<Map<String, Object>> maps = List.of(Map.of("x", List.of()));
    bad.refuses(
        "Table.ofMaps(Iterable)",
        () -> Table.ofMaps(maps),
        DataException.class,
        "maps row 1, column x: a List; expected");
    bad.refuses(
        "TableReader.maps(Iterable)",
        () -> reader.maps(maps),
        DataException.class,
        "maps row 1, column x: a List; expected");
    List<List<?>> rows = List.of(List.of(1, 2), List.of(3));
    bad.refuses(
        "Table.ofRows(List, Iterable)",
        () -> Table.ofRows(List.of("x", "y"), rows),
        DataException.class,
        "rows row 2: 1 field; expected 2");
    bad.refuses(
        "TableReader.rows(List, Iterable)",
        () -> reader.rows(List.of("x", "x"), rows),
        DataException.class,
        "rows: the column name x stands twice");
    List<Row> records = List.of(new Row(1, List.of()));
    bad.refuses(
        "Table.ofRecords(Class, Iterable)",
        () -> Table.ofRecords(Row.class, records),
        DataException.class,
        "Row row 1, column y: a List; expected");
    bad.refuses(
        "TableReader.records(Class, Iterable)",
        () -> reader.records(Row.class, records),
        DataException.class,
        "Row row 1, column y: a List; expected");
    bad.refuses(
        "Table.ofRecords(Class, Iterable, Lookup)",
        () -> Table.ofRecords(Row.class, records, MethodHandles.publicLookup()),
        "lookup: ");
    bad.refuses(
        "TableReader.records(Class, Iterable, Lookup)",
        () -> reader.records(Row.class, records, MethodHandles.publicLookup()),
        "lookup: ");
    bad.takeAnything(
        "what a data base may do wrong, its driver says",
        "Table.of(ResultSet)",
        "TableReader.resultSet(ResultSet)");
    bad.takeAnything(
        "whether there are such columns is for a source to say",
        "TableReader.withLabels(String[])",
        "TableReader.withKind(String, Kind)",
        "TableReader.withIgnored(String[])",
        "TableReader.withMissing(String[])",
        "TableReader.withRoles(Roles)",
        "TableReader.withEncoder(Encoder)",
        "TableReader.withColumnsOf(Table)");
    bad.takeAnything(QUESTION, "TableReader.withHeader(boolean)");
    bad.takeAnything("whoever listens may do anything", "TableReader.withProgress(LongConsumer)");
    bad.takeAnything(
        "what is said to a user", "new DataException(String)", "new DataException(String, Remedy)");
  }

  /**
   * A row whose second component may hold what no table takes.
   *
   * @param x a number
   * @param y anything
   */
  private record Row(int x, Object y) {}

  private static void targets(BadInputs bad) {
    bad.refuses("new Target.Classes(List)", () -> new Target.Classes(List.of("a")), "classes: [a]");
    bad.refusesIndex("Target.Classes.of(Table, int)", () -> Target.Classes.of(table(), 2), "2");
    Target.Classes abc = new Target.Classes(List.of("a", "b", "c"));
    bad.refuses(
        "Target.Classes.numbers(Table, int, int[])",
        () -> abc.numbers(table(), 1, new int[] {0}),
        DataException.class,
        "file.csv line 2, column y: no; expected one of the classes a, b, c");
    bad.refuses(
        "new Target.Values(Standardizer)",
        () -> new Target.Values(Standardizer.of(new double[0], new double[0])),
        "values: no columns");
    bad.refuses(
        "new Target.Values(Standardizer)",
        () -> new Target.Values(Standardizer.robust(new double[1], new double[1])),
        "scale: standardises 1 columns by median and quartiles");
    bad.refuses(
        "new Target.Values(double, double)",
        () -> new Target.Values(0, 0),
        "mean 0.0, deviation 0.0");
    Standardizer one = Standardizer.of(new double[1], new double[] {1});
    Column.Range range = new Column.Range(0, 1);
    String ranged = "new Target.Values(Standardizer, List)";
    bad.refuses(
        ranged, () -> new Target.Values(one, List.of(range, range)), "ranges: 2; expected 1");
    bad.refuses(
        ranged,
        () -> new Target.Values(one, List.of(Column.Range.UNKNOWN)),
        "ranges: [Range[min=-Infinity, max=Infinity]]; expected finite numbers");
    bad.refuses(
        "Target.Values.withRanges(List)",
        () -> Target.Values.unscaled(2).withRanges(List.of(range)),
        "ranges: 1; expected 2");
    bad.refuses("Target.Values.unscaled(int)", () -> Target.Values.unscaled(0), "columns: 0");
    Target.Values two = Target.Values.unscaled(2);
    bad.refuses(
        "Target.Values.scaled(double[])", () -> two.scaled(new double[3]), "values: 3 numbers");
    String restore = "Target.Values.restore(float[], int)";
    bad.refuses(restore, () -> two.restore(new float[3], 2), "scores: length 3; expected 2 rows");
    bad.refuses(restore, () -> two.restore(new float[2], -1), "scores: length 2; expected -1 rows");
    bad.refuses(
        "Target.Values.clamp(float[], int)",
        () -> two.clamp(new float[3], 2),
        "predictions: length 3; expected 2 rows");
    bad.refuses(
        "Target.Values.clamp(double[], int)",
        () -> two.clamp(new double[2], -1),
        "predictions: length 2; expected -1 rows");
    String inDouble = "Target.Values.restore(float[], int, double[])";
    bad.refuses(inDouble, () -> two.restore(new float[3], 2, new double[4]), "scores: length 3");
    bad.refuses(inDouble, () -> two.restore(new float[4], 2, new double[3]), "out: length 3");
  }

  private static void roles(BadInputs bad) {
    bad.refuses(
        "Roles.Task.of(Table, String)",
        () -> Roles.Task.of(table(), "z"),
        DataException.class,
        "no column z");
    String roles = "Roles.of(List, Task)";
    List<String> none = List.of();
    bad.refuses(roles, () -> Roles.of(none, Roles.Task.REGRESS), "labels: []");
    bad.refuses(roles, () -> Roles.of(List.of("a", "b"), Roles.Task.CLASSIFY), "labels: [a, b]");
    bad.takeAnything(
        "whether there are such columns is for a table to say",
        "Roles.of(String, Task)",
        "Roles.withIgnored(String[])",
        "Roles.withCategorical(String[])",
        "Roles.withWeights(String)",
        "Roles.withGroups(String)");
  }

  private static Encoder encoder() {
    return Encoder.fit(
        table(), Roles.of("y", Roles.Task.CLASSIFY), new int[] {0, 1}, Encoder.Options.standard());
  }

  private static void encoders(BadInputs bad) {
    String encoder = "Encoder.of(boolean, List, Optional, Target)";
    Column x = new Column.Numeric("x", 0, false);
    Optional<Standardizer> two = Optional.of(Standardizer.of(new double[2], new double[] {1, 1}));
    bad.refuses(
        encoder,
        () -> Encoder.of(true, List.of(new Column.Label("y")), Optional.empty(), CLASSES),
        "columns: 0 encoded columns");
    bad.refuses(
        encoder, () -> Encoder.of(true, List.of(x, x), Optional.empty(), CLASSES), "columns: x");
    bad.refuses(
        encoder, () -> Encoder.of(true, List.of(x), two, CLASSES), "standardizer: 2 columns");
    String fit = "Encoder.fit(Table, Roles, int[], Options)";
    Roles byY = Roles.of("y", Roles.Task.CLASSIFY);
    bad.refuses(
        fit,
        () -> Encoder.fit(table(), byY, new int[0], Encoder.Options.standard()),
        "training rows: none");
    bad.refuses(
        fit,
        () ->
            Encoder.fit(
                table(),
                Roles.of("z", Roles.Task.CLASSIFY),
                new int[] {0},
                Encoder.Options.standard()),
        DataException.class,
        "no column z");
    bad.refusesIndex(
        fit, () -> Encoder.fit(table(), byY, new int[] {2}, Encoder.Options.standard()), "2");
    bad.takeAnything(
        BadInputs.QUESTION,
        "Encoder.Options.withClampedPredictions(boolean)",
        "Encoder.Options.withScaledTargets(boolean)",
        "Encoder.Options.withSignedPairs(boolean)",
        "Encoder.Options.withMissingCategory(boolean)",
        "Encoder.Options.withStandardize(boolean)");
    String features = "Encoder.features(Table, int[])";
    Table other = Tables.read(TableReader.create(), "other.csv", "u,v", "1,no", "2,yes");
    bad.refuses(
        features,
        () -> encoder().features(other, new int[] {0}),
        DataException.class,
        "other.csv: no column x");
    bad.refusesIndex(features, () -> encoder().features(table(), new int[] {2}), "2");
    bad.refuses(
        "Encoder.dataset(Table, int[])",
        () -> encoder().dataset(other, new int[] {0}),
        DataException.class,
        "other.csv: no column y");
    String labelled = "Encoder.dataset(Table, int[], String[])";
    bad.refuses(
        labelled, () -> encoder().dataset(table(), new int[] {0}, "x", "y"), "labels: [x, y]");
    bad.refuses(
        "Encoder.encode(Map)",
        () -> encoder().encode(Map.of("z", 1)),
        DataException.class,
        "values: no column z");
    bad.refuses(
        "Encoder.encode(List)",
        () -> encoder().encode(List.of(1, 2)),
        DataException.class,
        "values: 2; expected");
    rowEncoders(bad);
    String ofImages = "Encoder.features(Images, int[])";
    bad.refuses(
        ofImages,
        () -> encoder().features(two(), new int[] {0}),
        DataException.class,
        "images of 2 x 2 x 1");
    bad.refusesIndex(ofImages, () -> Encoder.fit(two()).features(two(), new int[] {2}), "Index 2");
    bad.refuses(
        "Encoder.dataset(Images, int[])",
        () -> encoder().dataset(two(), new int[] {0}),
        DataException.class,
        "images of 2 x 2 x 1");
    bad.refuses(
        "Encoder.fit(Images)",
        () -> Encoder.fit(new Idx.Images("file", GREY, new byte[4], new byte[1])),
        DataException.class,
        "file: labels of the classes [0]");
  }

  /**
   * A row with a component that no column has.
   *
   * @param x a column
   * @param z none
   */
  record Wrong(double x, double z) {}

  /**
   * A row.
   *
   * @param x a column
   */
  record Right(double x) {}

  private static void rowEncoders(BadInputs bad) {
    Encoder encoder = encoder();
    bad.refuses(
        "Encoder.forRecords(Class)",
        () -> encoder.forRecords(Wrong.class),
        DataException.class,
        "component z is no column");
    bad.refuses(
        "Encoder.forRecords(Class, Lookup)",
        () -> encoder.forRecords(Right.class, MethodHandles.publicLookup()),
        "lookup: java.lang.Object/publicLookup may not access");
    bad.refuses("Encoder.join(List)", () -> Encoder.join(List.of()), "encoders: none");
    bad.refuses(
        "Encoder.Options.withIndexAbove(int)",
        () -> Encoder.Options.standard().withIndexAbove(0),
        "values: 0; expected at least 1");
    bad.takeAnything(BadInputs.RESULT, "new Encoder.Encoded(Column, What, int)");
    bad.refuses(
        "Encoder.Options.withMaxCategories(int)",
        () -> Encoder.Options.standard().withMaxCategories(0),
        "most: 0");
    bad.takeAnything(BadInputs.CHECKED, "Encoder.Options.withScale(Scale)");
    bad.takeAnything("any text is a word", "Encoder.withMissingWords(List)");
    RowEncoder<Object[]> values = encoder.forValues();
    String encode = "RowEncoder.encode(Object, float[], int)";
    bad.refuses(
        encode, () -> values.encode(new Object[] {1}, new float[1], 1), "out: length 1; expected");
    bad.refuses(encode, () -> values.encode(new Object[] {1}, new float[1], -1), "from place -1");
    bad.refuses(
        encode,
        () -> values.encode(new Object[] {"?x"}, new float[1], 0),
        DataException.class,
        "column x: ?x");
    bad.refuses(
        "RowEncoder.encode(Object, float[], int, RowReport)",
        () -> values.encode(new Object[2], new float[1], 0, new RowReport()),
        DataException.class,
        "values: 2; expected 1");
    bad.refusesIndex("RowReport.state(int)", () -> new RowReport().state(0), "Index 0");
    bad.takeAnything(BadInputs.QUESTION, "RowReport.count(State)", "RowReport.names(State)");
  }

  private static Idx.Images two() {
    return new Idx.Images("file", GREY, new byte[8], new byte[] {0, 1});
  }

  private static void images(BadInputs bad) {
    String images = "new Idx.Images(String, Pixels, byte[], byte[])";
    bad.refuses(images, () -> new Idx.Images("f", GREY, new byte[5], new byte[0]), "f: 5 bytes");
    bad.refuses(
        images,
        () -> new Idx.Images("f", GREY, new byte[8], new byte[3]),
        "f: 2 images, but 3 labels");
    String numbers = "Idx.Images.numbers(Classes, int[])";
    Target.Classes others = new Target.Classes(List.of("1", "2"));
    bad.refuses(
        numbers,
        () -> two().numbers(others, new int[] {0}),
        DataException.class,
        "file: label 0 of image 1; expected");
    bad.refusesIndex(numbers, () -> two().numbers(others, new int[] {2}), "Index 2");
    bad.refuses(
        numbers,
        () -> new Idx.Images("f", GREY, new byte[4], new byte[0]).numbers(others, new int[] {0}),
        DataException.class,
        "f: images without labels");
  }

  private static void files(BadInputs bad) {
    String name = NOWHERE.getFileName().toString();
    bad.refuses("Idx.recognizes(Path)", () -> Idx.recognizes(NOWHERE), IOException.class, name);
    bad.refuses("Idx.images(Path)", () -> Idx.images(NOWHERE), IOException.class, name);
    bad.refuses(
        "Idx.labelsFile(Path)", () -> Idx.labelsFile(null), NullPointerException.class, "file");
    bad.refuses("Idx.labelled(Path)", () -> Idx.labelled(NOWHERE), IOException.class, name);
    bad.refuses("Idx.first(Path, int)", () -> Idx.first(NOWHERE, -1), "most: -1");
    bad.refuses(
        "Idx.rows(Path, Encoder)", () -> Idx.rows(NOWHERE, encoder()), IOException.class, name);
  }
}
