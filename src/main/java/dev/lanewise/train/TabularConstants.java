package dev.lanewise.train;

import dev.lanewise.data.Encoder;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * All constants of a preset; the defaults are those of {@link Tabular#small}. Filled in once, and
 * then only read.
 */
final class TabularConstants {

  /** A constant that classes and values may have different ones of. */
  record Each<T>(T ofClasses, T ofValues) {

    static <T> Each<T> same(T both) {
      return new Each<>(both, both);
    }

    T of(Loss loss) {
      return predictsClasses(loss) ? ofClasses : ofValues;
    }

    @Override
    public String toString() {
      return ofClasses.equals(ofValues) ? ofClasses.toString() : ofClasses + " or " + ofValues;
    }
  }

  Encoder.Options encoding =
      Encoder.Options.standard()
          .withScale(Encoder.Scale.ROBUST)
          .withSignedPairs(true)
          .withMissingCategory(false)
          .withIndexAbove(8);

  int categorySize = 8;
  Each<Tabular.Numbers> numbers = Each.same(Tabular.Numbers.AS_THEY_ARE);
  int bins = 16;
  int numberSize = 8;
  double numberRate = 0.1;
  boolean scales = true;
  double scalingRate = 6;
  int members = 1;
  int[] hidden = {256, 256, 256};
  Each<Activation.Function> activation =
      new Each<>(Activation.Function.SELU, Activation.Function.MISH);
  boolean blends;
  double blendRate = 0.1;
  Each<Double> dropout = new Each<>(0.15, 0.0);
  Initializer initializer = new Initializer.LeCun(Distribution.NORMAL);
  Initializer lastInitializer = new Initializer.Zeros();
  Initializer biasInitializer = new Initializer.Fixed(1, Distribution.NORMAL);
  Recipe.Start start = Recipe.Start.DRAWN;
  float smoothing;
  Each<Double> rate = new Each<>(0.04, 0.07);
  double biasRate = 0.1;
  List<Transform> transforms =
      List.of(new Transform.Adam(0.9, 0.95, 1e-8, EpsilonPlace.OUTSIDE_ROOT));
  Each<Double> decay = new Each<>(0.02, 0.0);
  boolean fades;
  int cycles = 4;

  /** Empty where the number of rows decides. */
  OptionalInt batchSize = OptionalInt.empty();

  Each<Integer> epochs = new Each<>(128, 256);
  long mostExamples = 5_000_000;
  boolean calibrates = true;

  TabularConstants() {}

  /** Copies constants. */
  TabularConstants(TabularConstants other) {
    encoding = other.encoding;
    categorySize = other.categorySize;
    numbers = other.numbers;
    bins = other.bins;
    numberSize = other.numberSize;
    numberRate = other.numberRate;
    scales = other.scales;
    scalingRate = other.scalingRate;
    members = other.members;
    hidden = other.hidden;
    activation = other.activation;
    blends = other.blends;
    blendRate = other.blendRate;
    dropout = other.dropout;
    initializer = other.initializer;
    lastInitializer = other.lastInitializer;
    biasInitializer = other.biasInitializer;
    start = other.start;
    smoothing = other.smoothing;
    rate = other.rate;
    biasRate = other.biasRate;
    transforms = other.transforms;
    decay = other.decay;
    fades = other.fades;
    cycles = other.cycles;
    batchSize = other.batchSize;
    epochs = other.epochs;
    mostExamples = other.mostExamples;
    calibrates = other.calibrates;
  }

  /** {@return whether a loss is one of classes; else it is one of values} */
  static boolean predictsClasses(Loss loss) {
    return switch (loss.link()) {
      case SIGMOID, SOFTMAX -> true;
      case IDENTITY, EXP -> false;
    };
  }

  /** {@return the rows of a batch, 0 for all} */
  int batchSize(int rows) {
    if (batchSize.isPresent()) {
      return batchSize.getAsInt();
    }
    return rows <= 1024
        ? 64
        : rows <= 8192 ? 128 : rows <= 30_000 ? 256 : rows <= 100_000 ? 512 : 1024;
  }

  /** {@return all of them, by name} */
  @Override
  public String toString() {
    return """
    encoding=%s, categorySize=%d, numbers=%s, bins=%d, numberSize=%d, numberRate=%s, \
    scaling=%s, scalingRate=%s, members=%d, hidden=%s, activation=%s, blends=%s, blendRate=%s, \
    dropout=%s, initializers=%s and %s, biasInitializer=%s, start=%s, smoothing=%s, rate=%s, \
    biasRate=%s, transforms=%s, decay=%s, fading=%s, cycles=%d, batchSize=%s, epochs=%s, \
    mostExamples=%d, calibration=%s\
    """
        .formatted(
            encoding,
            categorySize,
            numbers,
            bins,
            numberSize,
            numberRate,
            scales,
            scalingRate,
            members,
            Arrays.toString(hidden),
            activation,
            blends,
            blendRate,
            dropout,
            initializer,
            lastInitializer,
            biasInitializer,
            start,
            smoothing,
            rate,
            biasRate,
            transforms,
            decay,
            fades,
            cycles,
            batchSize.isPresent() ? batchSize.getAsInt() : "by rows",
            epochs,
            mostExamples,
            calibrates);
  }
}
