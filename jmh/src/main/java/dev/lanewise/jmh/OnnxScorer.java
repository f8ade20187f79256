package dev.lanewise.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * ONNX Runtime on one thread, all optimisations on, in its two ways: with tensors over direct
 * buffers that are bound once, or with tensors made from arrays at each call, as its guide does.
 */
final class OnnxScorer {

  private OnnxScorer() {}

  /** ONNX Runtime is asked for only after the check: loading it is what crashes. */
  private static OrtSession open(Net net) throws OrtException {
    if (!"1".equals(System.getenv("ORT_DISABLE_TELEMETRY"))) {
      throw new IllegalStateException(
          "ORT_DISABLE_TELEMETRY: not 1; version 1.29 would report home, or crash where it cannot");
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return environment.createSession(OnnxModel.of(net), options);
    }
  }

  /** Inputs and outputs are bound once for each number of rows. */
  static final class Bound implements Scorer {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int inputs;
    private final int outputs;
    private int room;
    private FloatBuffer input;
    private FloatBuffer output;
    private Map<String, OnnxTensor> boundInputs;
    private Map<String, OnnxTensor> boundOutputs;

    Bound(Net net) throws OrtException {
      session = open(net);
      environment = OrtEnvironment.getEnvironment();
      inputs = net.inputs();
      outputs = net.outputs();
    }

    private void bind(int count) throws OrtException {
      input = direct(count * inputs);
      output = direct(count * outputs);
      boundInputs =
          Map.of(
              OnnxModel.INPUT,
              OnnxTensor.createTensor(environment, input, new long[] {count, inputs}));
      boundOutputs =
          Map.of(
              OnnxModel.OUTPUT,
              OnnxTensor.createTensor(environment, output, new long[] {count, outputs}));
      room = count;
    }

    private static FloatBuffer direct(int floats) {
      return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void score(float[] rows, int count, float[] scores) {
      try {
        if (room != count) {
          bind(count);
        }
        input.put(0, rows, 0, count * inputs);
        session.run(boundInputs, boundOutputs).close();
        output.get(0, scores, 0, count * outputs);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Tensors come and go with each call. */
  static final class Documented implements Scorer {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int inputs;
    private final int outputs;

    Documented(Net net) throws OrtException {
      session = open(net);
      environment = OrtEnvironment.getEnvironment();
      inputs = net.inputs();
      outputs = net.outputs();
    }

    @Override
    public void score(float[] rows, int count, float[] scores) {
      FloatBuffer values = FloatBuffer.wrap(rows, 0, count * inputs);
      try (OnnxTensor input =
              OnnxTensor.createTensor(environment, values, new long[] {count, inputs});
          OrtSession.Result result = session.run(Map.of(OnnxModel.INPUT, input))) {
        float[][] matrix = (float[][]) result.get(0).getValue();
        for (int row = 0; row < count; row++) {
          System.arraycopy(matrix[row], 0, scores, row * outputs, outputs);
        }
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
