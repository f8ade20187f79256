package dev.lanewise.kernel;

/** The scalar form of {@link UpdateKernels}. */
interface ScalarUpdate extends UpdateKernels {}
