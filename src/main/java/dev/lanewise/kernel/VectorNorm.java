package dev.lanewise.kernel;

/** The vector form of {@link NormKernels}. */
interface VectorNorm extends NormKernels {}
