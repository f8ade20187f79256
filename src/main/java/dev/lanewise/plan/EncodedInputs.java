package dev.lanewise.plan;

import dev.lanewise.data.Encoder;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a network takes what an encoder makes for what it is. */
public final class EncodedInputs {

  private EncodedInputs() {}

  /**
   * Refuses a network that takes the number of a value for a number, or a number for that of a
   * value.
   *
   * @param network the network
   * @param encoder what makes its inputs; of as many columns
   * @throws IllegalArgumentException if it does
   */
  public static void check(Network network, Encoder encoder) {
    Map<Integer, Integer> taken = categories(network);
    List<Encoder.Encoded> columns = encoder.encoded();
    for (int c = 0; c < columns.size(); c++) {
      Encoder.Encoded column = columns.get(c);
      int values = taken.getOrDefault(c, 0);
      if (values != column.values()) {
        throw new IllegalArgumentException(
            "network: input %d, of column %s, taken as %s; expected %s"
                .formatted(c, column.source().name(), of(values), of(column.values())));
      }
    }
  }

  private static String of(int values) {
    return values == 0 ? "a number" : "the number of one of %d values".formatted(values);
  }

  /** {@return the number of values of each input that is looked up in a table} */
  private static Map<Integer, Integer> categories(Network network) {
    Map<Integer, Integer> values = new HashMap<>();
    if (network.layers().getFirst() instanceof Embedding embedding) {
      for (Embedding.Part part : embedding.parts()) {
        if (part instanceof Embedding.Category category) {
          for (int i = 0; i < category.columns().size(); i++) {
            values.put(category.columns().get(i), category.values().get(i));
          }
        }
      }
    }
    return values;
  }
}
