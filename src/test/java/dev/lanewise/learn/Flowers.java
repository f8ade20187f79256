package dev.lanewise.learn;

import dev.lanewise.data.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A made-up table of flowers: two columns that tell the kind, one that does not, and some more. */
final class Flowers {

  static final List<String> NAMES =
      List.of("length", "colour", "noise", "weight", "plant", "day", "kind", "price");

  private Flowers() {}

  /** {@return so many flowers, some without a length} */
  static Table table(int rows, long seed) {
    return Table.ofRows(NAMES, rows(rows, seed));
  }

  static List<List<?>> rows(int rows, long seed) {
    Random random = new Random(seed);
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      int kind = random.nextInt(2);
      double length = 3 + 2 * kind + random.nextGaussian();
      String colour = random.nextInt(4) == 0 ? "white" : kind == 0 ? "red" : "blue";
      double price = 2 * length + (colour.equals("white") ? 3 : 0) + 0.1 * random.nextGaussian();
      all.add(
          Arrays.asList(
              r % 17 == 0 ? null : length,
              colour,
              random.nextGaussian(),
              r % 3,
              "plant " + r / 4,
              r,
              kind == 0 ? "rose" : "iris",
              price));
    }
    return all;
  }

  /** A small learner of the kind. */
  static Learner kinds() {
    return Learner.classifier("kind")
        .withIgnored("weight", "plant", "day", "price")
        .withRecipe(recipe -> recipe.withEpochs(8));
  }

  /** A small learner of the price. */
  static Learner prices() {
    return Learner.regressor("price")
        .withIgnored("weight", "plant", "day")
        .withRecipe(recipe -> recipe.withEpochs(20));
  }
}
