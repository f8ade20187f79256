package dev.lanewise.plan;

import static dev.lanewise.plan.Step.Reach.COLUMNS;
import static dev.lanewise.plan.Step.Reach.ELEMENTS;
import static dev.lanewise.plan.Step.Reach.ROWS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pieces of work share their tasks, and what the tasks see. */
class RegionTest {

  private static final int COLUMN_COUNT = 70;
  private static final Engine ENGINE = Engine.of("scalar");
  private static final Kernels KERNELS = ENGINE.kernels();

  private static Pass pass(int rows) {
    Pass.Call call = new Pass.Call();
    Dataset data = Dataset.of(new float[rows], 1, new float[rows], 1);
    call.begin(new float[0], Batch.of(data), 0, new float[0]);
    call.part(0, rows);
    return call.pass();
  }

  /** What each piece sees in turn: from row, to row, column, columns. */
  private static List<List<String>> seen(int rows, Step.Reach... reaches) {
    List<List<String>> seen = new ArrayList<>();
    List<Region.Piece> pieces = new ArrayList<>();
    for (Step.Reach reach : reaches) {
      List<String> parts = new ArrayList<>();
      seen.add(parts);
      pieces.add(
          new Region.Piece(
              reach,
              (from, to, column, columns, worker) ->
                  parts.add("%d-%d, %d+%d".formatted(from, to, column, columns))));
    }
    Team team = ENGINE.parallel().team();
    team.open();
    try {
      Region.run(Region.of(KERNELS, pass(rows), COLUMN_COUNT, pieces), team);
    } finally {
      team.close();
    }
    return seen;
  }

  private static int regions(Step.Reach... reaches) {
    List<Region.Piece> pieces =
        Arrays.stream(reaches)
            .map(reach -> new Region.Piece(reach, (from, to, column, columns, worker) -> {}))
            .toList();
    return Region.of(KERNELS, pass(1), COLUMN_COUNT, pieces).length;
  }

  @Test
  void whatNeedsAllColumnsBeginsARegionBehindWhatIsSplitByColumns() {
    assertEquals(2, regions(ELEMENTS, ROWS));
    assertEquals(2, regions(COLUMNS, ROWS));
    assertEquals(3, regions(COLUMNS, ELEMENTS, COLUMNS, ROWS, ROWS, ELEMENTS, COLUMNS));
  }

  @Test
  void whatNeedsAllRowsBeginsARegionBehindWhatIsSplitByRows() {
    assertEquals(2, regions(ROWS, COLUMNS));
    assertEquals(2, regions(ROWS, ELEMENTS, COLUMNS));
  }

  @Test
  void elementsJoinAnyRegion() {
    assertEquals(1, regions(ELEMENTS, ELEMENTS));
    assertEquals(1, regions(COLUMNS, ELEMENTS));
    assertEquals(1, regions(ROWS, ELEMENTS));
  }

  @Test
  void whatNeedsAllRowsJoinsElementsAndHasThemSeeAllRows() {
    List<String> parts = List.of("0-300, 0+64", "0-300, 64+6");
    assertEquals(List.of(parts, parts), seen(300, ELEMENTS, COLUMNS));
  }

  @Test
  void elementsAreSplitByRowsAndColumns() {
    List<String> parts = List.of("0-256, 0+64", "0-256, 64+6", "256-300, 0+64", "256-300, 64+6");
    assertEquals(List.of(parts), seen(300, ELEMENTS));
  }

  @Test
  void wholeRowsAreSplitByRowsAlone() {
    assertEquals(List.of(List.of("0-32, 0+70", "32-40, 0+70")), seen(40, ROWS));
  }
}
