package dev.lanewise.model;

import dev.lanewise.engine.Engine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The origin of a model, as texts by key in their order: library, kernels and Java version, and
 * what the trainer adds, such as the seed, the recipe and the data. Nothing here changes a result,
 * and no time is recorded unless the caller gives one. Immutable.
 *
 * @param entries the texts by key
 */
public record Provenance(Map<String, String> entries) {

  /** Nothing known. */
  public static final Provenance UNKNOWN = new Provenance(Map.of());

  /** Creates a provenance from its entries, whose order is kept. */
  public Provenance {
    entries = new LinkedHashMap<>(Objects.requireNonNull(entries, "entries"));
    entries.forEach(
        (key, text) -> {
          Objects.requireNonNull(key, "key");
          Objects.requireNonNull(text, "text of " + key);
        });
    entries = Collections.unmodifiableMap(entries);
  }

  /**
   * {@return the provenance of an engine: the library's version, the kernels and the Java version}
   *
   * @param engine the engine
   */
  public static Provenance of(Engine engine) {
    String version = Provenance.class.getPackage().getImplementationVersion();
    return UNKNOWN
        .with("lanewise", version == null ? "unpackaged" : version)
        .with("kernels", engine.kernels().name())
        .with("java", Runtime.version().toString());
  }

  /**
   * {@return this provenance and one more text, or another one under that key}
   *
   * @param key the key
   * @param text the text
   */
  public Provenance with(String key, String text) {
    Map<String, String> more = new LinkedHashMap<>(entries);
    more.put(key, text);
    return new Provenance(more);
  }

  /** {@return a line for each entry} */
  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder();
    entries.forEach((key, text) -> lines.append("%-16s %s%n".formatted(key, text)));
    return lines.toString().stripTrailing();
  }
}
