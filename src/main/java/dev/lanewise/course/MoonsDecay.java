package dev.lanewise.course;

import dev.lanewise.optim.Schedule;

/** The decays of the rate. */
enum MoonsDecay {
  NONE("") {
    @Override
    Schedule from(double initial) {
      return new Schedule.Constant(MoonsRule.RATE);
    }
  },
  EACH_EPOCH("/(1+epoch)") {
    @Override
    Schedule from(double initial) {
      return new Schedule.InverseTime(initial, 1, 1);
    }
  },
  STAIRS("/(1+epoch div 1000)") {
    @Override
    Schedule from(double initial) {
      return new Schedule.InverseTime(initial, 1, 1000);
    }
  },
  EXPONENTIAL("·0.95^epoch") {
    @Override
    Schedule from(double initial) {
      return new Schedule.Staircase(initial, 0.95, 1);
    }
  },
  ROOT("/√(1+epoch)") {
    @Override
    Schedule from(double initial) {
      return new Schedule.InverseSquareRoot(initial);
    }
  };

  /** What follows the first rate in the name of a run. */
  final String formula;

  MoonsDecay(String formula) {
    this.formula = formula;
  }

  abstract Schedule from(double initial);

  /** {@return the epochs of a run; the notebook's decaying ones have half as many} */
  int epochs(int whole) {
    return this == NONE ? whole : whole / 2;
  }
}
