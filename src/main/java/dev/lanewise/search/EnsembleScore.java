package dev.lanewise.search;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Loss;
import dev.lanewise.plan.Scorer;
import dev.lanewise.train.DevMetric;
import java.util.Arrays;
import java.util.Optional;

/**
 * The score of dev rows by the mean of several models' predictions. What a model's predictions are
 * to the score, its part, is computed once; parts are added up.
 */
sealed interface EnsembleScore {

  /** {@return the score's name} */
  String name();

  /** {@return a model's part} */
  double[] part(Model model, Dataset rows);

  /**
   * {@return the score of a mean, less is better; NaN if it has none}
   *
   * @param sum the sum of the parts so far
   * @param part the part that is added to it
   * @param count the parts in both
   */
  double loss(double[] sum, double[] part, int count);

  /** {@return a score as users see it} */
  default double shown(double loss) {
    return loss;
  }

  /** {@return the score for the task of models} */
  static EnsembleScore of(Model first, Dataset rows, Optional<DevMetric> metric) {
    if (metric.isPresent()) {
      return new Given(metric.get(), first.network().loss(), first.outputs(), rows);
    }
    Scorer scorer = new Scorer(first.network().loss(), rows.encoder().map(Encoder::target));
    if (!scorer.judgesClasses()) {
      int columns = first.outputs();
      return new Rmse(scorer.restored(rows.targets(), rows.rows()), rows.rows(), columns);
    }
    return new LogLoss(scorer.classes(rows.targets(), rows.rows(), first.outputs()));
  }

  /**
   * −1/n·Σ ln p(truth); the part is p(truth) of each row, or of each label of each row.
   *
   * @param truth the classes of the rows
   */
  record LogLoss(Scorer.Classes truth) implements EnsembleScore {

    @Override
    public String name() {
      return "logLoss";
    }

    @Override
    public double[] part(Model model, Dataset rows) {
      double[] p = probabilities(model, rows);
      int classes = p.length / truth.rows();
      double[] part = new double[truth.rows()];
      for (int r = 0; r < part.length; r++) {
        int actual = (int) truth.numbers()[r];
        part[r] = classes == 1 ? (actual == 1 ? p[r] : 1 - p[r]) : p[r * classes + actual];
      }
      return part;
    }

    @Override
    public double loss(double[] sum, double[] part, int count) {
      double loss = 0;
      for (int r = 0; r < sum.length; r++) {
        double p = (sum[r] + part[r]) / count;
        loss -= StrictMath.log(p == 0 ? Double.MIN_VALUE : p);
      }
      return loss / sum.length;
    }
  }

  /**
   * The RMSE in original units; the part is the values.
   *
   * @param actual the true values {@code [rows][columns]}
   * @param rows the number of rows
   * @param columns the values of a row
   */
  record Rmse(double[] actual, int rows, int columns) implements EnsembleScore {

    @Override
    public String name() {
      return "rmse";
    }

    @Override
    public double[] part(Model model, Dataset rows) {
      return values(model, rows);
    }

    @Override
    public double loss(double[] sum, double[] part, int count) {
      double squares = 0;
      for (int i = 0; i < sum.length; i++) {
        double error = (sum[i] + part[i]) / count - actual[i];
        squares += error * error;
      }
      return Math.sqrt(squares / sum.length);
    }
  }

  /**
   * A given metric; the part is the probabilities, or the values.
   *
   * @param metric the metric
   * @param loss the loss of the networks
   * @param outputs the outputs of a row
   * @param rows the rows as the first model takes them
   */
  record Given(DevMetric metric, Loss loss, int outputs, Dataset rows) implements EnsembleScore {

    @Override
    public String name() {
      return metric.name();
    }

    @Override
    public double[] part(Model model, Dataset its) {
      return loss.givesProbabilities() ? probabilities(model, its) : values(model, its);
    }

    @Override
    public double loss(double[] sum, double[] part, int count) {
      double[] mean = new double[sum.length];
      Arrays.setAll(mean, i -> (sum[i] + part[i]) / count);
      double score = metric.score(asOutputs(mean), rows, loss);
      return metric.largerIsBetter() ? -score : score;
    }

    @Override
    public double shown(double lost) {
      return metric.largerIsBetter() ? -lost : lost;
    }

    /** {@return the network's outputs that stand for means} */
    private float[] asOutputs(double[] mean) {
      float[] z = new float[Math.multiplyExact(rows.rows(), outputs)];
      switch (loss.link()) {
        case SIGMOID -> {
          boolean both = mean.length == 2 * z.length;
          for (int i = 0; i < z.length; i++) {
            double p = both ? mean[2 * i + 1] : mean[i];
            double q = both ? mean[2 * i] : 1 - mean[i];
            z[i] = (float) (log(p) - log(q));
          }
        }
        case SOFTMAX, EXP -> {
          for (int i = 0; i < z.length; i++) {
            z[i] = (float) log(mean[i]);
          }
        }
        case IDENTITY -> {
          if (rows.encoder().map(Encoder::target).orElse(null) instanceof Target.Values scale) {
            return scale.scaled(mean);
          }
          for (int i = 0; i < z.length; i++) {
            z[i] = (float) mean[i];
          }
        }
      }
      return z;
    }

    private static double log(double p) {
      return StrictMath.log(p == 0 ? Double.MIN_VALUE : p);
    }
  }

  private static double[] probabilities(Model model, Dataset rows) {
    boolean two = model.link() == Loss.Link.SIGMOID && model.outputs() == 1;
    double[] p = new double[Math.multiplyExact(rows.rows(), two ? 2 : model.outputs())];
    model.predictor().probabilities(rows.features(), rows.rows(), p);
    return p;
  }

  private static double[] values(Model model, Dataset rows) {
    Predictor predictor = model.predictor();
    double[] values = new double[Math.multiplyExact(rows.rows(), model.outputs())];
    predictor.values(rows.features(), rows.rows(), values);
    return values;
  }
}
