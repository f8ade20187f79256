package dev.lanewise.cli;

import dev.lanewise.data.Column;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.report.RecipeWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the content of a model file. */
@Command(name = "inspect", description = "Prints the content of a model file.")
final class Inspect implements Callable<Integer> {

  /** The texts of a model file, which are JSON. */
  private static final List<String> TEXTS =
      List.of("network", "encoder", "conformal", "provenance");

  private static final String SIGNED = ", as -1 and 1";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A model that train wrote.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    FileChecks.requireDistinct(FileChecks.Given.of("MODEL", file));
    TrainedModel model = TrainedModel.load(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new Json.Obj(facts(model, SafetensorsFile.read(file).metadata())));
    } else {
      print(model, out);
    }
    return 0;
  }

  private static Map<String, Json> facts(TrainedModel model, Map<String, String> texts) {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("parametersSha256", Json.of(model.parametersSha256()));
    switch (model) {
      case Model one -> facts.put("parameters", Json.of(one.network().layout().size()));
      case Ensemble several -> {
        facts.put(
            "parameters",
            Json.of(several.models().stream().mapToInt(m -> m.network().layout().size()).sum()));
        List<Json> members = new ArrayList<>();
        for (int m = 0; m < several.models().size(); m++) {
          members.add(member(several, m, texts));
        }
        facts.put("models", new Json.Arr(members));
      }
    }
    facts.putAll(outputs(model));
    addTexts(facts, "", texts);
    return facts;
  }

  private static Json member(Ensemble ensemble, int number, Map<String, String> texts) {
    Model model = ensemble.models().get(number);
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("weight", Json.of(ensemble.weights()[number]));
    facts.put("parametersSha256", Json.of(model.parametersSha256()));
    facts.put("parameters", Json.of(model.network().layout().size()));
    facts.putAll(outputs(model));
    addTexts(facts, "model%d.".formatted(number + 1), texts);
    return new Json.Obj(facts);
  }

  private static void addTexts(Map<String, Json> facts, String prefix, Map<String, String> texts) {
    for (String key : TEXTS) {
      String text = texts.get(prefix + key);
      if (text != null) {
        facts.put(key, Json.parse(text));
      }
    }
  }

  private static void print(TrainedModel model, PrintWriter out) {
    switch (model) {
      case Model one -> out.println(one.network());
      case Ensemble several -> {
        for (int m = 0; m < several.models().size(); m++) {
          Model member = several.models().get(m);
          double weight = several.weights()[m];
          out.printf("%-16s %d, weight %s%n", "model", m + 1, weight);
          out.println(member.network());
          print(member.provenance(), out);
          out.printf("%-16s %s%n%n", "parametersSha256", member.parametersSha256());
        }
        out.printf("%-16s of %d models%n", "ensemble", several.models().size());
      }
    }
    print(model.provenance(), out);
    model
        .encoder()
        .ifPresent(
            encoder -> {
              out.printf("%-16s %s%n", "target", text(encoder.target()));
              encoder.columns().forEach(c -> out.printf("%-16s %s%n", "column", text(c)));
            });
    outputs(model).forEach((name, fact) -> out.printf("%-16s %s%n", name, fact));
    model
        .conformal()
        .ifPresent(
            of ->
                of.coverages()
                    .forEach(
                        coverage ->
                            out.printf("%-16s %s%n", "conformal", of.withCoverage(coverage))));
    out.printf("%-16s %s%n", "parametersSha256", model.parametersSha256());
  }

  private static void print(Provenance provenance, PrintWriter out) {
    RecipeWords.of(provenance)
        .forEach((k, t) -> out.printf("%-16s %s%n", Lanewise.shown(k), Lanewise.shown(t)));
  }

  /** {@return temperature and threshold by name, where logits are of classes} */
  private static Map<String, Json> outputs(TrainedModel model) {
    Map<String, Json> facts = new LinkedHashMap<>();
    if (model.link() == Loss.Link.SIGMOID || model.link() == Loss.Link.SOFTMAX) {
      facts.put("temperature", Json.of(model.temperature().value()));
    }
    if (model.link() == Loss.Link.SIGMOID && model.outputs() == 1) {
      facts.put("threshold", Json.of(model.threshold().probability()));
    }
    return facts;
  }

  private static String text(Target target) {
    return switch (target) {
      case Target.Classes classes ->
          "classes " + Lanewise.shown(String.join(", ", classes.labels()));
      case Target.Values values -> "values";
    };
  }

  private static String text(Column column) {
    String text =
        switch (column) {
          case Column.Numeric numeric ->
              "number, median %s%s%s"
                  .formatted(numeric.median(), text(numeric.range()), flagged(numeric.flagged()));
          case Column.Date date ->
              "date, in seconds since 1970, median %s%s%s"
                  .formatted(date.median(), text(date.range()), flagged(date.flagged()));
          case Column.Bool bool ->
              "boolean, mostly %s%s%s"
                  .formatted(bool.usual(), flagged(bool.flagged()), bool.signed() ? SIGNED : "");
          case Column.Categorical categorical ->
              "category, one of %s%s%s%s"
                  .formatted(
                      String.join(", ", categorical.categories()),
                      categorical.other() ? ", or other" : "",
                      categorical.flagged() ? ", or missing" : "",
                      switch (categorical.code()) {
                        case ONE_HOT -> "";
                        case SIGN -> SIGNED;
                        case INDEX -> ", as its number";
                      });
          case Column.Ignored ignored -> "ignored";
          case Column.Label label -> "label";
          case Column.Pixels pixels -> pixels + " bytes, divided by 255";
        };
    return Lanewise.shown("%-24s %s".formatted(column.name(), text));
  }

  private static String flagged(boolean flagged) {
    return flagged ? ", flagged where missing" : "";
  }

  private static String text(Column.Range range) {
    return range.equals(Column.Range.UNKNOWN)
        ? ""
        : ", from %s to %s".formatted(range.min(), range.max());
  }
}
