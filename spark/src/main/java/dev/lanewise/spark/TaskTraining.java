package dev.lanewise.spark;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** One training in one task, on rows that Spark has brought together in any order. */
final class TaskTraining {

  /** The columns of a result behind those that tell which training it is of. */
  static final StructType RESULT =
      new StructType()
          .add("rows", DataTypes.IntegerType, false)
          .add("model", DataTypes.BinaryType, true)
          .add("parametersSha256", DataTypes.StringType, true)
          .add("devScores", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
          .add("error", DataTypes.StringType, true);

  private TaskTraining() {}

  /**
   * {@return rows as a table} They are sorted by their texts, so that the table does not depend on
   * the order in which Spark brought them.
   *
   * @param columns their columns, of which those in {@code without} are left out
   */
  static Table table(List<String> columns, Iterator<Row> rows, List<String> without) {
    List<String> names = new ArrayList<>(columns);
    names.removeAll(without);
    List<List<Object>> values = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      List<Object> kept = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        if (!without.contains(columns.get(c))) {
          kept.add(row.get(c));
        }
      }
      values.add(kept);
    }
    values.sort(Comparator.comparing(List::toString));
    return Table.ofRows(names, values);
  }

  /**
   * {@return what came of a training, behind the cells that tell which one it is} A training that
   * is refused or diverges is told of by its message, and ends no other one.
   */
  static Row result(Learner learner, Table table, Object... which) {
    List<Object> cells = new ArrayList<>(List.of(which));
    cells.add(table.rows());
    try {
      Learned learned = learner.learn(table);
      Map<String, Double> scores =
          learned.dev().map(evaluation -> evaluation.scores()).orElse(Map.of());
      cells.add(learned.model().toBytes());
      cells.add(learned.model().parametersSha256());
      cells.add(CollectionConverters.asScala(scores));
      cells.add(null);
    } catch (DataException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException e) {
      cells.add(null);
      cells.add(null);
      cells.add(CollectionConverters.asScala(Map.of()));
      cells.add(e.getMessage());
    }
    return RowFactory.create(cells.toArray());
  }
}
