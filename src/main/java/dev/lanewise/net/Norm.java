package dev.lanewise.net;

/**
 * A normalisation between a dense layer and its activation, with a trained scale γ and shift β for
 * each unit: {@link BatchNorm} over the rows of a batch, {@link LayerNorm} over the units of a row.
 */
public sealed interface Norm extends Layer permits BatchNorm, LayerNorm {

  /** {@return ε, added to the variance inside the root; above 0} */
  double epsilon();
}
