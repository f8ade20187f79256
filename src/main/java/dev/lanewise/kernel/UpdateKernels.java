package dev.lanewise.kernel;

/** The links of an optimiser. */
public interface UpdateKernels {}
