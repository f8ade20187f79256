package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The official build of PyTorch, from DJL's jar, under bytedeco's bindings, whose own build is left
 * out: it is linked with another BLAS.
 */
public final class Torch {

  private static final String FOLDER = "pytorch/cpu/linux-x86_64/";

  /* The parameters' numbers in malloc.h. */
  private static final int MALLOPT_TRIM_THRESHOLD = -1;
  private static final int MALLOPT_TOP_PAD = -2;
  private static final int MALLOPT_MMAP_THRESHOLD = -3;

  /** In the order of their dependence. */
  private static final List<String> LIBRARIES =
      List.of("libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so");

  private Torch() {}

  /**
   * Loads PyTorch and fixes its threads; before any other use of its classes.
   *
   * @param threads the threads of an operation
   */
  public static void load(int threads) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "lanewise-jmh-pytorch");
    for (String library : LIBRARIES) {
      extract(library, folder.resolve(library));
    }
    System.setProperty("org.bytedeco.javacpp.pathsFirst", "true");
    System.setProperty("org.bytedeco.javacpp.platform.preloadpath", folder.toString());
    System.setProperty("org.bytedeco.javacpp.platform.linkpath", folder.toString());
    threads(threads);
    checkOfficial();
  }

  /** Sets the threads of an operation. */
  static void threads(int threads) {
    torch.set_num_threads(threads);
  }

  /**
   * Lets the C library keep what is freed: PyTorch's activations and gradients are larger than what
   * it keeps by itself, so each step would get its memory from the system anew.
   */
  static void keepFreedMemory() {
    Linker linker = Linker.nativeLinker();
    MethodHandle mallopt =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("mallopt"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    set(mallopt, MALLOPT_TRIM_THRESHOLD, Integer.MAX_VALUE);
    set(mallopt, MALLOPT_TOP_PAD, 256 << 20);
    set(mallopt, MALLOPT_MMAP_THRESHOLD, 32 << 20);
  }

  private static void set(MethodHandle mallopt, int parameter, int value) {
    try {
      if ((int) mallopt.invokeExact(parameter, value) != 1) {
        throw new IllegalStateException("mallopt(%d, %d) failed".formatted(parameter, value));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Extracts a library unless an earlier run has. */
  private static void extract(String library, Path file) {
    if (Files.exists(file)) {
      return;
    }
    try (InputStream content = Torch.class.getClassLoader().getResourceAsStream(FOLDER + library)) {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), library, ".part");
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two builds in one process would be a measurement of either. */
  private static void checkOfficial() {
    String config = torch.show_config().getString();
    if (!config.contains("Math Kernel Library") || config.contains("BLAS_INFO=open")) {
      throw new IllegalStateException("not the official build of PyTorch: " + config);
    }
  }

  /** {@return a tensor with a copy of the values} */
  static Tensor tensor(float[] values, long... shape) {
    Tensor tensor = torch.empty(shape);
    put(values, values.length, tensor);
    return tensor;
  }

  /** {@return class numbers as a tensor} */
  static Tensor tensor(int[] classes) {
    long[] numbers = new long[classes.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = classes[i];
    }
    try (LongPointer pointer = new LongPointer(numbers)) {
      return torch
          .from_blob(pointer, new long[] {numbers.length}, new TensorOptions(torch.ScalarType.Long))
          .clone();
    }
  }

  /** Copies the first values of an array into a contiguous tensor. */
  static void put(float[] values, int count, Tensor tensor) {
    try (FloatPointer pointer = tensor.data_ptr_float()) {
      pointer.put(values, 0, count);
    }
  }

  /** Copies a contiguous tensor's first values into an array. */
  static void get(Tensor tensor, float[] values, int count) {
    try (FloatPointer pointer = tensor.data_ptr_float()) {
      pointer.get(values, 0, count);
    }
  }

  /** {@return PyTorch's module of a dense layer with its first weights} */
  static LinearImpl linear(Net.Dense dense) {
    LinearOptions options = new LinearOptions(dense.in(), dense.out());
    options.bias().put(dense.bias() != null);
    LinearImpl linear = new LinearImpl(options);
    put(dense.transposed(), dense.weight().length, linear.weight());
    if (dense.bias() != null) {
      put(dense.bias(), dense.out(), linear.bias());
    }
    return linear;
  }
}
