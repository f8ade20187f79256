package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Files of several gzip members, whole and damaged. */
final class GzipMembersTest {

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] content(InputStream file) throws IOException {
    try (InputStream in = new GzipMembers(file)) {
      return in.readAllBytes();
    }
  }

  /** A pipe that has a few bytes at a time, and says that there are none to come. */
  private static InputStream slow(byte[] bytes, int some) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] to, int offset, int length) {
        return super.read(to, offset, Math.min(some, length));
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }

  @Property
  void theContentIsThatOfAllMembersHoweverItsBytesArrive(
      @ForAll @Size(min = 1, max = 4) List<byte[]> contents,
      @ForAll @IntRange(min = 1, max = 50) int some,
      @ForAll @IntRange(max = 600) int zeros)
      throws IOException {
    byte[][] members = new byte[contents.size() + 1][];
    for (int i = 0; i < contents.size(); i++) {
      members[i] = gzip(contents.get(i));
    }
    members[contents.size()] = new byte[zeros];
    byte[] expected = joined(contents.toArray(byte[][]::new));
    assertArrayEquals(expected, content(slow(joined(members), some)));
  }

  @Test
  void optionalFieldsOfTheHeaderArePassedOver() throws IOException {
    byte[] plain = gzip(new byte[] {1, 2, 3});
    byte[] start = Arrays.copyOf(plain, 10);
    start[3] = 2 | 4 | 8 | 16;
    byte[] fields = {2, 0, 9, 9, 'n', 'a', 'm', 'e', 0, 'c', 0};
    CRC32 sum = new CRC32();
    sum.update(joined(start, fields));
    byte[] check = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};
    byte[] file = joined(start, fields, check, Arrays.copyOfRange(plain, 10, plain.length));
    assertArrayEquals(new byte[] {1, 2, 3}, content(new ByteArrayInputStream(file)));
    byte[] wrong = file.clone();
    wrong[10 + fields.length] ^= 1;
    assertRefused(wrong, "check sum of a member's header");
  }

  private static void assertRefused(byte[] file, String reason) {
    IOException e = assertThrows(IOException.class, () -> content(new ByteArrayInputStream(file)));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  /** All that {@code gunzip -t} complains of, warnings too. */
  @Test
  void whatGunzipWarnsOfIsRefused() throws IOException {
    byte[] file = gzip(new byte[] {1, 2, 3});
    for (int flag : new int[] {0x20, 0x40, 0x80}) {
      byte[] reserved = file.clone();
      reserved[3] |= (byte) flag;
      assertRefused(reserved, "reserved flags 0x%x".formatted(flag));
    }
    byte[] method = file.clone();
    method[2] = 7;
    assertRefused(method, "no gzip member");
    assertRefused(joined(file, new byte[9], file), "bytes behind its zeros");
    assertRefused(joined(file, new byte[9], new byte[] {5}), "bytes behind its zeros");
    assertRefused(joined(file, new byte[] {0x1f}), "cut short");
    assertRefused(joined(file, new byte[] {0x1f, (byte) 0x8b}), "cut short");
    assertRefused(joined(file, "hello".getBytes(StandardCharsets.UTF_8)), "no gzip member");
  }

  @Property
  void aFileThatIsCutShortIsRefused(@ForAll @Size(max = 300) byte[] bytes, @ForAll int cut)
      throws IOException {
    byte[] file = joined(gzip(bytes), gzip(bytes));
    int first = file.length / 2;
    int length = Math.floorMod(cut, file.length);
    if (length != first) {
      byte[] some = Arrays.copyOf(file, length);
      assertThrows(IOException.class, () -> content(new ByteArrayInputStream(some)));
    }
  }

  @Test
  void otherBytesBehindTheLastMemberAndWrongSumsAreRefused() throws IOException {
    byte[] file = gzip(new byte[] {1, 2, 3});
    byte[] more = joined(file, new byte[] {0, 0, 'x'});
    assertThrows(IOException.class, () -> content(new ByteArrayInputStream(more)));
    for (int i = file.length - 8; i < file.length; i++) {
      byte[] damaged = file.clone();
      damaged[i] ^= 1;
      assertThrows(IOException.class, () -> content(new ByteArrayInputStream(damaged)));
    }
  }
}
