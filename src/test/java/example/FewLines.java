package example;

import dev.lanewise.data.Table;
import dev.lanewise.learn.CrossValidation;
import dev.lanewise.learn.Importance;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a service writes for the usual steps, each in a few lines, which a test counts; sees
 * exported packages only.
 */
final class FewLines {

  private FewLines() {}

  // at most 12: from a query to a trained, judged, saved model
  static Learned train(Connection connection, Path file) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select * from customers")) {
      Learned learned = Learner.classifier("status").learn(Table.of(rows));
      learned.model().save(file);
      return learned; // prints as a table; test() is how good it is on rows that it never saw
    }
  }

  // end

  // at most 6: a loaded model answers a typed request, from any thread
  record Customer(String plan, LocalDate since, Double monthly, int calls, boolean newsletter) {}

  static String answer(Path file) throws IOException {
    SharedPredictor model = TrainedModel.load(file).shared();
    Customer customer = new Customer("basic", LocalDate.of(2026, 3, 1), null, 4, false);
    return model.decide(customer).label();
  }

  // end

  static CrossValidation validate(Table table) {
    // at most 4: cross-validation
    Learner learner = Learner.classifier("status").withSeed(1);
    CrossValidation validation = learner.crossValidate(table, 5);
    System.out.println(validation);
    // end
    return validation;
  }

  static Importance importance(TrainedModel model, Table unseen) {
    // at most 2: importance of columns
    Importance importance = Importance.of(model, unseen, 1);
    System.out.println(importance);
    // end
    return importance;
  }

  static Learner stopping(Learner learner) {
    // at most 2: early stopping on AUC
    EarlyStopping rule = EarlyStopping.patience(10).onMetric();
    return learner.withMetric(DevMetric.auc()).withRecipe(r -> r.withEarlyStopping(rule));
    // end
  }

  static Decision swap(Path file, Record request) throws IOException {
    // at most 6: another model takes over under load
    AtomicReference<SharedPredictor> served = new AtomicReference<>(); // a field of the service
    served.set(TrainedModel.load(file).shared()); // whenever there is another model
    return served.get().decide(request); // on any thread
    // end
  }
}
