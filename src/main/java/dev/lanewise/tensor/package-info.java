/**
 * Floor 0: where a network's tensors lie inside one flat {@code float[]}.
 *
 * <p>Imports nothing but the JDK.
 */
package dev.lanewise.tensor;
