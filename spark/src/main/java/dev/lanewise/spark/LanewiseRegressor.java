package dev.lanewise.spark;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/** Learns to predict values. */
public final class LanewiseRegressor extends LanewiseEstimator<LanewiseRegressor> {

  private static final long serialVersionUID = 1;

  /** Creates an estimator with a name of its own. */
  public LanewiseRegressor() {
    this(Identifiable$.MODULE$.randomUID("lanewise"));
  }

  /**
   * Creates an estimator.
   *
   * @param uid its name
   */
  public LanewiseRegressor(String uid) {
    super(uid);
  }

  @Override
  boolean classifies() {
    return false;
  }

  @Override
  LanewiseRegressor self() {
    return this;
  }

  @Override
  public LanewiseRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** {@return what reads estimators that were saved} */
  public static MLReader<LanewiseRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * {@return an estimator that was saved}
   *
   * @param path the folder
   */
  public static LanewiseRegressor load(String path) {
    return read().load(path);
  }
}
