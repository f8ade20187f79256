package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges a model by a file of labelled examples. */
@Command(name = "evaluate", description = "Judges a model by labelled rows.")
final class Evaluate implements Callable<Integer> {

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
      names = "--half",
      description =
          "Judge the model with weights at half width (bfloat16) too, and print by how much a score"
              + " changes at most.")
  private boolean half;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    options.check(spec);
    ColumnOptions.checkLabels(spec, labels);
    Model model = options.model();
    Encoder encoder = options.encoder(model);
    Task task = encoder.target() instanceof Target.Classes ? Task.CLASSIFY : Task.REGRESS;
    Optional<Roles> roles =
        labels.isEmpty() ? Optional.empty() : Optional.of(Roles.of(labels, task));
    TableReader reader = options.reader(encoder);
    Examples examples =
        Examples.labelled(
            options.data(), roles.isPresent() ? reader.withRoles(roles.get()) : reader, roles);
    Dataset rows = examples.dataset(encoder, examples.all());
    float[] outputs = Scores.outputs(model, rows);
    Map<String, Scores> sets = new LinkedHashMap<>();
    sets.put("test", Scores.of(model, outputs, rows.targets()));
    OptionalDouble change = OptionalDouble.empty();
    if (half) {
      float[] rounded = Scores.outputs(model.withWeightFormat(WeightFormat.BFLOAT16), rows);
      sets.put("half", Scores.of(model, rounded, rows.targets()));
      change =
          IntStream.range(0, outputs.length)
              .mapToDouble(i -> Math.abs((double) rounded[i] - outputs[i]))
              .max();
    }
    print(spec.commandLine().getOut(), sets, change);
    return 0;
  }

  private void print(PrintWriter out, Map<String, Scores> sets, OptionalDouble change) {
    if (json) {
      Map<String, Json> members = new LinkedHashMap<>();
      sets.forEach((set, scores) -> members.put(set, new Json.Obj(scores.byName())));
      change.ifPresent(c -> members.put("largestChange", Json.of(c)));
      out.println(new Json.Obj(members));
    } else {
      out.println(Scores.table(sets));
      change.ifPresent(c -> out.println("largest change of a score: %.3g".formatted(c)));
    }
  }
}
