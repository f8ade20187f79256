package dev.lanewise.cli;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option of {@code train} that says how training rows are changed at random. */
@Command(optionListHeading = "Augmentation:%n")
final class AugmentOptions {

  /** Images large and colourful enough for any change, to check the option before data are read. */
  private static final Column.Pixels ANY = new Column.Pixels(16_384, 16_384, 3);

  @Option(
      names = "--augment",
      paramLabel = "LIST",
      description =
          "Random changes of training rows, in this order. Of images: shift=PIXELS, crop=PIXELS,"
              + " flip[=horizontal|vertical], rotate=DEGREES, and zoom, brightness, contrast,"
              + " colour=SHARE; of any rows: noise=DEVIATION, mixup=ALPHA. As shift=2,rotate=10.")
  private String list;

  /** Checks the option. */
  void check(CommandSpec spec) {
    augmentations(spec, Optional.of(ANY));
  }

  /**
   * {@return the changes of rows with these columns; the option has been checked as far as possible
   * without them}
   */
  List<Augmentation> augmentations(CommandSpec spec, List<Column> columns) {
    try {
      return augmentations(
          spec,
          columns.getFirst() instanceof Column.Pixels shape
              ? Optional.of(shape)
              : Optional.empty());
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // it is the data that do not fit
    }
  }

  private List<Augmentation> augmentations(CommandSpec spec, Optional<Column.Pixels> shape) {
    if (list == null) {
      return List.of();
    }
    return Stream.of(list.split(",", -1)).map(item -> parsed(spec, item.strip(), shape)).toList();
  }

  private static Augmentation parsed(CommandSpec spec, String item, Optional<Column.Pixels> shape) {
    String[] parts = item.split("=", 2);
    String value = parts.length == 1 ? "" : parts[1];
    try {
      return switch (parts[0]) {
        case "noise" -> new Augmentation.Noise(number(value));
        case "mixup" -> new Augmentation.Mixup(number(value));
        default ->
            ofImages(
                parts[0],
                value,
                shape.orElseThrow(
                    () -> new IllegalArgumentException("rows of a table; expected images")));
      };
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--augment %s: %s", item, e.getMessage());
    }
  }

  private static Augmentation ofImages(String name, String value, Column.Pixels shape) {
    return switch (name) {
      case "shift" -> new Augmentation.Shift(shape, pixels(value));
      case "crop" -> new Augmentation.Crop(shape, pixels(value));
      case "flip" -> Augmentation.Flip.of(shape, mirror(value));
      case "rotate" -> new Augmentation.Rotate(shape, number(value));
      case "zoom" -> new Augmentation.Zoom(shape, 1 - share(value), 1 + share(value));
      case "brightness" -> new Augmentation.Brightness(shape, number(value));
      case "contrast" -> new Augmentation.Contrast(shape, 1 - share(value), 1 + share(value));
      case "colour" -> new Augmentation.Colour(shape, share(value), share(value));
      default ->
          throw new IllegalArgumentException(
              "no such change; expected shift, crop, flip, rotate, zoom, brightness, contrast,"
                  + " colour, noise or mixup");
    };
  }

  private static int pixels(String value) {
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("expected a number of pixels after =");
    }
    return Integer.parseInt(value);
  }

  private static double number(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a number after =", e);
    }
  }

  private static double share(String value) {
    double share = number(value);
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("expected a number in [0, 1) after =");
    }
    return share;
  }

  private static Augmentation.Mirror mirror(String value) {
    return switch (value) {
      case "", "horizontal" -> Augmentation.Mirror.HORIZONTAL;
      case "vertical" -> Augmentation.Mirror.VERTICAL;
      default -> throw new IllegalArgumentException("expected horizontal or vertical after =");
    };
  }
}
