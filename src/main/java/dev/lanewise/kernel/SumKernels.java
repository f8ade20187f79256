package dev.lanewise.kernel;

/** Sums over whole arrays. */
public interface SumKernels {}
