package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Tables;
import dev.lanewise.report.CsvText;
import java.text.Normalizer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class CsvTextTest {

  @Property
  void aFieldWrittenIsTheFieldRead(@ForAll String text) {
    StringBuilder printable = new StringBuilder();
    // A table leaves out what cannot be seen, takes a lone carriage return for a line break, and
    // has letters with accents in one form.
    text.codePoints().filter(CsvTextTest::isSeen).forEach(printable::appendCodePoint);
    String seen = Normalizer.normalize(printable, Normalizer.Form.NFC).strip();
    TableReader reader = TableReader.create().withHeader(true).withLabels("x");
    Table table = Tables.read(reader, "t.csv", "x,y", CsvText.field(seen) + ",1");
    String read = table.text(0, 0);
    assertEquals(
        seen.isEmpty() || seen.equals("?") || seen.equals("NA") || seen.equals("NaN") ? null : seen,
        read);
  }

  @Test
  void whatPartsFieldsOrLinesIsQuoted() {
    for (String text : List.of("a,b", "a\"b", "a\rb", "a\nb", "a\r\n", " a", "a\t")) {
      assertEquals('"' + text.replace("\"", "\"\"") + '"', CsvText.field(text));
    }
    assertEquals("a b;c", CsvText.field("a b;c"));
  }

  private static boolean isSeen(int c) {
    return c == ' '
        || c == '\n'
        || (!Character.isISOControl(c)
            && !Character.isWhitespace(c)
            && !Character.isSpaceChar(c)
            && "\u034f\u115f\u1160\u2800\u3164\uffa0".indexOf(c) < 0
            && Character.getType(c) != Character.FORMAT
            && Character.getType(c) != Character.SURROGATE);
  }
}
