package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.kernel.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      description = "The column with the truth. Default: the one that the model was trained on.")
  private String label;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    options.check(spec);
    Model model = options.model();
    Encoder encoder = options.encoder(model);
    Task task = encoder.target() instanceof Target.Classes ? Task.CLASSIFY : Task.REGRESS;
    Optional<Roles> roles = Optional.ofNullable(label).map(column -> Roles.of(column, task));
    Examples examples = Examples.labelled(options.data(), options.header(), roles);
    InferencePlan plan =
        InferencePlan.over(
            PackedNetwork.pack(model.network(), model.parameters(), Engine.standard()));
    Scores scores = Scores.of(plan, encoder.target(), examples.dataset(encoder, examples.all()));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new Json.Obj(Map.of("test", new Json.Obj(scores.byName()))));
    } else {
      out.println(Scores.table(Map.of("test", scores)));
    }
    return 0;
  }
}
