package dev.lanewise.kernel;

/** Column sums and batch normalisation. */
public interface NormKernels {}
