package dev.lanewise.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On executors that are JVMs of their own, two of one core each. */
class ClusterTest {

  private static final String MASTER = "local-cluster[2,1,1024]";

  @TempDir private Path folder;

  /** The driver of a small application. */
  static final class Application {

    /** Prints what the engine is on executors, and a hash of predictions. */
    public static void main(String[] arguments) throws IOException {
      TrainedModel model = TrainedModel.load(Path.of(arguments[0]));
      boolean kills = arguments[1].equals("killed");
      SparkSession spark = Sessions.session(MASTER);
      Dataset<Row> customers = Sessions.customers(spark).repartition(8).cache();
      List<String> engines =
          customers
              .mapPartitions(
                  (MapPartitionsFunction<Row, String>)
                      rows -> {
                        dieOnce(kills ? arguments[2] : "");
                        return List.of(Engine.standard().toString()).iterator();
                      },
                  Encoders.STRING())
              .distinct()
              .collectAsList();
      engines.forEach(engine -> System.out.println("engine " + engine));
      List<Row> scored =
          LanewiseModel.of(model)
              .transform(customers)
              .orderBy("plan", "since", "monthly", "calls", "newsletter", "status")
              .collectAsList();
      System.out.println("predictions " + scored.size() + " " + scored.hashCode());
      spark.stop();
    }

    /** Ends the executor's JVM if no other one has done so before. */
    private static void dieOnce(String marker) throws IOException {
      Path file = Path.of(marker);
      if (!marker.isEmpty() && !Files.exists(file)) {
        Files.createFile(file);
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private List<String> run(String... arguments) throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve("jars"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx600m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.add(Application.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_DIST_CLASSPATH",
                System.getProperty("java.class.path"),
                "JAVA_HOME",
                System.getProperty("java.home")));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.lines().filter(line -> line.matches("(engine|predictions) .*")).toList();
  }

  @Test
  void executorsHaveVectorsWithoutAFlagAndTheBitsOfADriverWhetherOneIsKilledOrNot()
      throws IOException, InterruptedException {
    Path model = folder.resolve("model.safetensors");
    Sessions.model().save(model);
    List<String> said = run(model.toString(), "spared");
    assertTrue(said.getFirst().startsWith("engine vector"), said::toString);
    Path marker = folder.resolve("killed");
    List<String> afterAKill = run(model.toString(), "killed", marker.toString());
    assertTrue(Files.exists(marker), "an executor was killed");
    assertEquals(said.getLast(), afterAKill.getLast());
    assertTrue(said.getLast().startsWith("predictions 2000 "), said::toString);
  }
}
