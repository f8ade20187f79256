package dev.lanewise.cli;

import dev.lanewise.check.GradientReport;
import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Checks the gradient of a network against differences: of a model, on rows of a file or on random
 * ones; or of a network that options describe, on rows of a file or on random ones. A check that is
 * not passed is a result like any other, but has exit code 1.
 */
@Command(
    name = "gradcheck",
    description = "Checks the gradient of a network against differences in double precision.",
    customSynopsis = {
      "lanewise gradcheck MODEL [DATA] [OPTION]...",
      "lanewise gradcheck DATA --label COLUMN [OPTION]...",
      "lanewise gradcheck --inputs N --outputs N [OPTION]..."
    },
    optionListHeading = "%n")
final class GradCheck implements Callable<Integer> {

  private enum Form {
    MODEL,
    MODEL_AND_DATA,
    DATA,
    SHAPE
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..2",
      paramLabel = "FILE",
      description =
          "A model that train wrote, and perhaps rows for it; or, with --label or if it is named as"
              + " images are, rows alone, for a network that options describe as those of train"
              + " do.")
  private List<Path> files = List.of();

  @Mixin private final ShapeOptions shape = new ShapeOptions();
  @Mixin private final ColumnOptions columns = new ColumnOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final LossOptions loss = new LossOptions();
  @Mixin private final DifferenceOptions differences = new DifferenceOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final ReportOptions pages = new ReportOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Form form = form();
    check(form);
    List<Given> inputs = files.stream().flatMap(f -> Given.ofExamples("FILE", f)).toList();
    FileChecks.requireDistinct(inputs, pages.written().toList());
    ReportFiles reported = pages.open(inputs.stream());
    Engine chosen = engine.engine();
    GradientSubject subject;
    GradientReport report;
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      progress.begin("reading");
      subject = subject(form);
      progress.begin("comparing the gradient with differences");
      report =
          differences
              .check(spec, subject.network())
              .check(subject.theta(), subject.rows(), differences.stepKey(), chosen);
    }
    Map<String, Json> facts = new LinkedHashMap<>(subject.facts());
    facts.put("seed", Json.of(differences.seed()));
    facts.put("kernels", Json.of(chosen.kernels().name()));
    CheckedGradient checked = new CheckedGradient(facts, subject.network().toString(), report);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      checked.printJson(out);
    } else {
      checked.printText(out);
    }
    if (reported.wanted()) {
      out.flush();
      reported.write(checked.page());
    }
    return checked.passed() ? 0 : 1;
  }

  /** {@return what the arguments ask for, without opening a file} */
  private Form form() {
    if (files.isEmpty()) {
      return Form.SHAPE;
    }
    Usage.require(
        spec,
        files.size() <= 2,
        "%s: a third file; expected a model and rows for it, or rows alone",
        files.getLast());
    if (files.size() == 2) {
      return Form.MODEL_AND_DATA;
    }
    boolean examples = !columns.labels().isEmpty() || Examples.namesImages(files.getFirst());
    return examples ? Form.DATA : Form.MODEL;
  }

  private void check(Form form) {
    String model = "a model, which says it itself";
    switch (form) {
      case MODEL -> {
        refuse(model, "shape", "network", "loss");
        refuse("random rows", "columns");
      }
      case MODEL_AND_DATA -> {
        refuse(model, "shape", "network", "loss");
        refuseBut(Set.of("--label", "--header"), model, "columns");
        columns.checkForModel(spec, files.getLast());
      }
      case DATA -> {
        refuse("a file of examples, which says it itself", "shape");
        columns.check(spec, files.getFirst(), Optional.empty());
      }
      case SHAPE -> {
        shape.check(spec);
        refuseBut(Set.of("--task"), "random rows", "columns");
        columns.check(spec);
        Usage.require(spec, !loss.weighs(), "--class-weights: has no meaning with random rows");
      }
    }
    network.check(spec);
    loss.check(spec, !columns.classifies());
    differences.check(spec, network.batchNorm());
    engine.check(spec);
  }

  private void refuse(String with, String... families) {
    for (String family : families) {
      refuseBut(Set.of(), with, family);
    }
  }

  /** Refuses the options of a family that were given, but for some. */
  private void refuseBut(Set<String> allowed, String with, String family) {
    List<OptionSpec> options = spec.mixins().get(family).options();
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      Usage.require(
          spec,
          !options.contains(given) || allowed.contains(given.longestName()),
          "%s: has no meaning with %s",
          given.longestName(),
          with);
    }
  }

  private GradientSubject subject(Form form) throws IOException {
    return switch (form) {
      case MODEL -> GradientSubject.ofModel(files.getFirst(), differences);
      case MODEL_AND_DATA ->
          GradientSubject.ofModel(files.getFirst(), files.getLast(), columns, differences);
      case DATA ->
          GradientSubject.ofData(spec, files.getFirst(), columns, network, loss, differences);
      case SHAPE ->
          GradientSubject.ofShape(spec, shape, columns.classifies(), network, loss, differences);
    };
  }
}
