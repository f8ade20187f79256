package dev.lanewise.data;

/**
 * A random change of training examples, made anew in every epoch. Immutable; prints as what it
 * does.
 */
public interface Augmentation {}
