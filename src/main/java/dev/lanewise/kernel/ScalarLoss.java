package dev.lanewise.kernel;

/** The scalar form of {@link LossKernels}. */
interface ScalarLoss extends LossKernels {}
