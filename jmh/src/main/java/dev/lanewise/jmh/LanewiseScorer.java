package dev.lanewise.jmh;

import dev.lanewise.kernel.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;

/** Ours. */
final class LanewiseScorer implements Scorer {

  private final Predictor predictor;

  LanewiseScorer(Net net) {
    predictor = Model.of(net.network(), net.parameters(), Engine.standard()).predictor();
  }

  @Override
  public void score(float[] rows, int count, float[] scores) {
    predictor.scores(rows, count, scores);
  }
}
