package dev.lanewise.spark;

import dev.lanewise.model.SafetensorsException;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import java.io.Serializable;

/**
 * A model on its way to executors: the bytes of its file, from which each executor makes one
 * predictor for all of its tasks.
 */
final class ServedModel implements Serializable {

  private static final long serialVersionUID = 1;

  private final byte[] file;
  private transient volatile SharedPredictor predictor;

  ServedModel(byte[] file) {
    this.file = file;
  }

  SharedPredictor predictor() {
    SharedPredictor made = predictor;
    if (made == null) {
      synchronized (file) {
        made = predictor;
        if (made == null) {
          made = model(file).forServing().shared();
          predictor = made;
        }
      }
    }
    return made;
  }

  static TrainedModel model(byte[] file) {
    try {
      return TrainedModel.of(file);
    } catch (SafetensorsException e) {
      throw new IllegalArgumentException("file: " + e.getMessage(), e);
    }
  }
}
