/**
 * Floor 0: a small, strict reader and writer of JSON (RFC 8259); and texts as a line shows them.
 *
 * <p>Imports nothing but the JDK. Not exported. Numbers keep their literals, so integers, floats
 * and doubles survive a round trip bit for bit; duplicate names, lone surrogates, deep nesting and
 * anything behind the value are refused.
 */
package dev.lanewise.json;
