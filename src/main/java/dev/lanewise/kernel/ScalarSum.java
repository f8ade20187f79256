package dev.lanewise.kernel;

/** The scalar form of {@link SumKernels}. */
interface ScalarSum extends SumKernels {}
