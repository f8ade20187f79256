package dev.lanewise.model;

import java.io.IOException;

/**
 * A file that is not what it should be: damaged, hostile, or made for another network. The message
 * is one line that names the file and what was expected.
 */
public final class SafetensorsException extends IOException {

  private static final long serialVersionUID = 1;

  SafetensorsException(String message) {
    super(message);
  }
}
