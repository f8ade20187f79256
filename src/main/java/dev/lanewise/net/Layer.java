package dev.lanewise.net;

/**
 * One layer of a {@link Network}. Layers stand in the order {@code [Dropout]}, then blocks {@code
 * Dense [Norm] [Activation] [Dropout]}, then a last {@code Dense}.
 */
public sealed interface Layer permits Dense, Norm, Activation, Dropout {}
