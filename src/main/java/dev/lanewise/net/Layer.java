package dev.lanewise.net;

/**
 * One layer of a {@link Network}. Layers stand in the order {@code [Dropout]}, then blocks {@code
 * Dense [Norm] [Activation] [Dropout]}, then a last {@code Dense}.
 */
public sealed interface Layer permits Dense, Layer.Norm, Activation, Dropout {
  /**
   * A normalisation between a dense layer and its activation, with a trained scale γ and shift β
   * for each unit: {@link BatchNorm} over the rows of a batch, {@link LayerNorm} over the units of
   * a row.
   */
  sealed interface Norm extends Layer permits BatchNorm, LayerNorm {

    /** {@return ε, added to the variance inside the root; above 0} */
    double epsilon();
  }
}
