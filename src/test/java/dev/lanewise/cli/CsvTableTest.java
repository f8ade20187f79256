package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.data.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTableTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void delimiterIsReadFromTheFirstLine(String delimiter) throws IOException {
    Table table = read("a%sb c%sd\n1%s2%s3\n".replace("%s", delimiter));
    assertEquals(List.of("a", "b c", "d"), table.names());
    assertEquals(List.of("1", "2", "3"), table.rows().getFirst().cells());
  }

  @Test
  void quotedDelimitersDoNotCount() throws IOException {
    Table table = read("\"a,b,c\";d\n1;2\n");
    assertEquals(List.of("a,b,c", "d"), table.names());
  }

  @Test
  void quotesProtectDelimitersQuotesAndLineBreaks() throws IOException {
    Table table = read("name,x\n\"Smith, \"\"J\"\"\n\", 1\nb,2\n");
    assertEquals(List.of("Smith, \"J\"", "1"), table.rows().getFirst().cells());
    assertEquals(4, table.rows().get(1).line());
  }

  @Test
  void blanksAroundFieldsAreRemovedAndEmptyLinesSkipped() throws IOException {
    Table table = read("\n  a , b \r\n\r\n   \r\n 1 , \"x\" \r\n");
    assertEquals(List.of("a", "b"), table.names());
    assertEquals(List.of("1", "x"), table.rows().getFirst().cells());
    assertEquals(5, table.rows().getFirst().line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a,b|true", "a,1|false", "a,|false", "a,-1e-3|false", "a,1x|true", "a,NaN|true"})
  void firstLineHoldsNamesIffNoFieldIsEmptyOrANumber(String first, boolean named)
      throws IOException {
    assertEquals(named, read(first + "\n1,2\n").named());
  }

  @Test
  void theCallerMayKnowWhetherTheFirstLineHoldsNames() throws IOException {
    Path file = file("1,2\n3,4\n");
    assertEquals(List.of("1", "2"), CsvTable.read(file, Optional.of(true)).names());
    assertEquals(2, CsvTable.read(file("a,b\nc,d\n"), Optional.of(false)).rows().size());
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
    assertEquals(List.of("a", "b"), read("\uFEFFa,b\n1,2\n").names());
  }

  @Test
  void compressionIsSeenByContent() throws IOException {
    Path file = folder.resolve("plainly-named.csv");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(List.of("a", "b"), CsvTable.read(file, Optional.empty()).names());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b;1,2,3|line 2: 3 fields; expected 2",
        "a,b;1,2;1|line 3: 1 fields; expected 2",
        "a,b;1,\"u;|line 2",
        "a,b;1,\"x\"y|line 2",
        "a,a;1,2|a stands twice",
        "a,b|expected rows",
        "''|no lines",
      })
  void malformedTablesAreRefusedNamingTheFileAndTheLine(String lines, String reason)
      throws IOException {
    Path file = file(lines.replace(';', '\n'));
    Exception e = assertThrows(Exception.class, () -> CsvTable.read(file, Optional.empty()));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    assertRefused(new byte[] {'a', ',', (byte) 0xff, '\n'}, "not UTF-8");
    assertRefused(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}, "damaged gzip");
    assertRefused(new byte[] {0x1f, (byte) 0x8b, 7, 0, 0, 0, 0, 0, 0, 0}, "damaged gzip");
  }

  @Property
  void aFieldWrittenIsTheFieldRead(@ForAll String text) throws IOException {
    String stripped = text.strip();
    boolean writable = StandardCharsets.UTF_8.newEncoder().canEncode(stripped);
    if (!writable || stripped.contains("\r")) {
      return; // the reader takes a lone carriage return for a line break, as it may
    }
    Path file = Files.createTempFile("field", ".csv");
    try {
      Files.writeString(file, "x,y\n" + CsvTable.field(stripped) + ",1\n");
      Table table = CsvTable.read(file, Optional.of(true));
      assertEquals(List.of(stripped, "1"), table.rows().getFirst().cells());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  @Tag("shared")
  void titanicsNamesWithCommasAndQuotesAreReadWhole() throws IOException {
    Table table = CsvTable.read(SharedData.file("data/titanic/titanic.csv"), Optional.empty());
    assertEquals(891, table.rows().size());
    assertEquals(11, table.width());
    assertEquals("Braund, Mr. Owen Harris", table.rows().getFirst().cells().get(2));
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = folder.resolve("damaged.csv");
    Files.write(file, bytes);
    IOException e = assertThrows(IOException.class, () -> CsvTable.read(file, Optional.empty()));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  private Table read(String text) throws IOException {
    return CsvTable.read(file(text), Optional.empty());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text);
  }
}
