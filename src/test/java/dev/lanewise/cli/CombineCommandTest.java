package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.score;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Bagging;
import dev.lanewise.learn.Combined;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Refit;
import dev.lanewise.learn.Snapshots;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bagging, refits and snapshots on the command line, and what takes their models. */
final class CombineCommandTest {

  @TempDir Path folder;

  private Path data;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("points.csv");
    model = folder.resolve("model.safetensors");
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b,g,v,y\n");
    for (int row = 0; row < 90; row++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      double v = a - 2 * b + 0.2 * random.nextGaussian();
      String y = a + b + 0.5 * random.nextGaussian() > 0 ? "up" : "down";
      text.append("%.3f,%.3f,%d,%.3f,%s%n".formatted(a, b, row / 3, v, y));
    }
    Files.writeString(data, text);
  }

  private Map<String, Json> train(String options) {
    String command =
        "train %s --label y --ignore g,v --hidden 6 --batch-size 8 --learning-rate 0.02 --json %s"
            .formatted(data, options);
    return json(run(0, (Object[]) command.split(" ")));
  }

  private static Learner learner(int epochs) {
    return Learner.classifier("y")
        .withIgnored("g", "v")
        .withNetwork(
            (inputs, outputs, loss) ->
                Network.inputs(inputs).dense(6).relu().dense(outputs).loss(loss))
        .withRecipe(
            recipe ->
                recipe
                    .withOptimizer(Optimizer.adam(0.02))
                    .withBatchSize(8)
                    .withEpochs(epochs)
                    .withEarlyStopping(EarlyStopping.patience(10)));
  }

  private void assertSame(Combined expected, Map<String, Json> actual) throws IOException {
    assertEquals(Json.of(expected.model().parametersSha256()), actual.get("parametersSha256"));
    assertEquals(expected.bestEpoch(), number(actual.get("bestEpoch")));
    assertEquals(expected.epochsTrained(), number(actual.get("epochs")));
    for (Map.Entry<String, Evaluation> set : expected.evaluations().entrySet()) {
      double loss = set.getValue().scores().get("logLoss");
      assertEquals(loss, score(actual, set.getKey(), "logLoss"), set::getKey);
    }
    TrainedModel saved = TrainedModel.load(model);
    assertEquals(expected.model().parametersSha256(), saved.parametersSha256());
    assertEquals(
        expected.model().provenance().entries().get("combined"),
        saved.provenance().entries().get("combined"));
    List<Json> members = ((Json.Arr) actual.get("members")).items();
    assertEquals(expected.members().size(), members.size());
    for (int m = 0; m < members.size(); m++) {
      Map<String, Json> member = object(members.get(m));
      Combined.Member its = expected.members().get(m);
      assertEquals(its.model().provenance().entries().get("seed"), member.get("seed").toString());
      assertEquals(its.epochs(), number(member.get("epochs")));
      assertEquals(its.bestEpoch(), number(member.get("bestEpoch")));
    }
  }

  @Test
  void aBagIsThatOfTheLibrary() throws IOException {
    Combined expected = Bagging.of(learner(4), 3).learn(Table.csv(data));
    assertSame(expected, train("--bag 3 --epochs 4 --model " + model));
    assertEquals(3, assertInstanceOf(Ensemble.class, TrainedModel.load(model)).models().size());
  }

  @Test
  void membersArePrintedForPeopleALineEach() {
    String command =
        "train %s --label y --ignore g,v --hidden 6 --epochs 2 --bag 2".formatted(data);
    List<String> printed = run(0, (Object[]) command.split(" ")).out();
    List<String> members = printed.subList(printed.size() - 2, printed.size());
    assertEquals("members           seed 0, epochs 2, bestEpoch 2", members.getFirst());
    assertTrue(
        members.getLast().matches(" {18}seed \\d+, epochs 2, bestEpoch 2"), members::toString);
  }

  @Test
  void aRefitIsThatOfTheLibrary() throws IOException {
    Combined expected = Refit.of(learner(6), 2).learn(Table.csv(data));
    assertSame(expected, train("--refit 2 --epochs 6 --model " + model));
    Combined one = Refit.of(learner(6), 1).learn(Table.csv(data));
    assertSame(one, train("--refit 1 --epochs 6 --model " + model));
    assertInstanceOf(Model.class, TrainedModel.load(model));
  }

  @Test
  void snapshotsAreThoseOfTheLibrary() throws IOException {
    Schedule schedule = new Schedule.CosineRestarts(0.02, 0, 2, 2);
    Learner learner =
        learner(8).withRecipe(r -> r.withOptimizer(Optimizer.adam(0.02).withSchedule(schedule)));
    Combined expected = Snapshots.of(learner).learn(Table.csv(data));
    String options = "--snapshots --epochs 8 --schedule cosine-restarts --decay-epochs 2 --model ";
    assertSame(expected, train(options + model));
  }

  /** One training whose weights are averaged, batch norm's statistics taken anew for the mean. */
  @Test
  void averagedWeightsAreThoseOfTheLibrary() throws IOException {
    for (Averaging form : List.of(new Averaging.Epochs(2), new Averaging.Exponential(0.9))) {
      Learner learner =
          learner(4)
              .withNetwork(
                  (inputs, outputs, loss) ->
                      Network.inputs(inputs)
                          .dense(6)
                          .add(new BatchNorm())
                          .relu()
                          .dense(outputs)
                          .loss(loss))
              .withRecipe(r -> r.withAveraging(form));
      String option = form instanceof Averaging.Epochs ? "epochs=2" : "ema=0.9";
      Map<String, Json> actual = train("--batch-norm --epochs 4 --average " + option);
      assertEquals(
          Json.of(learner.learn(Table.csv(data)).model().parametersSha256()),
          actual.get("parametersSha256"));
    }
  }

  @Test
  void theCostIsTheMeanOfTheMembersOnTheRowsTrainedOn() throws IOException {
    Combined expected = Refit.of(learner(3), 2).learn(Table.csv(data));
    Map<String, Json> actual = train("--refit 2 --epochs 3");
    int[] both =
        IntStream.concat(
                Arrays.stream(expected.split().train()), Arrays.stream(expected.split().dev()))
            .toArray();
    Table rows = Table.csv(data).select(both);
    double sum = 0;
    for (Combined.Member member : expected.members()) {
      sum += member.model().evaluate(rows).scores().get("logLoss");
    }
    assertEquals(sum / 2, decimal(actual.get("cost")), 1e-6);
  }

  @Test
  void evaluatePredictAndInspectTakeTheEnsemble() throws IOException {
    train("--bag 2 --epochs 2 --model " + model);
    Ensemble ensemble = ((Ensemble) TrainedModel.load(model)).withWeights(3, 1);
    ensemble.save(model);
    Table rows = Table.csv(data);
    Map<String, Json> judged = json(run(0, "evaluate", model, data, "--json"));
    assertEquals(ensemble.evaluate(rows).scores().get("logLoss"), score(judged, "test", "logLoss"));
    List<String> predicted = run(0, "predict", model, data).out();
    assertEquals("prediction,p_down,p_up", predicted.getFirst());
    double[] first = new double[2];
    double[] second = new double[2];
    float[] row = ensemble.encoder().orElseThrow().features(rows, new int[] {0});
    ensemble.models().get(0).predictor().probabilities(row, 1, first);
    ensemble.models().get(1).predictor().probabilities(row, 1, second);
    assertEquals(
        (3 * first[1] + second[1]) / 4, Double.parseDouble(predicted.get(1).split(",")[2]), 1e-12);
    assertInspected(ensemble);
  }

  private void assertInspected(Ensemble ensemble) {
    Map<String, Json> facts = json(run(0, "inspect", model, "--json"));
    assertEquals(Json.of(ensemble.parametersSha256()), facts.get("parametersSha256"));
    List<Json> members = ((Json.Arr) facts.get("models")).items();
    assertEquals(Json.of(3.0), object(members.get(0)).get("weight"));
    assertEquals(
        Json.of(ensemble.models().get(1).parametersSha256()),
        object(members.get(1)).get("parametersSha256"));
    assertEquals(
        number(facts.get("parameters")),
        number(object(members.get(0)).get("parameters"))
            + number(object(members.get(1)).get("parameters")));
    List<String> lines = run(0, "inspect", model).out();
    assertTrue(lines.contains("model            2, weight 1.0"), lines::toString);
    assertTrue(lines.contains("ensemble         of 2 models"), lines::toString);
    assertTrue(lines.contains("parametersSha256 " + ensemble.parametersSha256()), lines::toString);
    assertEquals(1, lines.stream().filter(line -> line.startsWith("column           a ")).count());
  }

  @Test
  void theHistoryHasTheEpochsOfARefitsFirstStageAndOfSnapshots() throws IOException {
    Path history = folder.resolve("history.csv");
    Combined expected = Refit.of(learner(3), 2).learn(Table.csv(data));
    train("--refit 2 --epochs 3 --history " + history);
    List<String> lines = Files.readAllLines(history);
    assertEquals(1 + 3, lines.size());
    String[] last = lines.getLast().split(",");
    assertEquals("3", last[0]);
    assertEquals(expected.epochs().get(2).devLoss().orElseThrow(), Double.parseDouble(last[4]));
    String options =
        "--snapshots --epochs 7 --schedule cosine-restarts --decay-epochs 2 --history ";
    train(options + history);
    assertEquals(1 + 6, Files.readAllLines(history).size());
  }

  @Test
  void aMembersProvenanceTellsNoFolder() throws IOException {
    train("--refit 2 --epochs 2 --model " + model);
    String text = Files.readString(model, StandardCharsets.ISO_8859_1);
    assertFalse(text.contains(folder.toString()), "the folder of the data");
    for (Model member : ((Ensemble) TrainedModel.load(model)).models()) {
      assertEquals("points.csv", member.provenance().entries().get("data"));
    }
  }

  @Test
  void whatIsFittedOnDevRowsIsTheEnsembles() throws IOException {
    for (String option : List.of("--bag 2", "--refit 2")) {
      Map<String, Json> facts =
          train(option + " --epochs 3 --calibrate --tune-threshold f1 --model " + model);
      TrainedModel saved = TrainedModel.load(model);
      assertNotEquals(Temperature.NONE, saved.temperature());
      assertEquals(saved.temperature().value(), decimal(facts.get("temperature")), 1e-6);
      assertEquals(saved.threshold().probability(), decimal(facts.get("threshold")), 1e-6);
    }
  }

  @Test
  void aReportIsWritten() throws IOException {
    Path report = folder.resolve("report.html");
    train("--bag 2 --epochs 2 --report " + report);
    assertTrue(Files.readString(report).contains("bagging, 2 models"));
  }

  /** The lines are told before a file is opened: there is none. */
  @Test
  void combinationsWithoutMeaningAreUsageErrors() {
    List<String> wrong = new ArrayList<>();
    for (String line :
        List.of(
            "--bag 1|--bag: 1; expected a number of models from 2",
            "--refit 0|--refit: 0; expected a number of models from 1",
            "--bag 2 --refit 2|--bag 2: has no meaning with --refit 2; expected one of them",
            "--bag 2 --snapshots|--bag 2: has no meaning with --snapshots",
            "--refit 2 --snapshots|--refit 2: has no meaning with --snapshots",
            "--bag 2 --history h|--bag 2: has no meaning with --history",
            "--bag 2 --checkpoint c|--bag 2: has no meaning with --checkpoint",
            "--refit 2 --checkpoint c|--refit 2: has no meaning with --checkpoint",
            "--refit 2 --resume c|--refit 2: has no meaning with --resume",
            "--refit 2 --replay c|--refit 2: has no meaning with --replay",
            "--refit 2 --initial-weights c|--refit 2: has no meaning with --initial-weights",
            "--refit 2 --observe c|--refit 2: has no meaning with --observe",
            "--refit 2 --leak-check|--refit 2: has no meaning with --leak-check",
            "--refit 2 --live|--refit 2: has no meaning with --live",
            "--refit 2 --tensorboard c|--refit 2: has no meaning with --tensorboard",
            "--refit 2 --plateau 3|--refit 2: has no meaning with --plateau",
            "--refit 2 --audit 3|--refit 2: has no meaning with --audit",
            "--refit 2 --find-learning-rate|--refit 2: has no meaning with --find-learning-rate",
            "--bag 2 --report-columns a,b --report r|--report-columns a,b: has no meaning",
            "--bag 2 --stream 9|--bag 2: has no meaning with --stream",
            "--refit 2 --stream 9 --dev d|--refit 2: has no meaning with --dev and --stream",
            "--snapshots|--snapshots: 0 cycles of the rate end in --epochs 100; expected 2 or more",
            "--snapshots --schedule cosine-restarts --epochs 29|--snapshots: 1 cycles",
            "--snapshots --schedule cosine-restarts --warm-up 1 --epochs 30|--snapshots: 1 cycles",
            "--snapshots --schedule cosine-restarts --patience 3"
                + "|--snapshots: has no meaning with --patience 3",
            "--snapshots --schedule cosine-restarts --average ema=0.9"
                + "|--snapshots: has no meaning with --average",
            "--snapshots --schedule cosine-restarts --resume c"
                + "|--snapshots: has no meaning with --resume")) {
      String[] parts = line.split("\\|");
      CommandLineRun refused =
          CommandLineRun.of((Object[]) ("train none.csv --label y " + parts[0]).split(" "));
      if (refused.exit() != 2 || !refused.toString().contains("lanewise: " + parts[1])) {
        wrong.add(line + ": " + refused);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void snapshotsWithoutEarlyStoppingMayStateIt() {
    Map<String, Json> facts =
        train("--snapshots --schedule cosine-restarts --decay-epochs 1 --epochs 3 --patience 0");
    assertEquals(3, number(facts.get("epochs")));
  }
}
