package dev.lanewise.kernel;

/** The vector form of {@link LossKernels}. */
interface VectorLoss extends LossKernels {}
