package dev.lanewise.kernel;

/** The vector form of {@link ProductKernels}. */
interface VectorProduct extends ProductKernels {}
