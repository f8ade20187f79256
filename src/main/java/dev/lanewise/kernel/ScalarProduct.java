package dev.lanewise.kernel;

/** The scalar form of {@link ProductKernels}. */
interface ScalarProduct extends ProductKernels {}
