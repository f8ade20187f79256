package dev.lanewise.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An ONNX graph under construction. Values are known by their names; what is not an input or an
 * output has a name that no column has. The field numbers are those of {@code onnx.proto}.
 */
final class Graph {

  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 17;

  /** Of {@code ai.onnx.ml}. */
  private static final int ML_OPERATORS = 3;

  private static final String ML_DOMAIN = "ai.onnx.ml";

  /** The types of elements. */
  enum Type {
    FLOAT(1),
    INT64(7),
    STRING(8),
    DOUBLE(11);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  private final List<Message> nodes = new ArrayList<>();
  private final List<Message> constants = new ArrayList<>();
  private final Map<String, String> inputs = new LinkedHashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private final List<Message> inputTypes = new ArrayList<>();
  private final List<Message> outputTypes = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private boolean usesMl;

  /** The attributes of an operator, by name: {@code long}, {@code float} and arrays of them. */
  static final class Attributes {

    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int INTS = 7;
    private static final int STRINGS = 8;

    private final List<Message> messages = new ArrayList<>();

    static Attributes none() {
      return new Attributes();
    }

    Attributes with(String name, float value) {
      return add(name, FLOAT, message -> message.put(2, value));
    }

    Attributes with(String name, long value) {
      return add(name, INT, message -> message.put(3, value));
    }

    Attributes with(String name, long[] values) {
      return add(
          name,
          INTS,
          message -> {
            for (long value : values) {
              message.put(8, value);
            }
          });
    }

    Attributes with(String name, List<String> texts) {
      return add(name, STRINGS, message -> texts.forEach(text -> message.put(9, text)));
    }

    private Attributes add(String name, int type, Consumer<Message> value) {
      Message message = new Message().put(1, name);
      value.accept(message);
      messages.add(message.put(20, type));
      return this;
    }
  }

  /**
   * Declares an input.
   *
   * @param columns its columns; the number of rows is free
   */
  String input(String name, Type type, int columns) {
    taken.add(name);
    inputs.put(name, described(type, columns));
    inputTypes.add(value(name, type, new Message().put(1, columns)));
    return name;
  }

  /**
   * Makes a value an output.
   *
   * @param name its name, behind underscores if an input has the name already
   * @param columns its columns; 0 for a vector of a number for each row
   */
  void output(String name, Type type, int columns, String value) {
    String free = name;
    while (taken.contains(free)) {
      free = "_" + free;
    }
    taken.add(free);
    nodes.add(node("Identity", "", Attributes.none(), free, value));
    outputs.put(free, described(type, columns));
    outputTypes.add(value(free, type, columns == 0 ? null : new Message().put(1, columns)));
  }

  private static String described(Type type, int columns) {
    String shape = columns == 0 ? "[rows]" : "[rows][" + columns + "]";
    return type.name().toLowerCase(Locale.ROOT) + shape;
  }

  private static Message value(String name, Type type, Message columns) {
    Message shape = new Message().put(1, new Message().put(2, "rows"));
    if (columns != null) {
      shape.put(1, columns);
    }
    Message tensor = new Message().put(1, type.number).put(2, shape);
    return new Message().put(1, name).put(2, new Message().put(1, tensor));
  }

  /** Applies an operator of the default domain; {@return the name of what it gives} */
  String node(String operator, String... operands) {
    return node(operator, Attributes.none(), operands);
  }

  /** Applies an operator of the default domain; {@return the name of what it gives} */
  String node(String operator, Attributes attributes, String... operands) {
    String name = fresh(operator);
    nodes.add(node(operator, "", attributes, name, operands));
    return name;
  }

  /** Applies an operator of {@code ai.onnx.ml}; {@return the name of what it gives} */
  String mlNode(String operator, Attributes attributes, String... operands) {
    usesMl = true;
    String name = fresh(operator);
    nodes.add(node(operator, ML_DOMAIN, attributes, name, operands));
    return name;
  }

  private static Message node(
      String operator, String domain, Attributes attributes, String output, String... operands) {
    Message node = new Message();
    for (String operand : operands) {
      node.put(1, operand);
    }
    node.put(2, output).put(3, output).put(4, operator);
    attributes.messages.forEach(attribute -> node.put(5, attribute));
    return domain.isEmpty() ? node : node.put(7, domain);
  }

  /** Converts to another type. */
  String cast(String value, Type type) {
    return node("Cast", Attributes.none().with("to", type.number), value);
  }

  String floats(float[] values, int... shape) {
    ByteBuffer raw = raw((long) Float.BYTES * values.length);
    raw.asFloatBuffer().put(values);
    return constant(tensor(Type.FLOAT, shape).put(9, raw.array()));
  }

  String doubles(double[] values, int... shape) {
    ByteBuffer raw = raw((long) Double.BYTES * values.length);
    raw.asDoubleBuffer().put(values);
    return constant(tensor(Type.DOUBLE, shape).put(9, raw.array()));
  }

  String longs(long[] values, int... shape) {
    ByteBuffer raw = raw((long) Long.BYTES * values.length);
    raw.asLongBuffer().put(values);
    return constant(tensor(Type.INT64, shape).put(9, raw.array()));
  }

  /** A vector of texts. */
  String strings(List<String> values) {
    Message tensor = tensor(Type.STRING, values.size());
    values.forEach(value -> tensor.put(6, value));
    return constant(tensor);
  }

  private static ByteBuffer raw(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Message tensor(Type type, int... shape) {
    Message tensor = new Message();
    for (int size : shape) {
      tensor.put(1, size);
    }
    return tensor.put(2, type.number);
  }

  private String constant(Message tensor) {
    String name = fresh("constant");
    constants.add(tensor.put(8, name));
    return name;
  }

  private String fresh(String what) {
    String name = what + "/" + (nodes.size() + constants.size());
    while (!taken.add(name)) {
      name += "_";
    }
    return name;
  }

  /** {@return the inputs: type and shape by name} */
  Map<String, String> inputs() {
    return inputs;
  }

  /** {@return the outputs: type and shape by name} */
  Map<String, String> outputs() {
    return outputs;
  }

  /**
   * {@return the model's bytes}
   *
   * @param metadata texts about the model by their keys
   */
  byte[] toBytes(String version, Map<String, String> metadata) {
    Message graph = new Message();
    nodes.forEach(node -> graph.put(1, node));
    graph.put(2, "lanewise");
    constants.forEach(constant -> graph.put(5, constant));
    inputTypes.forEach(input -> graph.put(11, input));
    outputTypes.forEach(output -> graph.put(12, output));
    Message model =
        new Message().put(1, IR_VERSION).put(2, "lanewise").put(3, version).put(7, graph);
    model.put(8, new Message().put(1, "").put(2, OPERATORS));
    if (usesMl) {
      model.put(8, new Message().put(1, ML_DOMAIN).put(2, ML_OPERATORS));
    }
    metadata.forEach((key, text) -> model.put(14, new Message().put(1, key).put(2, text)));
    return model.toBytes();
  }
}
