package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One table written in every form that CSV comes in: ends of lines, delimiters, quotes, a byte
 * order mark, blanks, a last line with and without its end, compressed or not.
 */
final class CsvFormsTest {

  private static final List<String> ENDS = List.of("\n", "\r\n", "\r");
  private static final List<String> DELIMITERS = List.of(",", ";", "\t");

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @Property
  void aTableIsTheSameInEveryForm(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("name", "size", "note"));
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String note = List.of("a", "b;c,d\te", "say \"x\"", "two\nlines", "").get(random.nextInt(5));
      rows.add(List.of("n" + random.nextInt(3), Integer.toString(random.nextInt(9)), note));
    }
    String end = ENDS.get(random.nextInt(3));
    String delimiter = DELIMITERS.get(random.nextInt(3));
    boolean quotesNames = random.nextBoolean();
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    List<Integer> lines = new ArrayList<>();
    int line = 1;
    for (List<String> row : rows) {
      List<String> cells = new ArrayList<>();
      for (String cell : row) {
        boolean plain = lines.isEmpty() ? !quotesNames : cell.matches("\\w+");
        cells.add(plain ? cell : quoted(cell.replace("\n", end)));
      }
      lines.add(line);
      line += row.get(2).contains("\n") ? 2 : 1;
      text.append(String.join(delimiter, cells)).append(end);
      if (random.nextInt(4) == 0) {
        text.append(end);
        line++;
      }
    }
    if (random.nextBoolean()) {
      text.setLength(text.length() - end.length());
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    boolean packs = random.nextBoolean();
    Table table =
        TableReader.create()
            .csv(
                new ByteArrayInputStream(packs ? packed(bytes) : bytes),
                packs ? "t.csv.gz" : "t.csv");
    assertEquals(rows.getFirst(), table.names());
    assertEquals(rows.size() - 1, table.rows());
    for (int r = 0; r < table.rows(); r++) {
      assertEquals(lines.get(r + 1), table.line(r));
      for (int c = 0; c < 3; c++) {
        String expected = rows.get(r + 1).get(c).replace("\n", end);
        assertEquals(expected.isEmpty() ? null : expected, table.text(r, c));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void aByteThatIsNoTextIsFoundInItsLineWhateverEndsLines(String end) {
    byte[] bytes =
        "a,b%1$s1,2%1$s3,\u00fc%1$s4,5%1$s".formatted(end).getBytes(StandardCharsets.ISO_8859_1);
    IOException e =
        assertThrows(
            IOException.class,
            () -> TableReader.create().csv(new ByteArrayInputStream(bytes), "t.csv"));
    assertEquals("t.csv: line 3, byte 0xFC:", e.getMessage().substring(0, 25), e.getMessage());
  }
}
