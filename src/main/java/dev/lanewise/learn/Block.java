package dev.lanewise.learn;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoded columns of a raw one.
 *
 * @param column the raw one, as the first part of a joined encoder has it
 * @param from where they begin in an encoded row, once for each part
 * @param count how many they are at each place
 */
record Block(Column column, List<Integer> from, List<Integer> count) {

  /** {@return the blocks of all columns that are features, in their order} */
  static List<Block> of(Encoder encoder) {
    Map<String, Block> blocks = new LinkedHashMap<>();
    int at = 0;
    for (Encoder part : encoder.parts()) {
      for (Column column : part.columns()) {
        int count = column.encodedColumns();
        if (count > 0) {
          Block block =
              blocks.computeIfAbsent(
                  column.name(), name -> new Block(column, new ArrayList<>(), new ArrayList<>()));
          block.from().add(at);
          block.count().add(count);
          at += count;
        }
      }
    }
    return List.copyOf(blocks.values());
  }

  /** {@return the name of the raw column} */
  String name() {
    return column.name();
  }

  /** {@return a hash of a row's encoded columns, those of the first part; −0 is 0} */
  long key(Dataset rows, int row) {
    int at = row * rows.columns() + from.getFirst();
    long key = 0;
    for (int c = 0; c < count.getFirst(); c++) {
      key = (key ^ Float.floatToIntBits(rows.features()[at + c] + 0f)) * 0xBF58476D1CE4E5B9L;
      key ^= key >>> 31;
    }
    return key;
  }
}
