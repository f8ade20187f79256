package dev.lanewise.kernel;

/** The vector form of {@link ActivationKernels}. */
interface VectorActivation extends ActivationKernels {}
