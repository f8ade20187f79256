/**
 * Models as ONNX graphs, for runtimes in other languages ({@link dev.lanewise.onnx.OnnxModel}).
 * Written by hand from the ONNX specification, operator set 17; no library is needed.
 */
package dev.lanewise.onnx;
