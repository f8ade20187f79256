package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawRowsTest {

  @ParameterizedTest
  @CsvSource({
    "4, 3, 1, 1",
    "32, 32, 3, 1",
    "64, 33, 3, 2",
    "65, 1, 1, 3",
    "5, 2, 2, 1",
    "3, 3, 4, 1"
  })
  void aPictureIsTheImageOrEveryFewPixelsOfIt(int height, int width, int channels, int step)
      throws IOException {
    byte[] bytes = new byte[3 * height * width * channels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37 + i / 251);
    }
    Idx.Images images =
        new Idx.Images("i", new Column.Pixels(height, width, channels), bytes, new byte[0]);
    byte[] png = RawRows.of(images, new int[] {0, 2}).picture(1).orElseThrow();
    BufferedImage seen = ImageIO.read(new ByteArrayInputStream(png));
    assertEquals((width + step - 1) / step, seen.getWidth());
    assertEquals((height + step - 1) / step, seen.getHeight());
    assertTrue(seen.getWidth() <= 32 && seen.getHeight() <= 32);
    for (int y = 0; y < seen.getHeight(); y++) {
      for (int x = 0; x < seen.getWidth(); x++) {
        int at = ((2 * height + step * y) * width + step * x) * channels;
        int rgb = 0xff;
        for (int c = 0; c < 3; c++) {
          rgb = rgb << 8 | Byte.toUnsignedInt(bytes[channels >= 3 ? at + c : at]);
        }
        assertEquals(rgb, seen.getRGB(x, y), x + ", " + y);
      }
    }
  }

  @Test
  void aRowIsKnownByItsLineInTheFileAndItsCellsByTheirColumns() throws IOException {
    String csv = "a,b,c\n1,x,7\n\n2,,8\n";
    Table table =
        TableReader.create()
            .withIgnored("c")
            .csv(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "t");
    RawRows raw = RawRows.of(table, new int[] {1, 0});
    assertEquals("line", raw.unit());
    assertEquals(4, raw.place(0));
    assertEquals(2, raw.place(1));
    assertEquals(List.of("b", "a"), raw.columns(List.of("b", "c", "d", "a")));
    assertEquals("", raw.cell(0, "b"));
    assertEquals("x", raw.cell(1, "b"));
    assertTrue(raw.picture(0).isEmpty());
  }
}
