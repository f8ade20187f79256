package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.search.GreedyEnsemble;
import java.util.List;

/** Bad input to what combines several models. */
final class CombiningCases {

  private CombiningCases() {}

  private static Model model(int inputs) {
    Network network = Network.inputs(inputs).dense(1).loss(new Loss.SquaredError());
    return Model.of(network, new float[inputs + 1], Engine.standard());
  }

  static void list(BadInputs bad) {
    greedy(bad);
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
