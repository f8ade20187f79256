package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sources of the tiles are what their program writes. */
class TilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"BlockTiles", "InPlaceTiles"})
  void tilesAreWhatTheirProgramWrites(String name) throws IOException {
    String expected = name.equals("BlockTiles") ? TileText.blockTiles() : TileText.inPlaceTiles();
    Path source = Path.of("src/main/java/dev/lanewise/kernel", name + ".java");
    assertEquals(expected, Files.readString(source));
  }
}
