package example;

// README: begin
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

public final class Quickstart {

  record Customer(String plan, LocalDate since, double monthly, int calls, boolean newsletter) {}

  public static void main(String[] arguments) throws IOException {
    Table table = Table.csv(Path.of("data/customers.csv"));
    Learned learned = Learner.classifier("status").withPreset(Tabular.small()).learn(table);
    System.out.println(learned); // how good: on rows trained on, on dev rows, on test rows
    learned.model().save(Path.of("churn.safetensors"));

    SharedPredictor served = TrainedModel.load(Path.of("churn.safetensors")).shared();
    Customer customer = new Customer("basic", LocalDate.of(2026, 3, 1), 19.90, 4, false);
    Decision decision = served.decide(customer); // on any thread
    System.out.println(decision.label() + " with probability " + decision.probability());
  }
}
// README: end
