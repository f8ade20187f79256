package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.learn.Bagging;
import dev.lanewise.learn.Combined;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Refit;
import dev.lanewise.learn.Run;
import dev.lanewise.learn.Snapshots;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Schedule;
import dev.lanewise.search.GreedyEnsemble;
import dev.lanewise.train.Epoch;
import java.util.List;
import java.util.stream.IntStream;

/** Bad input to what combines several models. */
final class CombiningCases {

  private CombiningCases() {}

  private static Model model(int inputs) {
    Network network = Network.inputs(inputs).dense(1).loss(new Loss.SquaredError());
    return Model.of(network, new float[inputs + 1], Engine.standard());
  }

  static void list(BadInputs bad) {
    greedy(bad);
    trainings(bad);
    parts(bad);
  }

  private static void trainings(BadInputs bad) {
    Learner kinds = Learner.classifier("y");
    Table none = Table.ofRows(List.of("x", "y"), List.of());
    Idx.Images images =
        new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1});
    Run closed = kinds.begin(some());
    closed.close();
    Combined.Listener nobody = (training, epoch) -> {};
    bad.refuses("Bagging.of(Learner, int)", () -> Bagging.of(kinds, 1), "models: 1");
    bad.refuses("Refit.of(Learner, int)", () -> Refit.of(kinds, 0), "models: 0");
    bad.takeAnything(CHECKED, "Snapshots.of(Learner)");
    bad.refuses(
        "Bagging.learn(Table)",
        () -> Bagging.of(kinds, 2).learn(none),
        DataException.class,
        "no rows");
    bad.refuses(
        "Refit.learn(Table)", () -> Refit.of(kinds, 1).learn(none), DataException.class, "no rows");
    bad.refuses(
        "Snapshots.learn(Table)", () -> Snapshots.of(kinds).learn(some()), "schedule: Constant");
    bad.refuses(
        "Bagging.learn(Images)",
        () -> Bagging.of(kinds.withGroups("g"), 2).learn(images),
        "images; expected a table");
    bad.refuses(
        "Refit.learn(Images)",
        () -> Refit.of(kinds.withGroups("g"), 1).learn(images),
        "images; expected a table");
    bad.refuses(
        "Snapshots.learn(Images)",
        () -> Snapshots.of(kinds.withGroups("g")).learn(images),
        "images; expected a table");
    bad.refuses(
        "Bagging.learn(Run, int, Listener)",
        () -> Bagging.learn(kinds.begin(some()), 1, nobody),
        "models: 1");
    bad.refuses(
        "Refit.learn(Run, int, Listener)",
        () -> Refit.learn(kinds.begin(some()), 0, nobody),
        "models: 0");
    bad.refuses(
        "Snapshots.learn(Run, Listener)",
        () -> Snapshots.learn(closed, nobody),
        IllegalStateException.class,
        "this run is closed");
    bad.refuses(
        "Snapshots.epochs(Recipe)",
        () -> Snapshots.epochs(kinds.begin(some()).recipe()),
        "schedule: Constant");
    bad.takeAnything(RESULT, "new Combined.Member(Model, int, int, double)");
  }

  private static Table some() {
    List<List<?>> rows =
        IntStream.range(0, 20).<List<?>>mapToObj(i -> List.of(i, i % 2 == 0 ? "a" : "b")).toList();
    return Table.ofRows(List.of("x", "y"), rows);
  }

  private static void parts(BadInputs bad) {
    bad.refuses(
        "Table.append(Table)",
        () -> some().append(Table.ofRows(List.of("x"), List.of(List.of(1)))),
        DataException.class,
        "no column y");
    Idx.Images images =
        new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1});
    bad.refuses(
        "Idx.Images.append(Images)",
        () ->
            images.append(
                new Idx.Images("more", new Column.Pixels(1, 2, 1), new byte[2], new byte[1])),
        DataException.class,
        "more: images of");
    bad.refuses(
        "Idx.Images.append(Images)",
        () ->
            images.append(
                new Idx.Images("more", new Column.Pixels(1, 1, 1), new byte[2], new byte[0])),
        DataException.class,
        "more: 0 labels; expected one for each image");
    bad.refuses("Epoch.mean(List)", () -> Epoch.mean(List.of()), "epochs: none");
    Schedule restarts = new Schedule.CosineRestarts(1, 0, 2, 1);
    bad.refuses(
        "Schedule.cycleEnds(long)", () -> new Schedule.Constant(1).cycleEnds(-1), "count: -1");
    bad.refuses(
        "Schedule.CosineRestarts.cycleEnds(long)", () -> restarts.cycleEnds(-1), "count: -1");
    bad.refuses(
        "Schedule.CosineLog.cycleEnds(long)",
        () -> new Schedule.CosineLog(1, 4, 9).cycleEnds(-1),
        "count: -1");
    bad.refuses(
        "Schedule.PerStep.cycleEnds(long)",
        () -> new Schedule.PerStep(restarts).cycleEnds(-1),
        "count: -1");
    bad.refuses(
        "Schedule.WarmUp.cycleEnds(long)",
        () -> new Schedule.WarmUp(0.5, 2, restarts).cycleEnds(-1),
        "count: -1");
    bad.refuses(
        "Schedule.Chained.cycleEnds(long)",
        () -> new Schedule.Chained(List.of(), restarts).cycleEnds(-1),
        "count: -1");
  }

  private static void greedy(BadInputs bad) {
    GreedyEnsemble greedy = GreedyEnsemble.of(List.of(model(2)));
    bad.refuses("GreedyEnsemble.of(List)", () -> GreedyEnsemble.of(List.of()), "candidates: none");
    bad.refuses(
        "GreedyEnsemble.of(List)",
        () -> GreedyEnsemble.of(List.of(model(2), model(3))),
        "models: number 2 has 3 columns");
    bad.refuses("GreedyEnsemble.withRounds(int)", () -> greedy.withRounds(0), "most: 0 rounds");
    bad.takeAnything(CHECKED, "GreedyEnsemble.withMetric(DevMetric)");
    String select = "GreedyEnsemble.select(Dataset)";
    bad.refuses(
        select, () -> greedy.select(Dataset.of(new float[0], 2, new float[0], 1)), "dev: no rows");
    bad.refuses(
        select,
        () -> greedy.select(Dataset.of(new float[3], 3, new float[1], 1)),
        "dev: 3 columns; expected 2");
    bad.refuses(
        select,
        () -> greedy.select(Dataset.of(new float[2], 2, new float[2], 2)),
        "dev: 2 target columns");
    bad.refuses(
        "GreedyEnsemble.select(Table)",
        () -> greedy.select(Table.ofRows(List.of("x"), List.of(List.of(1)))),
        IllegalStateException.class,
        "models without encoder");
  }
}
