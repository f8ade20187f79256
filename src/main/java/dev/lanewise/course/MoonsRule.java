package dev.lanewise.course;

import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform.MomentumForm;

/** The optimisers, with the first rate where that decays. */
enum MoonsRule {
  GRADIENT_DESCENT("gradient descent", 0.1) {
    @Override
    Optimizer optimizer() {
      return Optimizer.sgd(RATE);
    }
  },
  MOMENTUM("momentum", 0.1) {
    @Override
    Optimizer optimizer() {
      return Optimizer.momentum(RATE, 0.9, MomentumForm.EWMA);
    }
  },
  ADAM("Adam", 0.01) {
    @Override
    Optimizer optimizer() {
      return Optimizer.adam(RATE);
    }
  };

  /** The rate where it stays the same. */
  static final double RATE = 0.0007;

  /** The name that tables show. */
  final String title;

  /** The first rate where it decays. */
  final double initial;

  MoonsRule(String title, double initial) {
    this.title = title;
    this.initial = initial;
  }

  abstract Optimizer optimizer();
}
