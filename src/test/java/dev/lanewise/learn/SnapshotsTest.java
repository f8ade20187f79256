package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** The models at the ends of a schedule's cycles. */
final class SnapshotsTest {

  private static final Table TABLE = Flowers.table(100, 1);

  private static Learner learner(Schedule schedule, int epochs) {
    return Flowers.kinds()
        .withNetwork(
            (inputs, outputs, loss) ->
                Network.inputs(inputs).dense(5).relu().dense(outputs).loss(loss))
        .withRecipe(
            r ->
                r.withOptimizer(Optimizer.adam(0.03).withSchedule(schedule))
                    .withEpochs(epochs)
                    .withEarlyStopping(EarlyStopping.patience(1)));
  }

  private static Schedule restarts(long period, long multiplier) {
    return new Schedule.CosineRestarts(0.05, 0, period, multiplier);
  }

  @Test
  void aSnapshotIsWhatTheTrainingWouldHaveBeenHadItEndedThere() {
    Learner learner = learner(new Schedule.WarmUp(0.5, 1, restarts(2, 2)), 9);
    Combined taken = Snapshots.of(learner).learn(TABLE);
    List<Integer> ends = List.of(3, 7);
    assertEquals(ends, taken.members().stream().map(Combined.Member::epochs).toList());
    for (int m = 0; m < 2; m++) {
      int end = ends.get(m);
      Learned byHand =
          learner
              .withRecipe(r -> r.withEpochs(end).withEarlyStopping(EarlyStopping.never()))
              .learn(TABLE);
      Model snapshot = taken.members().get(m).model();
      assertArrayEquals(byHand.model().parameters(), snapshot.parameters());
      assertEquals(byHand.model().provenance(), snapshot.provenance());
    }
    Ensemble ensemble = (Ensemble) taken.model();
    assertEquals(
        "snapshots of one training after the epochs [3, 7]",
        ensemble.provenance().entries().get("combined"));
    assertEquals(ensemble.evaluate(TABLE.select(taken.split().test())), taken.test().orElseThrow());
  }

  /** What a cycle that does not end would train is not worth its time. */
  @Test
  void theTrainingEndsWithTheLastWholeCycle() {
    List<Integer> told = new ArrayList<>();
    try (Run run = learner(restarts(3, 1), 11).begin(TABLE)) {
      Combined taken = Snapshots.learn(run, (training, epoch) -> told.add(epoch.number()));
      assertEquals(9, taken.epochsTrained());
      assertEquals(9, taken.bestEpoch());
      assertEquals(9, taken.epochs().size());
      assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), told);
    }
  }

  private static void refused(Learner learner, String says) {
    Snapshots snapshots = Snapshots.of(learner);
    String message =
        assertThrows(IllegalArgumentException.class, () -> snapshots.learn(TABLE)).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void atLeastTwoCyclesMustEndAndEpochsBeCounted() {
    refused(learner(restarts(5, 2), 14), "ends 1 cycles in 14 epochs; expected at least 2");
    refused(learner(new Schedule.Cosine(0.1, 0, 3), 14), "ends 0 cycles in 14 epochs");
    refused(
        learner(new Schedule.PerStep(restarts(2, 1)), 14),
        "schedule: PerStep[schedule=CosineRestarts");
    refused(
        learner(restarts(2, 1), 8).withRecipe(r -> r.withAveraging(new Averaging.Epochs(2))),
        "averaging: Epochs[from=2]; expected none");
  }

  @Test
  void theEpochsOfSnapshotsAreThoseOfTheSchedule() {
    Recipe recipe = learner(restarts(2, 3), 26).begin(TABLE).recipe();
    assertEquals(List.of(2, 8, 26), Snapshots.epochs(recipe));
  }

  @Test
  void anInterruptEndsIt() {
    try (Run run = learner(restarts(2, 1), 8).begin(TABLE)) {
      assertThrows(
          CancellationException.class,
          () -> Snapshots.learn(run, (t, epoch) -> Thread.currentThread().interrupt()));
      assertTrue(Thread.interrupted());
    }
  }
}
