package dev.lanewise.cli;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Blocking;
import dev.lanewise.gemm.Caches;
import dev.lanewise.json.Json;
import dev.lanewise.kernel.ProductKernels;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints what this machine and JVM offer, which kernels are chosen and why, and whether they
 * compute the right bits.
 */
@Command(
    name = "doctor",
    description = "Tells which kernels this machine gets and why, and tries them.")
final class Doctor implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Engine engine = Engine.standard();
    boolean sameBits = Arrays.equals(step(engine.hot()), step(Engine.of("scalar")));
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Json> findings = new LinkedHashMap<>();
    findings.put("version", Json.of(new Lanewise.Version().getVersion()[0]));
    findings.put(
        "vm",
        Json.of(System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.info")));
    findings.put(
        "system", Json.of(System.getProperty("os.name") + " " + System.getProperty("os.arch")));
    findings.put("processors", Json.of(Runtime.getRuntime().availableProcessors()));
    findings.put("heapBytes", Json.of(Runtime.getRuntime().maxMemory()));
    findings.put("kernels", Json.of(engine.kernels().name()));
    findings.put("reason", Json.of(engine.reason()));
    ProductKernels kernels = engine.kernels();
    findings.put("products", json ? products(kernels) : Json.of(productsInWords(kernels)));
    findings.put("sameBitsAsScalar", Json.of(sameBits));
    if (json) {
      out.println(new Json.Obj(findings));
    } else {
      findings.forEach((name, value) -> out.println(Lanewise.fact(name, value)));
    }
    return sameBits ? 0 : 1;
  }

  /** {@return how products are cut, and the caches that this is derived from} */
  private static Json products(ProductKernels kernels) {
    Blocking blocks = Blocking.of(kernels);
    Caches caches = Caches.OF_THIS_MACHINE;
    Map<String, Json> products = new LinkedHashMap<>();
    products.put("panelColumns", Json.of(kernels.panelColumns()));
    products.put("tileRows", Json.of(kernels.tileRows()));
    products.put("tileVectors", Json.of(kernels.panelColumns() / kernels.lanes()));
    products.put("packedLeft", Json.of(kernels.blockRows() > 1));
    products.put("blockSteps", Json.of(blocks.steps()));
    products.put("blockRows", Json.of(blocks.rows()));
    products.put("blockColumns", Json.of(blocks.columns()));
    products.put("firstCacheBytes", Json.of(caches.first()));
    products.put("secondCacheBytes", Json.of(caches.second()));
    products.put("cachesAssumed", Json.of(caches.assumed()));
    return new Json.Obj(products);
  }

  private static String productsInWords(ProductKernels kernels) {
    Blocking blocks = Blocking.of(kernels);
    Caches caches = Caches.OF_THIS_MACHINE;
    return ("panels of %d columns, tiles of %d x %d vectors, A %s,"
            + " blocks of %d steps, %d rows, %d columns; caches of %d and %d KiB%s")
        .formatted(
            kernels.panelColumns(),
            kernels.tileRows(),
            kernels.panelColumns() / kernels.lanes(),
            kernels.blockRows() > 1 ? "packed" : "in place",
            blocks.steps(),
            blocks.rows(),
            blocks.columns(),
            caches.first() >> 10,
            caches.second() >> 10,
            caches.assumed() ? " assumed" : "");
  }

  /**
   * The gradient of a small network, which takes every kind of kernel but dropout through an odd
   * shape.
   */
  private static float[] step(Engine engine) {
    int rows = 37;
    int columns = 19;
    Network network =
        Network.inputs(columns)
            .dense(23)
            .batchNorm()
            .relu()
            .dense(5)
            .loss(new Loss.SoftmaxCrossEntropy());
    float[] features = new float[rows * columns];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i * 31 % 101 - 50) / 25f;
    }
    for (int r = 0; r < rows; r++) {
      targets[r] = r % 5;
    }
    TrainingPlan plan = TrainingPlan.compile(network, rows, engine);
    float[] gradient = new float[plan.layout().size()];
    Batch batch = Batch.of(Dataset.of(features, columns, targets, 1));
    plan.gradients(network.initialParameters(0), batch, 0, gradient);
    return gradient;
  }
}
