package dev.lanewise.jmh.vectors;

import dev.lanewise.jmh.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes what PyTorch computes for small networks, in double precision, as files for the engine's
 * tests; or compares files with what it computes now.
 */
public final class TorchVectors {

  /** What another processor's kernels may differ by, in units of a tensor's largest magnitude. */
  private static final double TOLERANCE = 1e-12;

  private TorchVectors() {}

  /**
   * Writes or compares.
   *
   * @param args the folder of the files; then {@code --check} to compare
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Torch.load(1);
    Path folder = Path.of(args[0]);
    boolean check = args.length > 1 && args[1].equals("--check");
    Files.createDirectories(folder);
    double worst = 0;
    Map<String, Supplier<VectorFile>> cases = cases();
    for (Map.Entry<String, Supplier<VectorFile>> entry : cases.entrySet()) {
      Path file = folder.resolve(entry.getKey() + ".txt");
      VectorFile computed = entry.getValue().get();
      if (check) {
        double distance = computed.distance(file);
        worst = Math.max(worst, distance);
        if (distance > TOLERANCE) {
          System.out.println(file + ": differs by " + distance);
        }
      } else {
        computed.write(file);
      }
    }
    System.out.println(
        cases.size() + (check ? " files compared, worst difference " + worst : " files written"));
    System.exit(worst > TOLERANCE ? 1 : 0);
  }

  private static Map<String, Supplier<VectorFile>> cases() {
    Map<String, Supplier<VectorFile>> cases = new LinkedHashMap<>();
    GradientCase.all().forEach(c -> cases.put("batch-" + c.name(), c::compute));
    TrajectoryCase.all().forEach(c -> cases.put(c.name(), c::compute));
    PresetCase.all().forEach(c -> cases.put(c.name(), c::compute));
    cases.put("minimum-lbfgs", MinimumCase::compute);
    return cases;
  }
}
