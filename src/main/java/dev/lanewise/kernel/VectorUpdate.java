package dev.lanewise.kernel;

/** The vector form of {@link UpdateKernels}. */
interface VectorUpdate extends UpdateKernels {}
