package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files beside DATA are read as DATA was; what a first line is, and how it may be told. */
final class OtherFilesTest {

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private CommandLineRun train(int exit, Path data, String label, Object... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", data, "--label", label, "--hidden", "none", "--json"));
    arguments.addAll(List.of("--patience", "0", "--epochs", "1"));
    arguments.addAll(List.of(options));
    return run(exit, arguments.toArray());
  }

  private static void assertRows(int rows, CommandLineRun run, String set) {
    Json.Obj scores = (Json.Obj) json(run).get(set);
    assertEquals(new Json.Num(Integer.toString(rows)), scores.members().get("rows"), run::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--test", "--dev"})
  void aFileBesideDataWithoutHeaderHasNoneEither(String option) throws IOException {
    Path data = file("data.csv", "1,u,p\n2,v,q\n".repeat(20));
    Path other = file("other.csv", "NA,u,p\n1,v,q\n2,u,q\n3,v,p\n");
    CommandLineRun run = train(0, data, "3", option, other);
    assertRows(4, run, option.substring(2));
  }

  @Test
  void columnsOfATestFileAreWhatTheyAreInData() throws IOException {
    StringBuilder data = new StringBuilder("a,z,y\n");
    for (int i = 0; i < 40; i++) {
      data.append("%s,%d,%d\n".formatted(i % 10 == 0 ? "x1" : i % 5, i, i % 2));
    }
    StringBuilder test = new StringBuilder("y,z,a\n");
    for (int i = 0; i < 40; i++) {
      test.append("%d,%d,%s\n".formatted(i % 2, i, i == 7 ? "x1" : i % 5));
    }
    Path file = file("data.csv", data.toString());
    CommandLineRun run = train(0, file, "y", "--test", file("test.csv", test.toString()));
    assertRows(40, run, "test");
    Path odd = file("odd.csv", "a,z,y\n1,abc,0\n2,4,1\n");
    CommandLineRun refused = train(1, file, "y", "--test", odd);
    assertTrue(
        refused.err().getLast().matches(".*odd.csv line 2, column z: abc; .*--missing WORD.*"),
        refused::toString);
  }

  @Test
  void aTableThatIsNamedLikeImagesNeedsALabel() throws IOException {
    Path data = file("x-images-idx3.csv", "x,y\n1,0\n2,1\n");
    CommandLineRun run = run(1, "train", data, "--epochs", "1");
    assertEquals(
        List.of(
            "lanewise: %s: holds a table, no images; expected --label, the name or number of the"
                    .formatted(data)
                + " column to predict"),
        run.err());
  }

  @Test
  void namesThatAreValuesOfTheirColumnsAreWarnedOf() throws IOException {
    Path data = file("cars.csv", "red,old,sold\n" + "blue,old,sold\nred,new,kept\n".repeat(10));
    CommandLineRun run = train(0, data, "3");
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(
        run.err().getFirst().startsWith("warning: %s: the first line".formatted(data))
            && run.err().getFirst().endsWith("--header no"),
        run::toString);
    assertEquals(List.of(), train(0, data, "3", "--header", "no").err());
    Path named = file("named.csv", "colour,old,y\n" + "blue,new,kept\nred,old,sold\n".repeat(10));
    assertEquals(List.of(), train(0, named, "y").err());
  }

  @Test
  void rowsToPredictMayHaveWordsForMissingOfTheirOwn() throws IOException {
    Path data = file("data.csv", "x,y\n" + "1,p\n2,q\n,p\n".repeat(10));
    Path model = folder.resolve("m.safetensors");
    train(0, data, "y", "--model", model);
    Path rows = file("rows.csv", "x\n1\nunk\n");
    CommandLineRun refused = run(1, "predict", model, rows);
    assertTrue(refused.err().getLast().contains("line 3, column x: unk"), refused::toString);
    Path same = file("same.csv", "x\n1\n\"\"\n");
    assertEquals(
        run(0, "predict", model, same).out(),
        run(0, "predict", model, rows, "--missing", "unk").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"some-images-idx3-ubyte", "some-labels-idx1-ubyte"})
  void aStreamOfImagesNamesTheFileThatIsCut(String cut) throws IOException {
    byte[] images = new byte[16 + 20 * 4];
    byte[] labels = new byte[8 + 20];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 2, 0, 0, 0, 2}, 0, images, 0, 16);
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 20}, 0, labels, 0, 8);
    for (int i = 0; i < 20; i++) {
      images[16 + 4 * i] = (byte) i;
      labels[8 + i] = (byte) (i % 2);
    }
    Path file = Files.write(folder.resolve("some-images-idx3-ubyte"), images);
    Files.write(folder.resolve("some-labels-idx1-ubyte"), labels);
    Path changed = folder.resolve(cut);
    byte[] whole = Files.readAllBytes(changed);
    Files.write(changed, Arrays.copyOf(whole, whole.length - 1));
    CommandLineRun run =
        run(1, "train", file, "--stream", "10", "--hidden", "none", "--epochs", "1");
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(changed.toString()), run::toString);
  }
}
