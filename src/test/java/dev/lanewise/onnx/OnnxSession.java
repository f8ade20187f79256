package dev.lanewise.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph in ONNX Runtime. */
final class OnnxSession implements AutoCloseable {

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;

  OnnxSession(OnnxModel model) {
    this(model.toBytes());
  }

  OnnxSession(byte[] model) {
    if (!"1".equals(System.getenv("ORT_DISABLE_TELEMETRY"))) {
      throw new IllegalStateException(
          "ORT_DISABLE_TELEMETRY: not 1; ONNX Runtime would report home, or crash where it cannot");
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = ENVIRONMENT.createSession(model, options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return the only output of encoded rows, {@code [rows][columns]}} */
  float[][] scores(float[] rows, int columns) {
    long[] shape = {rows.length / columns, columns};
    try (OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(rows), shape);
        OrtSession.Result result = session.run(Map.of("rows", input))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * {@return the outputs for records, by their names}
   *
   * @param columns by name a value for each record, {@code double[rows][1]} or {@code
   *     String[rows][1]}
   */
  Map<String, Object> outputs(Map<String, Object> columns) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Object> column : columns.entrySet()) {
        inputs.put(column.getKey(), OnnxTensor.createTensor(ENVIRONMENT, column.getValue()));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), output.getValue().getValue());
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  List<String> inputs() {
    return new ArrayList<>(session.getInputNames());
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
