package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static java.lang.Double.NaN;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.ClassWeights;
import dev.lanewise.data.ColumnShift;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Folds;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Split;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.StreamedRows;
import java.util.List;
import java.util.Map;

/** Bad input to the package {@code data}, but for what encodes: see {@link EncodingCases}. */
final class DataCases {

  private static final Split.Ratios RATIOS = new Split.Ratios(60, 20, 20);

  private DataCases() {}

  static void list(BadInputs bad) {
    datasets(bad);
    batches(bad);
    classWeights(bad);
    splits(bad);
    standardizers(bad);
    streams(bad);
    shifts(bad);
  }

  private static void shifts(BadInputs bad) {
    String between = "ColumnShift.between(Dataset, Dataset)";
    bad.refuses(between, () -> ColumnShift.between(rows(0), rows(1)), "first: no rows");
    bad.refuses(between, () -> ColumnShift.between(rows(1), rows(0)), "second: no rows");
    Dataset one = Dataset.of(new float[1], 1, new float[1], 1);
    bad.refuses(between, () -> ColumnShift.between(rows(1), one), "second: 1 columns; expected");
    bad.takeAnything(BadInputs.RESULT, "new ColumnShift(int, double, double)");
  }

  private static Dataset rows(int count) {
    return Dataset.of(new float[2 * count], 2, new float[count], 1);
  }

  private static void datasets(BadInputs bad) {
    String of = "Dataset.of(float[], int, float[], int)";
    bad.refuses(of, () -> Dataset.of(new float[2], 0, new float[2], 1), "columns: 0");
    bad.refuses(of, () -> Dataset.of(new float[3], 2, new float[2], 1), "features: 3 numbers");
    bad.refuses(of, () -> Dataset.of(new float[2], 1, new float[2], -1), "targetColumns: -1");
    bad.refuses(of, () -> Dataset.of(new float[2], 1, new float[3], 1), "targets: 3 rows");
    String weights = "Dataset.withWeights(float[])";
    bad.refuses(weights, () -> rows(2).withWeights(new float[1]), "weights: 1 numbers");
    bad.refuses(weights, () -> rows(2).withWeights(new float[] {1, -1}), "weights: -1.0 in row 1");
    bad.refuses(
        weights, () -> rows(2).withWeights(new float[] {Float.NaN, 1}), "weights: NaN in row 0");
    String oneHot = "Dataset.oneHot(int)";
    bad.refuses(oneHot, () -> rows(2).oneHot(1), "classes: 1");
    bad.refuses(oneHot, () -> labelled(0, 2).oneHot(2), "targets: 2.0 in row 1");
    bad.refuses(oneHot, () -> labelled(0.5f).oneHot(2), "targets: 0.5 in row 0");
    bad.refuses(oneHot, () -> labelled(0, 1).oneHot(2).oneHot(2), "targets: 2 columns");
    bad.refusesIndex(
        "Dataset.select(int[])", () -> rows(2).select(new int[] {2}), "Index 2 out of bounds");
    bad.takeAnything(
        "every number is a seed or a sample's",
        "Dataset.bootstrap(long, int)",
        "Dataset.bootstrapRows(long, int)");
  }

  private static Dataset labelled(float... targets) {
    return Dataset.of(new float[targets.length], 1, targets, 1);
  }

