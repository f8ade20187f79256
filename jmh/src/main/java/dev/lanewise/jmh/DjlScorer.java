package dev.lanewise.jmh;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;

/** DJL's predictor with a translator between arrays and tensors. */
final class DjlScorer implements Scorer {

  private final Model model;
  private final Predictor<float[], float[]> predictor;
  private final int inputs;

  DjlScorer(Net net) {
    inputs = net.inputs();
    model = Djl.model(net, 1);
    predictor = model.newPredictor(new Arrays(inputs));
  }

  private record Arrays(int inputs) implements NoBatchifyTranslator<float[], float[]> {

    @Override
    public NDList processInput(TranslatorContext context, float[] rows) {
      Shape shape = new Shape(rows.length / inputs, inputs);
      return new NDList(context.getNDManager().create(rows, shape));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList scores) {
      return scores.singletonOrThrow().toFloatArray();
    }
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    try {
      float[] result = predictor.predict(rows);
      System.arraycopy(result, 0, scores, 0, result.length);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
