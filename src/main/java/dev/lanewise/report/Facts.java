package dev.lanewise.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named values, one below the other.
 *
 * @param values the values by their names, in this order; a value may have several lines
 */
public record Facts(Map<String, String> values) implements Part {

  /** Creates facts. */
  public Facts {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
