/**
 * Floor 0: random numbers that are a function of a key and an index.
 *
 * <p>Imports nothing but the JDK. Not exported.
 */
package dev.lanewise.random;
