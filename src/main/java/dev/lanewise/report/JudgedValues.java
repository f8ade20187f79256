package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Regression;
import dev.lanewise.model.TrainedModel;

/** What a model predicts for each labelled row of a set of values, in original units. */
final class JudgedValues {

  private final Evaluation.OfValues evaluation;
  private final int rows;
  private final int columns;
  private final double[] predicted;
  private final double[] actual;

  private JudgedValues(
      Evaluation.OfValues evaluation, int columns, double[] predicted, double[] actual) {
    this.evaluation = evaluation;
    rows = evaluation.rows();
    this.columns = columns;
    this.predicted = predicted;
    this.actual = actual;
  }

  /**
   * {@return what a model gives for rows}
   *
   * @param model a model of values
   * @param encoder its encoder
   * @param rows encoded rows with targets
   * @param evaluation the model's evaluation on them
   */
  static JudgedValues of(
      TrainedModel model, Encoder encoder, Dataset rows, Evaluation.OfValues evaluation) {
    double[] predicted = new double[Math.multiplyExact(rows.rows(), model.outputs())];
    model.predictor().values(rows.features(), rows.rows(), predicted);
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = Math.min(predicted[i], Double.MAX_VALUE); // as evaluations take a mean
    }
    double[] actual = new double[predicted.length];
    ((Target.Values) encoder.target()).restore(rows.targets(), rows.rows(), actual);
    return new JudgedValues(evaluation, model.outputs(), predicted, actual);
  }

  /** {@return the number of rows} */
  int rows() {
    return rows;
  }

  /** {@return the number of values of a row} */
  int columns() {
    return columns;
  }

  /** {@return the name of a value; the word target if there is but one without a name} */
  String name(int column) {
    String name = evaluation.names().get(column);
    return columns == 1 && name.equals("1") ? "target" : name;
  }

  /** {@return the errors of a value} */
  Regression.Column scores(int column) {
    return evaluation.regression().columns().get(column);
  }

  /** {@return the predictions of a value} */
  double[] predicted(int column) {
    return column(predicted, column);
  }

  /** {@return the true values} */
  double[] actual(int column) {
    return column(actual, column);
  }

  private double[] column(double[] matrix, int column) {
    double[] of = new double[rows];
    for (int r = 0; r < rows; r++) {
      of[r] = matrix[r * columns + column];
    }
    return of;
  }

  /** {@return a row's predicted value} */
  double predicted(int row, int column) {
    return predicted[row * columns + column];
  }

  /** {@return a row's true value} */
  double actual(int row, int column) {
    return actual[row * columns + column];
  }

  /** {@return the largest distance of a row's values from its predictions, in units of the RMSE} */
  double error(int row) {
    double largest = 0;
    for (int c = 0; c < columns; c++) {
      double distance = Math.abs(predicted(row, c) - actual(row, c));
      double rmse = scores(c).rmse();
      largest = Math.max(largest, distance == 0 ? 0 : distance / rmse);
    }
    return largest;
  }
}
