package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NetworkTest {

  /** A bias is left out where batch norm follows, also if one layer stands in several places. */
  @Test
  void tableCountsTheParametersOfEachPlaceOfALayer() {
    Dense layer = new Dense(4);
    String table =
        Network.inputs(3)
            .add(layer)
            .batchNorm()
            .relu()
            .add(layer)
            .loss(new Loss.SquaredError())
            .toString();
    String[] lines = table.lines().toArray(String[]::new);

    assertTrue(lines[2].endsWith(" 12"), table);
    assertTrue(lines[3].endsWith(" 8"), table);
    assertTrue(lines[5].endsWith(" 20"), table);
    assertTrue(lines[6].endsWith(" 40"), table);
  }
}
