package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    List<Section> sections = new ArrayList<>();
    boolean images = encoder.columns().getFirst() instanceof Column.Pixels;
    Optional<ImportanceSection.Judged> importance =
        images
            ? Optional.empty()
            : Optional.of(ImportanceSection.of(set, model, encoder, rows, evaluation));
    List<String> columns = importance.map(ImportanceSection.Judged::columns).orElse(List.of());
    Section worst;
    switch (evaluation) {
      case Evaluation.OfClasses classes -> {
        JudgedClasses judged = JudgedClasses.of(model, rows, classes);
        sections.add(ConfusionSection.of(set, classes));
        sections.add(CurveSection.of(set, judged));
        sections.add(CalibrationSection.of(set, judged));
        worst = WorstSection.of(set, judged, raw, columns);
      }
      case Evaluation.OfValues values -> {
        JudgedValues judged = JudgedValues.of(model, encoder, rows, values);
        int[] worstRows = Worst.of(judged.rows(), judged::error);
        sections.addAll(ResidualSection.of(set, judged, worstRows));
        worst = WorstSection.of(set, judged, worstRows, raw, columns);
      }
    }
    importance.ifPresent(of -> sections.add(of.section()));
    sections.add(worst);
    return sections;
  }
}
