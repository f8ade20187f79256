package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Norm;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * δ of the float engine's gradient over ten thousand seeded random networks, by layer, loss and
 * penalty. Writes the table to {@code target/gradients.md}.
 *
 * <p>A network counts once for each kind of layer and of penalty that it contains, and where both
 * are crossed, once for each pair that one of its blocks contains, with the δ of the whole network.
 * Whether one is ill-conditioned is decided by the network and its batch, before any δ is known.
 */
@Tag("long")
class GradientTableTest {

  private static final int NETWORKS = 10_000;
  private static final int SEED = 1_000_000;

  /** Of a network with more parameters than this, so many are looked at. */
  private static final int COMPONENTS = 200;

  private static final Path TABLE = Path.of("target", "gradients.md");

  private static final List<String> PENALTIES =
      List.of("none", "L2", "L1", "L1 and L2", "soft threshold");

  /** A kind of layer, and the penalty of its block. */
  private record Kind(String layer, String penalty) {}

  /** What was found for one network. */
  private record Found(
      String loss, Set<Kind> kinds, boolean batchNorm, boolean ill, GradientReport report) {

    static Found of(Sample sample) {
      GradientReport report =
          GradientCheck.of(sample.network())
              .withSample(COMPONENTS, sample.seed())
              .check(sample.theta(), sample.dataset(), sample.stepKey(), Engine.standard());
      Set<Kind> kinds = new HashSet<>();
      List<Network.Node> nodes = sample.network().nodes();
      for (Network.Node node : nodes) {
        Dense nearest = nearestDense(nodes, Math.max(node.number(), 1));
        word(node.layer())
            .ifPresent(layer -> kinds.add(new Kind(layer, penalty(nearest.penalty()))));
      }
      return new Found(
          words(sample.network().loss().getClass().getSimpleName()),
          kinds,
          sample.network().normalizesBatches(),
          illConditioned(sample),
          report);
    }

    private static Dense nearestDense(List<Network.Node> nodes, int number) {
      return nodes.stream()
          .filter(node -> node.number() == number && node.layer() instanceof Dense)
          .map(node -> (Dense) node.layer())
          .findFirst()
          .orElseThrow();
    }

    private static Optional<String> word(Layer layer) {
      String word =
          layer instanceof Activation activation
              ? words(activation.function().name())
              : words(layer.kind().name());
      return word.equals("identity") ? Optional.empty() : Optional.of(word);
    }

    private static String penalty(Penalty penalty) {
      if (penalty.threshold() > 0) {
        return "soft threshold";
      }
      if (penalty.l1() > 0) {
        return penalty.l2() > 0 ? "L1 and L2" : "L1";
      }
      return penalty.l2() > 0 ? "L2" : "none";
    }

    double skippedShare() {
      return (double) report.skipped() / (report.compared() + report.skipped());
    }

    boolean has(Predicate<Kind> kind) {
      return kinds.stream().anyMatch(kind);
    }
  }

  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  /**
   * Batch norm over fewer than 8 rows; a column under batch norm that amplifies the rounding of its
   * values more than 32 times, 5 of a float's 24 bits, √(μ² + σ²) > 32·√(σ² + ε); layer norm over
   * fewer than 4 units.
   */
  private static boolean illConditioned(Sample sample) {
    double[] statistics =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    for (Network.Node node : sample.network().nodes()) {
      if (node.layer() instanceof LayerNorm && node.outputs() < 4) {
        return true;
      }
      if (node.layer() instanceof BatchNorm norm
          && (sample.rows() < 8 || amplifies(sample, node, norm, statistics))) {
        return true;
      }
    }
    return false;
  }

  private static boolean amplifies(
      Sample sample, Network.Node node, BatchNorm norm, double[] statistics) {
    Slot means = node.slot(sample.network().layout(), Slot.Role.MEAN);
    Slot variances = node.slot(sample.network().layout(), Slot.Role.VARIANCE);
    for (int j = 0; j < means.size(); j++) {
      double mean = statistics[means.offset() + j];
      double variance = statistics[variances.offset() + j];
      if (mean * mean + variance > 32 * 32 * (variance + norm.epsilon())) {
        return true;
      }
    }
    return false;
  }

  /** The δs of some networks, sorted. */
  private record Deltas(double[] sorted) {

    static Deltas of(List<Found> found, Predicate<Found> some) {
      return new Deltas(
          found.stream().filter(some).mapToDouble(f -> f.report().delta()).sorted().toArray());
    }

