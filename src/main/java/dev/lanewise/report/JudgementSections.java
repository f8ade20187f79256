package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The sections of a report that judge a model on one set of labelled rows: of classes the confusion
 * matrix, curves over thresholds, calibration; of values the residuals; of both the importance of
 * columns and the worst rows.
 *
 * <p>Nothing is chosen by these rows: the threshold and the temperature are the model's.
 */
public final class JudgementSections {

  private JudgementSections() {}

  /**
   * {@return the sections}
   *
   * @param set the name of the set, of lower-case letters and digits, which titles and names of
   *     charts hold
   * @param model a model with an encoder
   * @param rows the set, as the encoder gives it, at least one row
   * @param raw the same rows as they stand in their file
   * @param evaluation the model's evaluation on them
   */
  public static List<Section> of(
      String set, TrainedModel model, Dataset rows, RawRows raw, Evaluation evaluation) {
    Encoder encoder =
        model
            .encoder()
            .orElseThrow(
                () -> new IllegalArgumentException("model: without encoder; expected one with"));
    List<String> columns = features(encoder);
    List<Section> sections = new ArrayList<>();
    if (evaluation instanceof Evaluation.OfClasses ofClasses) {
      JudgedClasses judged = JudgedClasses.of(model, rows, ofClasses);
      sections.add(ConfusionSection.of(set, ofClasses));
      sections.add(CurveSection.of(set, judged));
      sections.add(CalibrationSection.of(set, judged));
      sections.add(WorstSection.of(set, judged, raw, columns));
    }
    return sections;
  }

  /** {@return the names of the columns that are features} */
  private static List<String> features(Encoder encoder) {
    return encoder.parts().stream()
        .flatMap(part -> part.columns().stream())
        .filter(column -> column.encodedColumns() > 0)
        .map(Column::name)
        .distinct()
        .toList();
  }
}