  private static void batches(BadInputs bad) {
    String of = "Batches.of(ExampleSet, int, long, boolean)";
    bad.refuses(of, () -> Batches.of(rows(0), 1, 0, false), "data: 0 rows");
    bad.refuses(of, () -> Batches.of(rows(2), -1, 0, false), "batchSize: -1");
    bad.refuses(of, () -> Batches.of(rows(1), 1, 0, true), "data: 1 row");
    bad.refuses(of, () -> Batches.of(rows(3), 2, 0, true), "batchSize: 2 for 3 rows");
    bad.refuses(
        "Batches.of(ExampleSet, int, long, boolean, List)",
        () -> Batches.of(rows(2), -1, 0, false, List.of()),
        "batchSize: -1");
    String dropping = "Batches.of(ExampleSet, int, long, boolean, boolean, List)";
    bad.refuses(
        dropping, () -> Batches.of(rows(2), -1, 0, false, true, List.of()), "batchSize: -1");
    bad.refuses(
        dropping, () -> Batches.of(rows(3), 1, 0, true, true, List.of()), "batchSize: 1 for 3");
    String inOrder = "Batches.inOrder(Dataset, int, IntFunction)";
    bad.refuses(inOrder, () -> Batches.inOrder(rows(2), -1, e -> new int[2]), "batchSize: -1");
    bad.refuses(
        inOrder,
        () -> Batches.inOrder(rows(2), 1, epoch -> new int[2]).start(3),
        "order of epoch 3: expected each of the row numbers 0 to 1 once");
    bad.refuses(
        "Batches.unshuffled(ExampleSet, int)",
        () -> Batches.unshuffled(rows(0), 1),
        "data: 0 rows");
    bad.refuses("Batches.recommendedSize(int)", () -> Batches.recommendedSize(0), "rows: 0");
    bad.refuses(
        "Batches.start(int)", () -> Batches.of(rows(2), 1, 0, false).start(-1), "epoch: -1");
    bad.refusesIndex("Batches.get(int)", () -> Batches.of(rows(2), 1, 0, false).get(2), "Index 2");
    bad.refuses(
        "Batches.get(int)",
        () -> Batches.of(rows(2), 1, 0, false).get(0),
        IllegalStateException.class,
        "expected start(epoch) before get");

    Batch two = Batch.of(rows(2));
    String masks = "Batch.withMasks(Map)";
    bad.refuses(masks, () -> two.withMasks(Map.of(-1, new boolean[2])), "dropout: -1");
    bad.refuses(
        masks, () -> two.withMasks(Map.of(1, new boolean[3])), "mask of dropout 1: 3 units");
    bad.refusesIndex("Batch.number(int)", () -> two.number(2), "Index 2 out of bounds");
    bad.refusesIndex(
        "Batch.mask(int)", () -> two.withMasks(Map.of(0, new boolean[2])).mask(-1), "-1");
    bad.takeAnything(CHECKED, "Batch.of(Dataset)");
  }

  private static void classWeights(BadInputs bad) {
    bad.refuses(
        "new ClassWeights(List)", () -> new ClassWeights(List.of(1f)), "weights: [1.0]; expected");
    String of = "ClassWeights.of(float[])";
    bad.refuses(of, () -> ClassWeights.of(1, -1), "weights: -1.0 for class 1");
    bad.refuses(of, () -> ClassWeights.of(Float.NaN, 1), "weights: NaN for class 0");
    String balanced = "ClassWeights.balanced(Dataset, int)";
    bad.refuses(balanced, () -> ClassWeights.balanced(labelled(0), 1), "classes: 1");
    bad.refuses(balanced, () -> ClassWeights.balanced(labelled(0, 2), 2), "target 2.0 in row 1");
    bad.refuses(
        "ClassWeights.applyTo(Dataset)",
        () -> ClassWeights.of(1, 2).applyTo(labelled(-1)),
        "target -1.0 in row 0");
  }

