package dev.lanewise.kernel;

/** The vector form of {@link SumKernels}. */
interface VectorSum extends SumKernels {}
