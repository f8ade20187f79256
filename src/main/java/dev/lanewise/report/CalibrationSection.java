package dev.lanewise.report;

import dev.lanewise.metric.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether probabilities are the frequencies that they promise. */
final class CalibrationSection {

  private CalibrationSection() {}

  static Section of(String set, JudgedClasses judged) {
    Calibration calibration = judged.evaluation().calibration();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("expected calibration error", Texts.number(calibration.ece()));
    facts.put("Brier score", Texts.number(calibration.brier()));
    facts.put(
        "temperature",
        judged.temperature() == 1
            ? "1, the network's own probabilities"
            : Texts.number(judged.temperature()) + ", which its logits are divided by");
    List<Part> parts = new ArrayList<>();
    parts.add(new Facts(facts));
    if (judged.classes() == 2) {
      String positive = judged.evaluation().labels().get(1);
      double[] p = new double[judged.rows()];
      float[] targets = new float[judged.rows()];
      for (int r = 0; r < p.length; r++) {
        p[r] = judged.probability(r, 1);
        targets[r] = judged.actual(r);
      }
      parts.addAll(
          charts(
              set + "-reliability",
              "How often it is " + positive,
              "Of the rows whose probability of %s lies in a bin, the share that are %s."
                  .formatted(positive, positive),
              "mean probability of " + positive,
              "share of " + positive,
              Calibration.ofSecondClass(p, targets, p.length)));
    }
    parts.addAll(
        charts(
            set + "-confidence",
            "How often the likelier class is right",
            "Of the rows whose likeliest class has a probability in a bin, the share for which it"
                + " is right; the expected calibration error is the mean distance from the dashed"
                + " line, weighted by rows.",
            "mean confidence",
            "accuracy",
            calibration.bins()));
    return new Section(set + "-calibration", "Calibration (%s)".formatted(set), parts);
  }

  private static List<Part> charts(
      String id, String title, String caption, String across, String up, List<Calibration.Bin> of) {
    List<Calibration.Bin> bins = of.stream().filter(bin -> bin.rows() > 0).toList();
    double[] confidence = bins.stream().mapToDouble(Calibration.Bin::confidence).toArray();
    Chart reliability =
        XyChart.of(
                id,
                title,
                caption
                    + " On the dashed line probabilities are right. Whiskers are the 95 % intervals"
                    + " of Wilson: bins of few rows say little.",
                Axis.of(across).between(0, 1),
                Axis.of(up).between(0, 1))
            .dashed("calibrated", new double[] {0, 1}, new double[] {0, 1})
            .line(
                "observed",
                confidence,
                bins.stream().mapToDouble(Calibration.Bin::accuracy).toArray())
            .whiskers(
                "95 % interval",
                confidence,
                bins.stream().mapToDouble(Calibration.Bin::low).toArray(),
                bins.stream().mapToDouble(Calibration.Bin::high).toArray())
            .chart();
    List<String> ranges = new ArrayList<>();
    for (int b = 0; b < of.size(); b++) {
      ranges.add(
          String.format(Locale.ROOT, "%.2f–%.2f", (double) b / of.size(), (b + 1.0) / of.size()));
    }
    Chart counts =
        BarChart.of(
                id + "-rows",
                title + ": rows in each bin",
                "The rows that the points above are counted from.",
                across.replaceFirst("^mean ", ""),
                ranges,
                Axis.of("rows"))
            .touching()
            .bars("rows", of.stream().mapToDouble(Calibration.Bin::rows).toArray())
            .chart();
    return List.of(new Beside(List.of(reliability, counts)));
  }
}
