/**
 * Floor 3: descriptions of networks, immutable values that hold nothing learned.
 *
 * <p>Imports {@code tensor} and {@code random}. A {@link dev.lanewise.net.Network} is written
 * fluently, validated when it is built and prints as a table:
 *
 * <pre>{@code
 * Network network = Network.inputs(64).dense(32).batchNorm().relu().dropout(0.2).dense(10)
 *     .loss(new Loss.SoftmaxCrossEntropy());
 * }</pre>
 */
package dev.lanewise.net;
