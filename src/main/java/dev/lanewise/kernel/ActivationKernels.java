package dev.lanewise.kernel;

/** Activation functions, their derivatives and dropout. */
public interface ActivationKernels {}
