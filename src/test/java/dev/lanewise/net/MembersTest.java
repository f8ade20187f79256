package dev.lanewise.net;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where {@link Members} may stand, what tensors there are behind them, and how they start. */
class MembersTest {

  private static final Loss LOSS = new Loss.SquaredError();
  private static final Members FOUR = Members.of(4);

  private static Network network(Members members) {
    return Network.inputs(3).add(members).dense(5).batchNorm().relu().dense(2).loss(LOSS);
  }

  @Test
  void theLastLayerHasAHeadForEachAndTheOthersAreShared() {
    Network network = network(FOUR);
    assertEquals(4, network.members());
    assertEquals(2, network.outputs());
    Layout layout = network.layout();
    assertArrayEquals(new int[] {4, 3}, layout.slot("members0.factor").shape());
    assertArrayEquals(new int[] {3, 5}, layout.slot("dense1.weight").shape());
    assertArrayEquals(new int[] {5}, layout.slot("norm1.mean").shape());
    assertArrayEquals(new int[] {4 * 5, 2}, layout.slot("dense2.weight").shape());
    assertArrayEquals(new int[] {4 * 2}, layout.slot("dense2.bias").shape());
    assertEquals(
        List.of("members0.factor", "dense1.weight"),
        layout.slots().stream().limit(2).map(Slot::name).toList());
    assertEquals(Slot.Role.TABLE, layout.slot("members0.factor").role());
    List<Integer> copies = network.nodes().stream().map(Network.Node::copies).toList();
    assertEquals(List.of(4, 4, 4, 4, 4), copies);
    assertEquals(5, network.nodes().getLast().inputs());
  }

  @Test
  void layersBeforeThemHaveOneRowForEach() {
    Network network = Network.inputs(3).dense(5).add(FOUR).dense(2).loss(LOSS);
    assertEquals(List.of(1, 4, 4), network.nodes().stream().map(Network.Node::copies).toList());
    assertTrue(network.layout().contains("members1.factor"));
    assertTrue(network.toString().contains("Members, 4, signs"), network.toString());
    assertTrue(network.toString().contains("[4 rows][2]"), network.toString());
    assertTrue(network.toString().contains("[rows][5]"), network.toString());
  }

  /** So a unit's deviation is that of the network without members. */
  @Test
  void eachHeadStartsAsALayerOfItsOwnInputs() {
    Dense last = new Dense(20).withInitializer(new Initializer.Orthogonal(1));
    Network network = Network.inputs(3).add(FOUR).dense(30).add(last).loss(LOSS);
    float[] theta = network.initialParameters(5);
    Network plain = Network.inputs(3).dense(30).add(last).loss(LOSS);
    float[] ordinary = plain.initialParameters(5);
    List<Slot> heads = network.nodes().getLast().matrices(network.layout());
    assertEquals(4, heads.size());
    Slot whole = network.layout().slot("dense2.weight");
    assertEquals(whole.offset(), heads.getFirst().offset());
    assertEquals(whole.end(), heads.getLast().end());
    float[][] starts = new float[4][];
    for (int i = 0; i < 4; i++) {
      starts[i] = Arrays.copyOfRange(theta, heads.get(i).offset(), heads.get(i).end());
      double squares = 0;
      for (float w : starts[i]) {
        squares += w * w;
      }
      assertEquals(20, squares, 1e-4); // the squared lengths of 20 columns
    }
    Slot one = plain.layout().slot("dense2.weight");
    assertArrayEquals(Arrays.copyOfRange(ordinary, one.offset(), one.end()), starts[0]);
    assertFalse(Arrays.equals(starts[1], starts[2]));
  }

  private static float[] factors(Members members, int inputs) {
    Network network = Network.inputs(inputs).add(members).dense(1).loss(LOSS);
    Slot slot = network.layout().slot("members0.factor");
    return Arrays.copyOfRange(network.initialParameters(3), slot.offset(), slot.end());
  }

  @Test
  void factorsStartAsSignsOrAsNormalDraws() {
    float[] signs = factors(Members.of(8), 1000);
    double sum = 0;
    for (float sign : signs) {
      assertEquals(1, Math.abs(sign));
      sum += sign;
    }
    assertEquals(0, sum / 8000, 0.05);
    float[] draws = factors(Members.of(8).withStart(Members.Start.NORMAL), 1000);
    double mean = 0;
    double squares = 0;
    for (float draw : draws) {
      mean += draw / 8000;
      squares += draw * draw / 8000;
    }
    assertEquals(0, mean, 0.05);
    assertEquals(1, squares, 0.1);
  }

  @Test
  void columnsOfAFeatureShareADraw() {
    Members members = Members.of(3).withStart(Members.Start.NORMAL).withWidths(List.of(2, 1, 3));
    float[] factors = factors(members, 6);
    int different = 0;
    for (int member = 0; member < 3; member++) {
      int at = 6 * member;
      assertEquals(factors[at], factors[at + 1]);
      assertEquals(factors[at + 3], factors[at + 4]);
      assertEquals(factors[at + 3], factors[at + 5]);
      different += factors[at] != factors[at + 2] && factors[at + 2] != factors[at + 3] ? 1 : 0;
    }
    assertEquals(3, different);
  }

  @Test
  void theyStandInOnePlaceAndFitTheirColumns() {
    assertRefusedSaying(
        "layer 3: Members[count=4, start=SIGNS, widths=[]]; expected members in one place alone",
        () -> Network.inputs(3).add(FOUR).dense(2).add(FOUR).dense(1).loss(LOSS));
    assertRefusedSaying(
        "layer 2: members: widths of 3 columns; expected 5, those that reach them",
        () -> Network.inputs(3).dense(5).add(FOUR.withWidths(List.of(3))).dense(1).loss(LOSS));
    assertRefusedSaying(
        "last layer: Members", () -> Network.inputs(3).dense(5).add(FOUR).loss(LOSS));
  }

  @Test
  void weightsBeyondAnArrayAreRefused() {
    assertRefusedSaying(
        "layer 3: heads: 2000000000 of 2 inputs and 1 units; expected fewer than 2^31 weights",
        () -> Network.inputs(1).add(Members.of(2_000_000_000)).dense(2).dense(1).loss(LOSS));
  }
}