    double at(double share) {
      return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    double worst() {
      return sorted[sorted.length - 1];
    }

    /** {@return median, 99 %, worst and number, as cells of a table} */
    String cells() {
      return sorted.length == 0
          ? "| | | | 0 "
          : "| %.1e | %.1e | %.1e | %d ".formatted(at(0.5), at(0.99), worst(), sorted.length);
    }

    /** {@return the same in one cell} */
    String cell() {
      return sorted.length == 0
          ? "| "
          : "| %.1e / %.1e / %.1e (%d) ".formatted(at(0.5), at(0.99), worst(), sorted.length);
    }
  }

  private static String tables(List<Found> found) {
    List<Found> ill = found.stream().filter(Found::ill).toList();
    List<Found> well = found.stream().filter(f -> !f.ill()).toList();
    Set<String> layers = new TreeSet<>();
    Set<String> losses = new TreeSet<>();
    found.forEach(f -> f.kinds().forEach(k -> layers.add(k.layer())));
    found.forEach(f -> losses.add(f.loss()));
    StringBuilder text = new StringBuilder();
    text.append("| networks with | median | 99 % | worst | networks ");
    text.append("| ill-conditioned: median | 99 % | worst | networks |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    line(text, "all", well, ill, f -> true);
    line(text, "without batch norm", well, ill, f -> !f.batchNorm());
    for (String layer : layers) {
      line(text, layer, well, ill, f -> f.has(k -> k.layer().equals(layer)));
    }
    for (String loss : losses) {
      line(text, "loss: " + loss, well, ill, f -> f.loss().equals(loss));
    }
    for (String penalty : PENALTIES) {
      line(text, "penalty: " + penalty, well, ill, f -> f.has(k -> k.penalty().equals(penalty)));
    }
    text.append("\nδ: median / 99 % / worst (networks); ill-conditioned networks left out\n\n");
    text.append("| layer | loss | penalty: %s |\n".formatted(String.join(" | ", PENALTIES)));
    text.append("|---|---|---|---|---|---|---|\n");
    for (String layer : layers) {
      for (String loss : losses) {
        text.append("| %s | %s ".formatted(layer, loss));
        for (String penalty : PENALTIES) {
          Kind kind = new Kind(layer, penalty);
          text.append(
              Deltas.of(well, f -> f.loss().equals(loss) && f.kinds().contains(kind)).cell());
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, String name, List<Found> well, List<Found> ill, Predicate<Found> some) {
    text.append("| %s ".formatted(name));
    text.append(Deltas.of(well, some).cells());
    text.append(Deltas.of(ill, some).cells());
    text.append("|\n");
  }

  private static String counts(List<Found> found, long seconds) {
    long compared = found.stream().mapToLong(f -> f.report().compared()).sum();
    long skipped = found.stream().mapToLong(f -> f.report().skipped()).sum();
    long parameters = found.stream().mapToLong(f -> f.report().parameters()).sum();
    double share = found.stream().mapToDouble(Found::skippedShare).max().orElseThrow();
    long failed = found.stream().filter(f -> !f.report().conclusive()).count();
    return "%d networks, %d s; %d of %d parameters compared, %d skipped at kinks, of one network %.1f %% at most; %d checks not conclusive\n\n"
        .formatted(found.size(), seconds, compared, parameters, skipped, 100 * share, failed);
  }

  @Test
  void gradientsOfTenThousandNetworksAgreeToFloatAccuracy() throws IOException {
    long start = System.nanoTime();
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < NETWORKS; i++) {
      found.add(Found.of(Networks.sample(SEED + i, Norm.MAYBE, 1)));
    }
    String counts = counts(found, (System.nanoTime() - start) / 1_000_000_000);
    Files.writeString(TABLE, counts + tables(found));
    System.out.print("gradients: " + counts);
    assertTrue(
        found.stream().filter(f -> !f.report().conclusive()).count() <= NETWORKS / 1000, counts);
    assertBars(found, f -> !f.batchNorm() && !f.ill(), 1e-7, 5e-7, 5e-6);
    assertBars(found, f -> f.batchNorm() && !f.ill(), 2e-7, 2e-6, 2e-5);
    assertTrue(Deltas.of(found, Found::ill).at(0.5) <= 1e-6, "median of the ill-conditioned");
  }

  private static void assertBars(
      List<Found> found, Predicate<Found> some, double median, double nearly, double worst) {
    Deltas deltas = Deltas.of(found, some);
    String figures = deltas.cell();
    assertTrue(deltas.at(0.5) <= median, () -> figures + "expected a median of " + median);
    assertTrue(deltas.at(0.99) <= nearly, () -> figures + "expected 99 % within " + nearly);
    assertTrue(deltas.worst() <= worst, () -> figures + "expected all within " + worst);
  }
}
