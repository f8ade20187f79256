package dev.lanewise.jmh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a plain net as an ONNX model: a Gemm for each dense layer, a Relu between them. The field
 * numbers are those of {@code onnx.proto}.
 */
final class OnnxModel {

  static final String INPUT = "rows";
  static final String OUTPUT = "scores";

  private static final int IR_VERSION = 8;
  private static final int OPERATORS_VERSION = 17;
  private static final int FLOAT = 1;

  private OnnxModel() {}

  /** {@return the model's bytes; the number of rows is free} */
  static byte[] of(Net net) {
    return new Message()
        .put(1, IR_VERSION)
        .put(8, new Message().put(1, "").put(2, OPERATORS_VERSION))
        .put(7, graph(net))
        .bytes();
  }

  private static Message graph(Net net) {
    Message graph = new Message().put(2, "net");
    List<Net.Dense> layers = net.layers();
    String input = INPUT;
    for (int n = 1; n <= layers.size(); n++) {
      Net.Dense layer = layers.get(n - 1);
      String weight = "weight" + n;
      String bias = "bias" + n;
      String sums = n == layers.size() ? OUTPUT : "sums" + n;
      graph.put(1, node("Gemm", sums, input, weight, bias));
      graph.put(5, tensor(weight, layer.weight(), layer.in(), layer.out()));
      graph.put(5, tensor(bias, layer.bias(), layer.out()));
      input = "hidden" + n;
      if (n < layers.size()) {
        graph.put(1, node("Relu", input, sums));
      }
    }
    return graph.put(11, matrix(INPUT, net.inputs())).put(12, matrix(OUTPUT, net.outputs()));
  }

  private static Message node(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.put(1, input);
    }
    return node.put(2, output).put(4, operator);
  }

  private static Message tensor(String name, float[] values, int... shape) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    Message tensor = new Message();
    for (int size : shape) {
      tensor.put(1, size);
    }
    return tensor.put(2, FLOAT).put(8, name).put(9, raw.array());
  }

  private static Message matrix(String name, int columns) {
    Message shape =
        new Message().put(1, new Message().put(2, "count")).put(1, new Message().put(1, columns));
    Message type = new Message().put(1, new Message().put(1, FLOAT).put(2, shape));
    return new Message().put(1, name).put(2, type);
  }

  /** A protobuf message under construction: fields in the order of the calls. */
  private static final class Message {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message put(int field, long number) {
      varint(field << 3 | VARINT);
      varint(number);
      return this;
    }

    Message put(int field, byte[] content) {
      varint(field << 3 | LENGTH_DELIMITED);
      varint(content.length);
      out.writeBytes(content);
      return this;
    }

    Message put(int field, String text) {
      return put(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message put(int field, Message message) {
      return put(field, message.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long number) {
      long rest = number;
      while (rest >>> 7 != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
