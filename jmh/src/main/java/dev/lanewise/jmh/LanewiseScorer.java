package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.tensor.WeightFormat;

/** Ours, with weights as they are or at half width. */
final class LanewiseScorer implements Scorer {

  private final Predictor predictor;

  LanewiseScorer(Net net, WeightFormat format) {
    predictor =
        Model.of(net.network(), net.parameters(), Engine.standard())
            .withWeightFormat(format)
            .predictor();
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    predictor.logits(rows, count, scores);
  }
}
