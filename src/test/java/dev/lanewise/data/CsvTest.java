package dev.lanewise.data;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void delimiterIsReadFromTheFirstLine(String delimiter) throws IOException {
    Table table = read("a%sb c%sd\n1%s2%s3\n".replace("%s", delimiter));
    assertEquals(List.of("a", "b c", "d"), table.names());
    assertEquals(List.of("1", "2", "3"), cells(table, 0));
  }

  @Test
  void quotedDelimitersDoNotCount() throws IOException {
    Table table = read("\"a,b,c\";d\n1;2\n");
    assertEquals(List.of("a,b,c", "d"), table.names());
  }

  @Test
  void quotesProtectDelimitersQuotesAndLineBreaks() throws IOException {
    Table table = read("name,x\n\"Smith, \"\"J\"\"\n\", 1\nb,2\n");
    assertEquals(List.of("Smith, \"J\"", "1"), cells(table, 0));
    assertEquals(4, table.line(1));
  }

  @Test
  void blanksAroundFieldsAreRemovedAndEmptyLinesSkipped() throws IOException {
    Table table = read("\n  a , b \r\n\r\n   \r\n 1 , \"x\" \r\n");
    assertEquals(List.of("a", "b"), table.names());
    assertEquals(List.of("1", "x"), cells(table, 0));
    assertEquals(5, table.line(0));
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
    assertEquals(List.of("1", "2"), TableReader.create().withHeader(true).csv(file).names());
    assertEquals(2, TableReader.create().withHeader(false).csv(file("a,b\nc,d\n")).rows());
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
    assertEquals(List.of("a", "b"), Table.csv(file).names());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b;1,2,3|line 2: 3 fields; expected 2",
        "a,b;1,2;1|line 3: 1 field; expected 2",
        "a,b;1,\"u;|line 2",
        "a,b;1,\"x\"y|line 2",
        "a,a;1,2|a stands twice",
        "a,b|expected rows",
        "''|no lines",
      })
  void malformedTablesAreRefusedNamingTheFileAndTheLine(String lines, String reason)
      throws IOException {
    Path file = file(lines.replace(';', '\n'));
    Exception e = assertThrows(Exception.class, () -> Table.csv(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    assertRefused(new byte[] {'a', ',', (byte) 0xff, '\n'}, "not UTF-8");
    assertRefused(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}, "damaged gzip");
    assertRefused(new byte[] {0x1f, (byte) 0x8b, 7, 0, 0, 0, 0, 0, 0, 0}, "damaged gzip");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5,70;1,2;1/8,85;4,1;1/1,78;0,3;0|5,70!1,2!1",
        "5,70;1/8,85;1/1,78;0|5,70!1",
        "laenge;breite/5,7;1,2/3,3;4,4|laenge!breite",
        "size;cm,weight;kg/1,2/3,4|size;cm!weight;kg",
        "name,tags/a,x;y/b,z;w/c,u;v|name!tags",
        "a;x,b/1,2;5/3;4/5;6|a!x,b",
        "a@b,c/1@2,5/3@4,5|a!b,c",
        "5\" disk,a;b/x,1;2/y,3|5\" disk!a;b",
        "\"a;b\",c/\"1;2\",d|a;b!c",
      })
  void theDelimiterIsTheOneThatCutsAllLinesAlike(String lines, String firstCells)
      throws IOException {
    List<String> expected = List.of(firstCells.split("!"));
    TableReader reader = TableReader.create().withHeader(false).withMostRows(1);
    for (int c = 1; c <= expected.size(); c++) {
      reader = reader.withKind(Integer.toString(c), Table.Kind.CATEGORY);
    }
    assertEquals(expected, cells(reader.csv(file(lines.replace('/', '\n').replace('@', '\t'))), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16_384, 16_385, 20_532})
  void anyNumberOfColumnsIsRead(int columns) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 3; row++) {
      for (int c = 0; c < columns; c++) {
        text.append(c == 0 ? "" : ",").append(row == 0 ? "g" + c : row + "." + c);
      }
      text.append('\n');
    }
    Table table = read(text.toString());
    assertEquals(columns, table.columns());
    assertEquals(2, table.rows());
    assertEquals(columns - 1, table.column("g" + (columns - 1)));
    assertEquals(Double.parseDouble("2." + (columns - 1)), table.number(1, columns - 1));
  }

  @Test
  void textThatIsNotUtf8IsNamed() throws IOException {
    String text = "x,y\n1,no\n2,größe\n";
    assertRefused(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE), "UTF-16");
    assertRefused(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE), "UTF-16");
    assertRefused(text.getBytes(StandardCharsets.UTF_16LE), "UTF-16");
    assertRefused(text.getBytes(StandardCharsets.UTF_16BE), "UTF-16");
    assertRefused(("\uFEFF" + text).getBytes(Charset.forName("UTF-32LE")), "UTF-32");
    assertRefused(("\uFEFF" + text).getBytes(Charset.forName("UTF-32BE")), "UTF-32");
    assertRefused(text.getBytes(Charset.forName("UTF-32BE")), "UTF-32");
    assertRefused(text.getBytes(StandardCharsets.ISO_8859_1), "line 3, byte 0xF6");
    assertRefused(
        "x,y\n1,n\u00e4\n".getBytes(Charset.forName("windows-1252")), "line 2, byte 0xE4");
    assertRefused(
        new byte[] {'x', '\n', (byte) 0xed, (byte) 0xa0, (byte) 0x80}, "line 2, byte 0xED");
    assertRefused(gzip(text.getBytes(StandardCharsets.UTF_16LE)), "UTF-16");
    assertRefused(text.getBytes(StandardCharsets.ISO_8859_1), "UTF-8");
  }

  @Test
  void aByteOrderMarkInTheMiddleIsNoPartOfACell() throws IOException {
    Table table = read("\uFEFF1,no\n2,yes\n\uFEFF3,no\n");
    assertEquals(Table.Kind.NUMBER, table.kind(0));
    assertEquals(3, table.number(2, 0));
  }

  @Test
  void aStreamIsReadAsAFileIs() throws IOException {
    byte[] bytes = "a,b\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8);
    Table table = TableReader.create().csv(new ByteArrayInputStream(bytes), "upload");
    assertEquals(List.of("2", "y"), cells(table, 1));
    assertEquals("upload", table.source());
  }

  @Test
  @Tag("shared")
  void titanicsNamesWithCommasAndQuotesAreReadWhole() throws IOException {
    Table table = Table.csv(SharedData.file("data/titanic/titanic.csv"));
    assertEquals(891, table.rows());
    assertEquals(11, table.columns());
    assertEquals("Braund, Mr. Owen Harris", table.text(0, 2));
  }

  private static List<String> cells(Table table, int row) {
    return IntStream.range(0, table.columns()).mapToObj(c -> table.text(row, c)).toList();
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = folder.resolve("damaged.csv");
    Files.write(file, bytes);
    IOException e = assertThrows(IOException.class, () -> Table.csv(file));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  private Table read(String text) throws IOException {
    return Table.csv(file(text));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }

  @Test
  void filesOfOtherFormatsAreNamed() throws IOException {
    assertRefused(new byte[] {'P', 'K', 3, 4, 20, 0, 6, 0}, "a workbook of Excel");
    assertRefused(new byte[] {'B', 'Z', 'h', '9', '1', 'A', 'Y'}, "bzip2");
    assertRefused(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 4}, "Zstandard");
    assertRefused(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0}, "xz");
    assertRefused(new byte[] {'P', 'A', 'R', '1', 21, 0}, "Parquet");
    assertRefused(gzip(gzip(new byte[] {'a', ',', 'b'})), "gzip inside gzip");
  }

  /** 8 columns per column more, not 64. */
  @Test
  void hundredThousandColumnsAreFoundByNameAndEncoded() {
    int columns = 100_000;
    String names = IntStream.range(0, columns).mapToObj(c -> "c" + c).collect(joining(","));
    String row = IntStream.range(0, columns).mapToObj(Integer::toString).collect(joining(","));
    String other = IntStream.range(0, columns).mapToObj(c -> (c + 1) + "").collect(joining(","));
    Table table = Tables.named(names, row, other);
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("c0", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    Dataset encoded = encoder.dataset(table, table.all());
    assertEquals(columns - 1, encoded.columns());
    assertEquals(-1, encoded.features()[columns - 2]);
  }
}
