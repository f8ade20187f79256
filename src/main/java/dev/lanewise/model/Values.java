package dev.lanewise.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The elements of a tensor, in a Java array that is not copied and not changed after reading. */
sealed interface Values {

  /** {@return the type in a file} */
  Header.Type type();

  /** {@return the number of elements} */
  int size();

  /** {@return the number of bytes in a file} */
  default long bytes() {
    return (long) size() * type().bytes;
  }

  /** {@return the same elements, and zeros behind them} */
  Values grown(int size);

  /** Copies elements behind one another into a buffer. */
  void get(int from, int count, ByteBuffer to);

  /** Replaces elements by those at the front of a buffer. */
  void put(int at, int count, ByteBuffer from);

  /** {@return zeros} */
  static Values zeros(Header.Type type, int size) {
    return switch (type) {
      case F32 -> new Floats(new float[size]);
      case F64 -> new Doubles(new double[size]);
      case I64 -> new Longs(new long[size]);
    };
  }

  /** Elements of type F32. */
  record Floats(float[] array) implements Values {
    @Override
    public Header.Type type() {
      return Header.Type.F32;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public Values grown(int size) {
      return new Floats(Arrays.copyOf(array, size));
    }

    @Override
    public void get(int from, int count, ByteBuffer to) {
      to.asFloatBuffer().put(array, from, count);
    }

    @Override
    public void put(int at, int count, ByteBuffer from) {
      from.asFloatBuffer().get(array, at, count);
    }
  }

  /** Elements of type F64. */
  record Doubles(double[] array) implements Values {
    @Override
    public Header.Type type() {
      return Header.Type.F64;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public Values grown(int size) {
      return new Doubles(Arrays.copyOf(array, size));
    }

    @Override
    public void get(int from, int count, ByteBuffer to) {
      to.asDoubleBuffer().put(array, from, count);
    }

    @Override
    public void put(int at, int count, ByteBuffer from) {
      from.asDoubleBuffer().get(array, at, count);
    }
  }

  /** Elements of type I64. */
  record Longs(long[] array) implements Values {
    @Override
    public Header.Type type() {
      return Header.Type.I64;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public Values grown(int size) {
      return new Longs(Arrays.copyOf(array, size));
    }

    @Override
    public void get(int from, int count, ByteBuffer to) {
      to.asLongBuffer().put(array, from, count);
    }

    @Override
    public void put(int at, int count, ByteBuffer from) {
      from.asLongBuffer().get(array, at, count);
    }
  }
}
