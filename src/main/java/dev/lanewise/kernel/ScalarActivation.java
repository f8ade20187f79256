package dev.lanewise.kernel;

/** The scalar form of {@link ActivationKernels}. */
interface ScalarActivation extends ActivationKernels {}
