package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of a CSV file, read as they are trained on. */
final class CsvRowsTest {

  @TempDir private Path folder;

  private Path file(int rows, boolean named) throws IOException {
    StringBuilder text = new StringBuilder(named ? "a,b,y\n" : "");
    for (int i = 0; i < rows; i++) {
      text.append(i % 7 == 3 ? "null" : i).append(i % 2 == 0 ? ",red," : ",blue,").append(i % 3);
      text.append('\n');
    }
    return Files.writeString(folder.resolve("rows.csv"), text);
  }

  private static Encoder encoder(Path file, int head, boolean named) throws IOException {
    String label = named ? "y" : "3";
    TableReader reader = TableReader.create().withLabels(label).withMostRows(head);
    Table table = reader.csv(file);
    return Encoder.fit(
        table, Roles.of(label, Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
  }

  @ParameterizedTest
  @CsvSource({"255,true", "256,true", "257,true", "512,true", "256,false", "1100,false"})
  void everyRowIsReadAsTheTableHasIt(int rows, boolean named) throws IOException {
    Path file = file(rows, named);
    Encoder encoder = encoder(file, 50, named);
    Table table = TableReader.create().withEncoder(encoder).csv(file);
    Dataset expected = encoder.dataset(table, table.all());
    RowSource source = TableReader.create().stream(file, encoder);
    assertEquals(rows, source.rows());
    float[] features = new float[rows * source.columns()];
    float[] targets = new float[rows];
    try (RowSource.Reader reader = source.open()) {
      for (int row = 0; row < rows; row++) {
        reader.read(features, row * source.columns(), targets, row);
      }
      assertThrows(
          IOException.class, () -> reader.read(features, 0, targets, 0), "behind the last row");
    }
    assertArrayEquals(expected.features(), features);
    assertArrayEquals(expected.targets(), targets);
  }

  @Test
  void aCellThatIsNotOfItsColumnsKindIsRefusedWithItsLine() throws IOException {
    Path file = file(400, true);
    Encoder encoder = encoder(file, 50, true);
    Files.writeString(file, Files.readString(file).replace("\n300,", "\nmany,"));
    RowSource source = TableReader.create().stream(file, encoder);
    float[] row = new float[source.columns()];
    try (RowSource.Reader reader = source.open()) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> {
                for (int i = 0; i < 400; i++) {
                  reader.read(row, 0, new float[1], 0);
                }
              });
      assertTrue(e.getMessage().contains("rows.csv line 302, column a: many"), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "255", "256", "300", "400", "500"})
  void aReaderOfSomeRowsStreamsThem(int most) throws IOException {
    Path file = file(400, true);
    Encoder encoder = encoder(file, 50, true);
    RowSource source = TableReader.create().withMostRows(most).stream(file, encoder);
    assertEquals(Math.min(most, 400), source.rows());
    float[] row = new float[source.columns()];
    try (RowSource.Reader reader = source.open()) {
      for (int i = 0; i < source.rows(); i++) {
        reader.read(row, 0, new float[1], 0);
      }
      assertThrows(IOException.class, () -> reader.read(row, 0, new float[1], 0));
    }
  }

  @Test
  void aHeaderAloneIsNoStream() throws IOException {
    Path file = file(60, true);
    Encoder encoder = encoder(file, 50, true);
    Files.writeString(file, "a,b,y\n");
    DataException e =
        assertThrows(DataException.class, () -> TableReader.create().stream(file, encoder));
    assertTrue(e.getMessage().contains("rows.csv: a header alone"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "399,fewer rows than before",
    "401,more rows than before",
    "300,fewer rows than before",
    "600,more rows than before",
    "400,another text than before"
  })
  void aFileThatIsWrittenToBetweenPassesIsRefused(int rows, String reason) throws IOException {
    Path file = file(400, true);
    Encoder encoder = encoder(file, 50, true);
    RowSource source = TableReader.create().stream(file, encoder);
    file(rows, true);
    if (rows == 400) {
      Files.writeString(file, Files.readString(file).replace("\n300,", "\n301,"));
    }
    float[] row = new float[source.columns()];
    try (RowSource.Reader reader = source.open()) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> {
                for (int i = 0; i < 400; i++) {
                  reader.read(row, 0, new float[1], 0);
                }
              });
      assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
  }
}
