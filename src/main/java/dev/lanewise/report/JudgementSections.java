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
    return of(set, model, rows, raw, evaluation, importance(set, model, rows, evaluation));
  }

  /**
   * {@return the importance of the model's columns; empty for images, whose pixels are none}
   *
   * @param set the name of the set
   * @param model a model with an encoder
   * @param rows the set, as the encoder gives it
   * @param evaluation the model's evaluation on them
   */
  static Optional<ImportanceSection.Judged> importance(
      String set, TrainedModel model, Dataset rows, Evaluation evaluation) {
    Encoder encoder = encoder(model);
    return encoder.columns().getFirst() instanceof Column.Pixels
        ? Optional.empty()
        : Optional.of(ImportanceSection.of(set, model, encoder, rows, evaluation));
  }

  private static Encoder encoder(TrainedModel model) {
    return model
        .encoder()
        .orElseThrow(
            () -> new IllegalArgumentException("model: without encoder; expected one with"));
  }

  /** {@return the sections, with an importance that is known} */
  static List<Section> of(
      String set,
      TrainedModel model,
      Dataset rows,
      RawRows raw,
      Evaluation evaluation,
      Optional<ImportanceSection.Judged> importance) {
    Encoder encoder = encoder(model);
    List<Section> sections = new ArrayList<>();
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
