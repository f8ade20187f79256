package dev.lanewise.reference;

/** A normalisation with a scale γ and a shift β for each column, in a training pass. */
sealed interface NormLayer permits Normalization, RowNormalization {

  /** {@return y = γ·x̂ + β, with x̂ from the moments of x itself} */
  double[][] forward(double[][] x);

  /** {@return ∂J/∂x}; leaves ∂J/∂γ and ∂J/∂β. */
  double[][] backward(double[][] dY);

  /** {@return ∂J/∂γ} */
  double[] scaleGradient();

  /** {@return ∂J/∂β} */
  double[] shiftGradient();
}
