package dev.lanewise.kernel;

/** Losses with their gradients. */
public interface LossKernels {}