  private static void splits(BadInputs bad) {
    String ratios = "new Split.Ratios(double, double, double)";
    bad.refuses(ratios, () -> new Split.Ratios(0, 50, 50), "split 0.0/50.0/50.0");
    bad.refuses(ratios, () -> new Split.Ratios(60, 20, 30), "split 60.0/20.0/30.0");
    bad.refuses(ratios, () -> new Split.Ratios(Double.NaN, 0, 0), "split NaN/0.0/0.0");
    bad.refuses("Split.Ratios.parse(String)", () -> Split.Ratios.parse("60/40"), "split 60/40");
    bad.refuses("Split.Ratios.parse(String)", () -> Split.Ratios.parse("a/b/c"), "split a/b/c");
    bad.refuses("Folds.plain(int, int, long)", () -> Folds.plain(3, 4, 0), "count: 4 folds of 3");
    bad.refuses(
        "Folds.stratified(int[], int, long)",
        () -> Folds.stratified(new int[] {0, -1}, 2, 0),
        "classes: -1 in row 1");
    bad.refuses(
        "Folds.grouped(int[], int, long)",
        () -> Folds.grouped(new int[9], 2, 0),
        "count: 2 folds of 1 groups");
    String ordered = "Folds.timeOrdered(double[], int)";
    bad.refuses(
        ordered, () -> Folds.timeOrdered(new double[] {1, Double.NaN}, 1), "times: NaN in row 1");
    bad.refuses(ordered, () -> Folds.timeOrdered(new double[] {1, 1}, 1), "times: 2 rows of 1");
    bad.refuses(ordered, () -> Folds.timeOrdered(new double[] {1, 2}, 0), "count: 0");
    Folds folds = Folds.plain(4, 2, 0);
    bad.refusesIndex("Folds.training(int)", () -> folds.training(2), "2");
    bad.refusesIndex("Folds.heldOut(int)", () -> folds.heldOut(-1), "-1");
    String latest = "Folds.latest(int, double)";
    bad.refuses(
        latest,
        () -> folds.latest(0, 0.5),
        IllegalStateException.class,
        "these folds have no times");
    Folds times = Folds.timeOrdered(new double[] {1, 2, 3}, 1);
    bad.refuses(latest, () -> times.latest(0, NaN), "share: NaN");
    bad.refuses(latest, () -> times.latest(0, 1.5), "share: 1.5");
    bad.refusesIndex(latest, () -> times.latest(1, 0.5), "1");
    bad.refuses("Split.Ratios.forRows(int)", () -> Split.Ratios.forRows(-1), "rows: -1");
    bad.refuses("Split.plain(int, Ratios, long)", () -> Split.plain(-1, RATIOS, 0), "rows: -1");
    bad.refuses(
        "Split.stratified(int[], Ratios, long)",
        () -> Split.stratified(new int[] {0, -1}, RATIOS, 0),
        "classes: -1 in row 1");
    bad.refuses(
        "Split.grouped(int[], Ratios, long)",
        () -> Split.grouped(new int[] {-2}, RATIOS, 0),
        "groups: -2 in row 0");
    bad.takeAnything(
        "row numbers are checked where they select rows", "new Split(int[], int[], int[])");
    bad.takeAnything("there are no other booleans", "Split.Ratios.usual(boolean, boolean)");
  }

  private static void standardizers(BadInputs bad) {
    double[] ones = {1, 1};
    String of = "Standardizer.of(double[], double[])";
    bad.refuses(of, () -> Standardizer.of(ones, new double[1]), "deviation: 1 columns; expected 2");
    bad.refuses(
        of, () -> Standardizer.of(ones, new double[2]), "column 0: mean 1.0, deviation 0.0");
    bad.refuses(of, () -> Standardizer.of(new double[] {0, NaN}, ones), "column 1: mean NaN");
    String robust = "Standardizer.robust(double[], double[])";
    bad.refuses(
        robust, () -> Standardizer.robust(ones, new double[1]), "spread: 1 columns; expected 2");
    for (double spread : new double[] {-1, NaN, 1e-50, 1e39}) {
      bad.refuses(
          robust,
          () -> Standardizer.robust(ones, new double[] {0, spread}),
          "column 1: centre 1.0, spread " + spread);
    }
    bad.refuses(
        robust, () -> Standardizer.robust(new double[] {1e39, 0}, ones), "column 0: centre 1.0E39");
    bad.refusesIndex(
        "Standardizer.restore(int, float)", () -> Standardizer.of(ones, ones).restore(2, 0), "2");
  }

  private static void streams(BadInputs bad) {
    String streamed = "new StreamedRows(RowSource, int)";
    bad.refuses(streamed, () -> new StreamedRows(new MemoryRows(rows(2)), 0), "bufferRows: 0");
    bad.refuses(streamed, () -> new StreamedRows(source(-1, 1), 1), "nothing: -1 rows, 1 columns");
    bad.refuses(streamed, () -> new StreamedRows(source(1, 0), 1), "nothing: 1 rows, 0 columns");
    String without = "RowSource.without(int[])";
    bad.refuses(without, () -> new MemoryRows(rows(2)).without(new int[] {2}), "rows: 2");
    bad.refuses(without, () -> new MemoryRows(rows(2)).without(new int[] {1, 1}), "rows: 1");
    bad.refuses(
        without,
        () -> new MemoryRows(rows(1)).without(new int[] {0}),
        "none of the 1 rows is left");
  }

  private static RowSource source(int rows, int columns) {
    return new RowSource() {
      @Override
      public String name() {
        return "nothing";
      }

      @Override
      public int rows() {
        return rows;
      }

      @Override
      public int columns() {
        return columns;
      }

      @Override
      public int targetColumns() {
        return 1;
      }

      @Override
      public RowSource.Reader open() {
        throw new AssertionError("is not read");
      }
    };
  }
}
