package dev.lanewise.kernel;

/** The scalar form of {@link NormKernels}. */
interface ScalarNorm extends NormKernels {}
