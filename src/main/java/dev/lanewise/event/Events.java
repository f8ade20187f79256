package dev.lanewise.event;

/**
 * The events of this library. Where the module {@code jdk.jfr} is absent there are none.
 *
 * <p>An event is asked for before what it measures, and ended after it. While no recording wants
 * its kind, what is given does nothing, and nothing is allocated. Any thread may.
 */
public final class Events {

  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private Events() {}

  /** A step of a training under way. */
  public interface Step {

    /** Nobody records. */
    Step NONE = (step, epoch, rows, loss) -> {};

    /**
     * Ends the step.
     *
     * @param step its number, from 1
     * @param epoch the number of its epoch, from 1
     * @param rows the rows of its batch
     * @param loss the mean loss of these rows
     */
    void end(long step, int epoch, int rows, double loss);
  }

  /** {@return what measures a step from here on} */
  public static Step step() {
    return PRESENT && StepEvent.isOn() ? StepEvent.begun() : Step.NONE;
  }

  /**
   * Tells of the end of an epoch, if epochs are recorded.
   *
   * @param epoch its number, from 1
   * @param rate the learning rate of its last step
   * @param loss the mean loss of its rows
   * @param cost that with the penalty
   * @param devLoss the loss of the dev rows; NaN without
   * @param devMetric their metric; NaN without
   * @param seconds how long it took
   */
  public static void epoch(
      int epoch,
      double rate,
      double loss,
      double cost,
      double devLoss,
      double devMetric,
      double seconds) {
    if (PRESENT && EpochEvent.isOn()) {
      EpochEvent.commit(epoch, rate, loss, cost, devLoss, devMetric, seconds);
    }
  }

  /**
   * Tells that a training has left the finite numbers.
   *
   * @param step the step
   * @param place where a number first was not finite
   */
  public static void divergence(long step, String place) {
    if (PRESENT && DivergenceEvent.isOn()) {
      DivergenceEvent.commit(step, place);
    }
  }

  /** Predictions under way. */
  public interface Prediction {

    /** Nobody records. */
    Prediction NONE = (rows, columns) -> {};

    /**
     * Ends them.
     *
     * @param rows how many rows were predicted
     * @param columns their encoded columns
     */
    void end(int rows, int columns);
  }

  /** {@return what measures predictions from here on} */
  public static Prediction prediction() {
    return PRESENT && PredictionEvent.isOn() ? PredictionEvent.begun() : Prediction.NONE;
  }

  /** A model that is being loaded. */
  public interface Load {

    /** Nobody records. */
    Load NONE =
        new Load() {
          @Override
          public boolean isRecorded() {
            return false;
          }

          @Override
          public void end(String source, String parametersSha256) {}
        };

    /** {@return whether somebody wants to know, so that a digest is worth computing} */
    boolean isRecorded();

    /**
     * Ends the loading.
     *
     * @param source the file, or what a stream is called
     * @param parametersSha256 which model it is
     */
    void end(String source, String parametersSha256);
  }

  /** {@return what measures the loading of a model from here on} */
  public static Load load() {
    return PRESENT && ModelLoadEvent.isOn() ? ModelLoadEvent.begun() : Load.NONE;
  }

  /** {@return whether new predictors of pools are recorded} */
  public static boolean recordsPredictors() {
    return PRESENT && PredictorAddedEvent.isOn();
  }

  /**
   * Tells that a shared predictor has made a predictor more, if that is recorded.
   *
   * @param parametersSha256 which model predicts
   * @param predictors how many there are now
   */
  public static void predictorAdded(String parametersSha256, int predictors) {
    if (recordsPredictors()) {
      PredictorAddedEvent.commit(parametersSha256, predictors);
    }
  }
}
