package dev.lanewise.kernel;

/** The inner loops of matrix products. */
public interface ProductKernels {}
