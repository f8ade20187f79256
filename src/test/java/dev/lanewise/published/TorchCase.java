package dev.lanewise.published;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * A file of what PyTorch computed in double precision: lines that describe modules, loss and
 * optimiser in its words, then tensors under its names.
 */
final class TorchCase {

  private static final String FOLDER = "torch/";

  /**
   * A name with options: {@code SGD lr=0.1 momentum=0.9}.
   *
   * @param name what it is
   * @param options its options
   */
  record Spec(String name, Map<String, String> options) {

    /** {@return a name without options} */
    static Spec of(String name) {
      return new Spec(name, Map.of());
    }

    static Spec parse(String[] words) {
      Map<String, String> options = new HashMap<>();
      for (String word : Arrays.asList(words).subList(2, words.length)) {
        String[] parts = word.split("=");
        options.put(parts[0], parts[1]);
      }
      return new Spec(words[1], options);
    }

    boolean has(String option) {
      return options.containsKey(option);
    }

    /** {@return numbers with commas between} */
    List<Integer> integers(String option) {
      return Arrays.stream(options.get(option).split(",")).map(Integer::valueOf).toList();
    }

    double number(String option) {
      return Double.parseDouble(options.get(option));
    }

    double number(String option, double otherwise) {
      return has(option) ? number(option) : otherwise;
    }
  }

  private final String name;
  private final List<Spec> modules = new ArrayList<>();
  private final Map<String, Spec> described = new HashMap<>();
  private final Map<String, double[][]> tensors = new HashMap<>();

  private TorchCase(String name) {
    this.name = name;
  }

  /** Reads a case by its file's name, as {@code steps-adam}. */
  static TorchCase read(String name) {
    String file = FOLDER + name + ".txt";
    try (InputStream content = TorchCase.class.getResourceAsStream(file)) {
      TorchCase read = new TorchCase(name);
      read.parse(new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().iterator());
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return all cases whose names begin so, at least so many, in the order of their names} */
  static List<TorchCase> all(String prefix, int fewest) {
    try (Stream<Path> files = Files.list(Path.of(TorchCase.class.getResource(FOLDER).toURI()))) {
      List<TorchCase> cases =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.startsWith(prefix) && file.endsWith(".txt"))
              .sorted()
              .map(file -> read(file.substring(0, file.length() - 4)))
              .toList();
      assertTrue(cases.size() >= fewest, () -> prefix + ": " + cases);
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private void parse(Iterator<String> lines) {
    while (lines.hasNext()) {
      String[] words = lines.next().split(" ");
      switch (words[0]) {
        case "#" -> {}
        case "module" -> modules.add(Spec.parse(words));
        case "tensor" -> {
          double[][] matrix = new double[Integer.parseInt(words[2])][];
          for (int r = 0; r < matrix.length; r++) {
            String[] numbers = lines.next().split(" ");
            matrix[r] = Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray();
          }
          tensors.put(words[1], matrix);
        }
        default -> described.put(words[0], Spec.parse(words));
      }
    }
  }

  /** {@return the modules in order} */
  List<Spec> modules() {
    return modules;
  }

  /** {@return whether there is a line of a kind, as {@code penalty}} */
  boolean describes(String kind) {
    return described.containsKey(kind);
  }

  /** {@return the line of a kind, as {@code optimizer}} */
  Spec described(String kind) {
    return described.get(kind);
  }

  boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  /** {@return a tensor; a vector is one row} */
  double[][] tensor(String tensor) {
    double[][] matrix = tensors.get(tensor);
    if (matrix == null) {
      throw new NoSuchElementException(name + " has no " + tensor + "; it has " + tensors.keySet());
    }
    return matrix;
  }

  double number(String tensor) {
    return tensor(tensor)[0][0];
  }

  @Override
  public String toString() {
    return name;
  }
}
