package dev.lanewise.spark;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the tests share: a session in this JVM, rows and a model of them. */
final class Sessions {

  static final String FILE = "../data/customers.csv";

  private Sessions() {}

  static SparkSession local() {
    return session("local[2]");
  }

  static SparkSession session(String master) {
    SparkSession spark =
        SparkSession.builder()
            .master(master)
            .appName("lanewise")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  /** {@return the customers, whose dates Spark reads as dates} */
  static Dataset<Row> customers(SparkSession spark) {
    return spark.read().option("header", "true").option("inferSchema", "true").csv(FILE);
  }

  static TrainedModel model() throws IOException {
    return Learner.classifier("status")
        .withRecipe(recipe -> recipe.withEpochs(5))
        .learn(Table.csv(Path.of(FILE)))
        .model();
  }
}
