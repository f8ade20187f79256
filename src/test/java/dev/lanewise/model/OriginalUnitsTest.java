package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values are trained on in units of their deviation and predicted in their own. */
final class OriginalUnitsTest {

  static List<Loss> losses() {
    return List.of(new Loss.SquaredError(), new Loss.Huber(0.5f), new Loss.Quantile(0.9f));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void predictionsAreScoresInOriginalUnitsUnderEveryLossOfValues(Loss loss) {
    Network network = Network.inputs(2).dense(3).relu().dense(1).loss(loss);
    Target.Values values = new Target.Values(100, 7);
    Encoder encoder =
        Encoder.of(false, List.of(new Column.Pixels(2, 1, 1)), Optional.empty(), values);
    Predictor predictor =
        Model.of(network, network.initialParameters(5), Engine.standard())
            .withEncoder(encoder)
            .predictor();
    float[] rows = {0.5f, -1, 2, 0.25f, -3, 1};
    float[] expected = new float[3];
    predictor.logits(rows, 3, expected);
    values.restore(expected, 3);
    float[] predictions = new float[3];
    predictor.predict(rows, 3, predictions);
    assertArrayEquals(expected, predictions);
  }
}
