package dev.lanewise.data;

import java.util.Arrays;

/** The different texts of a column, numbered in the order in which they were met. */
final class Dictionary {

  private String[] words = new String[2];
  private int[] slots = new int[4]; // a word's number + 1, or 0
  private int size;

  int size() {
    return size;
  }

  String word(int code) {
    return words[code];
  }

  /** {@return the words, by number} */
  String[] words() {
    return Arrays.copyOf(words, size);
  }

  /** {@return the number of a text, a new one if it was not met before} */
  int code(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text[i];
    }
    for (int slot = slot(hash); ; slot = slot + 1 & slots.length - 1) {
      int code = slots[slot] - 1;
      if (code < 0) {
        return insert(slot, new String(text, from, to - from));
      }
      if (isSame(words[code], text, from, to)) {
        return code;
      }
    }
  }

  /** {@return the number of a text, a new one if it was not met before} */
  int code(String text) {
    for (int slot = slot(text.hashCode()); ; slot = slot + 1 & slots.length - 1) {
      int code = slots[slot] - 1;
      if (code < 0) {
        return insert(slot, text);
      }
      if (words[code].equals(text)) {
        return code;
      }
    }
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 16) & slots.length - 1;
  }

  private static boolean isSame(String word, char[] text, int from, int to) {
    int length = to - from;
    if (word.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (word.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }

  private int insert(int slot, String word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, 2 * size);
    }
    words[size++] = word;
    slots[slot] = size;
    if (2 * size > slots.length) {
      slots = new int[2 * slots.length];
      for (int code = 0; code < size; code++) {
        int free = slot(words[code].hashCode());
        while (slots[free] != 0) {
          free = free + 1 & slots.length - 1;
        }
        slots[free] = code + 1;
      }
    }
    return size - 1;
  }
}
