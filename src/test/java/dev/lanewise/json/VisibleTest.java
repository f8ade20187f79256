package dev.lanewise.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Texts of users in one line. */
final class VisibleTest {

  @Test
  void whatWouldChangeThePageIsEscaped() {
    assertEquals(
        "a\\nb\\r\\t\\u001b[2J\\u202ec\\u2028\\u200b\\u0085",
        Visible.line("a\nb\r\t\u001b[2J\u202ec\u2028\u200b\u0085"));
    assertEquals("größe \\ \"x\"", Visible.line("größe \\ \"x\""));
    String plain = "plain";
    assertSame(plain, Visible.line(plain));
  }

  @Property
  void anyTextIsALineWithoutControlCharacters(@ForAll String text) {
    String line = Visible.line(text);
    assertTrue(line.chars().noneMatch(Character::isISOControl));
    assertTrue(line.lines().count() <= 1);
    assertEquals(line, Visible.line(line));
  }

  @Property
  void aComplaintOfDataIsOneLineWhateverTheDataHolds(@ForAll String text) {
    String message =
        new DataException("t.csv: " + text + "; expected x", DataException.Remedy.WORD)
            .getMessage();
    assertEquals(1, message.lines().count());
    assertTrue(message.chars().noneMatch(Character::isISOControl));
  }
}
