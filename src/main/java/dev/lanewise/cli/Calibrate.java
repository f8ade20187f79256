package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Calibrates a model for intervals or sets of a stated coverage. */
@Command(
    name = "calibrate",
    description =
        "Calibrates a model by rows that had no part in its training, so that its intervals or sets"
            + " hold the truth for a stated share of rows.")
final class Calibrate implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions options = new ModelOptions();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The column with the truth, or the columns. Default: those that the model was trained"
              + " on.")
  private List<String> labels = List.of();

  @Option(
      names = "--coverage",
      paramLabel = "SHARE",
      split = ",",
      description =
          "The share of rows that are to be covered, such as 0.9, or several; predict takes the"
              + " first unless told otherwise. Default: 0.9.")
  private List<Double> coverages = List.of(RegionOptions.USUAL);

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description =
          "residual or cqr for values, lac or aps for classes. Default: residual, cqr with --upper,"
              + " lac.")
  private String method;

  @Option(
      names = "--upper",
      paramLabel = "MODEL",
      description =
          "The model of the upper quantile, for cqr; MODEL is that of the lower one. Both are"
              + " trained with --loss quantile on the same rows.")
  private Path upper;

  @Option(
      names = "-o",
      paramLabel = "FILE",
      required = true,
      description = "Where the calibrated model goes, as safetensors.")
  private Path output;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    List<Given> read = Stream.concat(options.files(), Given.of("--upper", upper)).toList();
    FileChecks.requireDistinct(read, Given.of("-o", output).toList());
    FileChecks.tryTarget(output);
    TrainedModel model = model();
    Encoder encoder = options.encoder(model);
    Conformal.Score score = score(encoder.target());
    requireFit(model, score);
    double[] shares = coverages.stream().mapToDouble(Double::doubleValue).toArray();
    Conformal calibrated = Conformal.calibrate(model, rows(encoder), score, shares);
    print(calibrated, spec.commandLine().getOut());
    spec.commandLine().getOut().flush();
    new OutputFile(output, Optional.empty()).write(calibrated.model()::writeTo);
    return 0;
  }

  private Dataset rows(Encoder encoder) throws IOException {
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      progress.begin("reading " + options.data().getFileName());
      TableReader reader = progress.toldBy(options.reader(encoder, labels));
      return options.checked(Examples.labelled(options.data(), reader)).dataset(encoder, labels);
    }
  }

  private void check() {
    options.check(spec);
    ColumnOptions.checkLabels(spec, labels);
    RegionOptions.checkCoverages(spec, "--coverage", coverages);
    if (method != null) {
      Usage.constant(spec, "--method", Conformal.Score.class, method);
      Usage.require(
          spec,
          upper == null || method.equals("cqr"),
          "--method %s: has no meaning with --upper; expected cqr",
          method);
    }
  }

  private TrainedModel model() throws IOException {
    TrainedModel model = options.model();
    if (upper == null) {
      return model;
    }
    TrainedModel other = TrainedModel.load(upper);
    if (!(model instanceof Model low) || !(other instanceof Model high)) {
      throw new IllegalArgumentException("--upper: an ensemble; expected two single models");
    }
    return Ensemble.of(List.of(low, high));
  }

  private Conformal.Score score(Target target) {
    if (method != null) {
      return Usage.constant(spec, "--method", Conformal.Score.class, method);
    }
    if (target instanceof Target.Classes) {
      return Conformal.Score.LAC;
    }
    return upper == null ? Conformal.Score.RESIDUAL : Conformal.Score.CQR;
  }

  /** Refuses before DATA is read what the library would refuse later, in words of options. */
  private void requireFit(TrainedModel model, Conformal.Score score) {
    if (score.fits(model)) {
      return;
    }
    if (upper != null) {
      throw new IllegalArgumentException(
          "--upper: no pair; expected MODEL and --upper with --loss quantile, of a lower and a"
              + " higher --quantile, trained on the same rows");
    }
    String expected =
        switch (score) {
          case RESIDUAL -> "a model of values, or lac or aps for classes";
          case LAC, APS -> "a model of classes, or residual or cqr for values";
          case CQR -> "--upper with the model of the upper quantile";
        };
    throw new IllegalArgumentException(
        "--method %s: does not fit the model; expected %s".formatted(Usage.name(score), expected));
  }

  private void print(Conformal calibrated, PrintWriter out) {
    if (json) {
      out.println(CalibrationText.json(calibrated));
    } else {
      CalibrationText.lines(calibrated).forEach(out::println);
    }
  }
}
