package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Pictures are read back by the JDK's own reader. */
class PngTest {

  private static int[] read(byte[] png, int width, int height) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertEquals(width, image.getWidth());
    assertEquals(height, image.getHeight());
    return image.getRGB(0, 0, width, height, null, 0, width);
  }

  @Property
  void everyPixelComesBack(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll int seed)
      throws IOException {
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (seed + i) * 0x9e3779b9;
    }
    assertArrayEquals(pixels, read(Png.of(pixels, width), width, height));
  }

  @Test
  void linesAreWhole() {
    assertThrows(IllegalArgumentException.class, () -> Png.of(new int[5], 2));
    assertThrows(IllegalArgumentException.class, () -> Png.of(new int[0], 2));
  }

  /** The upper right place belongs to the second class, all others to the first. */
  @Test
  void regionsStandWhereTheirPlacesAre() throws IOException {
    Plane plane = new Plane(-1, 1, -2, 2);
    byte[] png =
        plane.classes(
            2,
            (xs, ys) -> {
              float[] second = new float[xs.length];
              for (int i = 0; i < xs.length; i++) {
                second[i] = xs[i] > 0.5 && ys[i] > 1 ? 1 : 0;
              }
              return second;
            });
    int[] pixels = read(png, 160, 160);
    assertEquals(0xbee68334, pixels[159]);
    assertEquals(0xbe4592d1, pixels[0]);
    assertEquals(0xbe4592d1, pixels[159 * 160 + 159]);
  }

  @Test
  void theMostProbableOfSeveralClassesHasThePlace() throws IOException {
    byte[] png =
        new Plane(0, 1, 0, 1)
            .classes(
                3,
                (xs, ys) -> {
                  float[] three = new float[3 * xs.length];
                  for (int i = 0; i < xs.length; i++) {
                    three[3 * i + 2] = 0.5f;
                    three[3 * i + 1] = xs[i] < 0.5 ? 0.75f : 0.25f;
                  }
                  return three;
                });
    int[] pixels = read(png, 160, 160);
    assertEquals(0xe68334, pixels[0] & 0xffffff);
    assertEquals(0x4caf6e, pixels[159] & 0xffffff);
  }
}
