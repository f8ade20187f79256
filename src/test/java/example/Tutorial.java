package example;

import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.learn.CrossValidation;
import dev.lanewise.learn.Importance;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Network;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicReference;

/** The code of doc/tutorial.md, step by step; sees exported packages only. */
final class Tutorial {

  private Tutorial() {}

  static Table file(Path file) throws IOException {
    // tutorial: begin
    Table table = Table.csv(file);
    for (int c = 0; c < table.columns(); c++) {
      System.out.println(table.name(c) + ": " + table.kind(c));
    }
    // tutorial: end
    return table;
  }

  static Table fileRead(Path file) throws IOException {
    // tutorial: begin
    Table table =
        TableReader.create()
            .withMissing("unknown") // one more word for a missing number
            .withKind("plan", Table.Kind.CATEGORY) // also if all plans were numbers
            .csv(file);
    // tutorial: end
    return table;
  }

  static Table query(Connection connection) throws SQLException {
    // tutorial: begin
    String sql = "select plan, since, monthly, calls, newsletter, status from customers";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return Table.of(rows);
    }
    // tutorial: end
  }

  static Learned learn(Table table) {
    // tutorial: begin
    Learner learner = Learner.classifier("status");
    Learned learned = learner.learn(table);
    System.out.println(learned);
    // tutorial: end
    // tutorial: begin
    Evaluation.OfClasses test = (Evaluation.OfClasses) learned.test().orElseThrow();
    System.out.println(test); // everything
    System.out.println(test.scoresOf("left").recall()); // or one number
    // tutorial: end
    return learned;
  }

  static CrossValidation validate(Table table) {
    Learner learner = Learner.classifier("status");
    // tutorial: begin
    CrossValidation validation = learner.crossValidate(table, 5);
    System.out.println(validation);
    // tutorial: end
    return validation;
  }

  static Importance importance(Table table, Learned learned) {
    // tutorial: begin
    Table unseen = table.select(learned.split().test());
    Importance importance = Importance.of(learned.model(), unseen, 1);
    System.out.println(importance);
    // tutorial: end
    return importance;
  }

  static Learned change(Table table) {
    // tutorial: begin
    Learner learner =
        Learner.classifier("status")
            .withNetwork(
                (inputs, outputs, loss) ->
                    Network.inputs(inputs).dense(32).relu().dropout(0.1).dense(outputs).loss(loss))
            .withMetric(DevMetric.auc())
            .withRecipe(
                recipe ->
                    recipe.withEpochs(40).withEarlyStopping(EarlyStopping.patience(5).onMetric()))
            .withCalibration()
            .withSeed(7);
    // tutorial: end
    return learner.learn(table);
  }

  static Learned preset(Table table) {
    // tutorial: begin
    Learner learner = Learner.classifier("status").withPreset(Tabular.small());
    // tutorial: end
    return learner.learn(table);
  }

  static Learned drive(Learner learner, Table table) {
    // tutorial: begin
    try (Run run = learner.begin(table)) {
      for (Epoch epoch : run) {
        System.out.println(epoch);
        if (epoch.seconds() > 60) {
          break; // too slow: take what there is
        }
      }
      return run.finish();
    }
    // tutorial: end
  }

  // tutorial: begin
  record Customer(String plan, LocalDate since, Double monthly, int calls, boolean newsletter) {}

  // tutorial: end

  static Decision serve(Path file) throws IOException {
    // tutorial: begin
    SharedPredictor served = TrainedModel.load(file).shared();
    Decision decision =
        served.decide(new Customer("basic", LocalDate.of(2026, 3, 1), null, 4, false));
    System.out.println(decision.label() + " " + decision.probabilities());
    System.out.println("missing " + decision.missing() + ", unknown " + decision.unknown());
    // tutorial: end
    return decision;
  }

  // tutorial: begin
  private static final AtomicReference<SharedPredictor> SERVED = new AtomicReference<>();

  static void swap(Path file) throws IOException {
    SharedPredictor next = TrainedModel.load(file).shared();
    next.warmUp(); // the first request is as fast as the others
    SERVED.set(next);
  }

  static Decision answer(Customer customer) {
    return SERVED.get().decide(customer); // one model for one answer
  }
  // tutorial: end
}
