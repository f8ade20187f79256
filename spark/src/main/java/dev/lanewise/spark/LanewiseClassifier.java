package dev.lanewise.spark;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Learns to tell classes apart. Labels are texts, booleans or numbers; Spark's evaluators take
 * numbers.
 */
public final class LanewiseClassifier extends LanewiseEstimator<LanewiseClassifier> {

  private static final long serialVersionUID = 1;

  /** Creates an estimator with a name of its own. */
  public LanewiseClassifier() {
    this(Identifiable$.MODULE$.randomUID("lanewise"));
  }

  /**
   * Creates an estimator.
   *
   * @param uid its name
   */
  public LanewiseClassifier(String uid) {
    super(uid);
  }

  @Override
  boolean classifies() {
    return true;
  }

  @Override
  LanewiseClassifier self() {
    return this;
  }

  @Override
  public LanewiseClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** {@return what reads estimators that were saved} */
  public static MLReader<LanewiseClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * {@return an estimator that was saved}
   *
   * @param path the folder
   */
  public static LanewiseClassifier load(String path) {
    return read().load(path);
  }
}
