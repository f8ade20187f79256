package dev.lanewise.spark;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** From a struct of a model's columns to its decision, on whatever thread a task has. */
final class Scoring implements UDF1<Row, Row> {

  static final String PREDICTION = "prediction";
  static final String LABEL = "label";
  static final String PROBABILITY = "probability";

  private static final long serialVersionUID = 1;

  private final Broadcast<ServedModel> served;

  /** The place of each of the struct's columns among the encoder's values. */
  private final int[] places;

  /** How many values the encoder takes. */
  private final int values;

  /** What each class counts as: its label if all labels are numbers, else its number. */
  private final double[] numbers;

  Scoring(Broadcast<ServedModel> served, TrainedModel model) {
    this.served = served;
    Encoder encoder = encoder(model);
    List<Integer> found = new ArrayList<>();
    int place = 0;
    for (Column column : encoder.columns()) {
      if (column instanceof Column.Label) {
        continue;
      }
      if (column.encodedColumns() > 0) {
        found.add(place);
      }
      place++;
    }
    places = found.stream().mapToInt(Integer::intValue).toArray();
    values = place;
    numbers = encoder.target() instanceof Target.Classes classes ? numbers(classes) : null;
  }

  static Encoder encoder(TrainedModel model) {
    Encoder encoder =
        model
            .encoder()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "model: without encoder; expected one that was trained from a table"));
    if (!encoder.named() || encoder.columns().getFirst() instanceof Column.Pixels) {
      throw new IllegalArgumentException("model: columns without names; expected a header");
    }
    return encoder;
  }

  /** {@return the columns that a model reads, in the order of the struct} */
  static List<String> columns(TrainedModel model) {
    return encoder(model).columns().stream()
        .filter(column -> column.encodedColumns() > 0)
        .map(Column::name)
        .toList();
  }

  private static double[] numbers(Target.Classes classes) {
    double[] numbers = new double[classes.labels().size()];
    for (int c = 0; c < numbers.length; c++) {
      try {
        numbers[c] = Double.parseDouble(classes.labels().get(c));
      } catch (NumberFormatException e) {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = i;
        }
        return numbers;
      }
    }
    return numbers;
  }

  /** {@return the type of what is given for a row} */
  static StructType result(TrainedModel model) {
    StructType type = new StructType().add(PREDICTION, DataTypes.DoubleType, false);
    return model.encoder().orElseThrow().target() instanceof Target.Classes
        ? type.add(LABEL, DataTypes.StringType, false)
            .add(PROBABILITY, SQLDataTypes.VectorType(), false)
        : type;
  }

  @Override
  public Row call(Row row) {
    SharedPredictor predictor = served.value().predictor();
    Object[] raw = new Object[values];
    for (int i = 0; i < places.length; i++) {
      raw[places[i]] = row.get(i);
    }
    Encoder encoder = predictor.model().encoder().orElseThrow();
    Decision decision = predictor.decide(raw, encoder.forValues());
    if (numbers == null) {
      return RowFactory.create(decision.values()[0]);
    }
    double[] probabilities = new double[numbers.length];
    double prediction = 0;
    int c = 0;
    for (var entry : decision.probabilities().entrySet()) {
      prediction = entry.getKey().equals(decision.label()) ? numbers[c] : prediction;
      probabilities[c++] = entry.getValue();
    }
    return RowFactory.create(prediction, decision.label(), Vectors.dense(probabilities));
  }
}
