package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Model;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.report.Findings;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --preset}: what it trains is the library's, whatever other options change of it. */
class PresetCommandTest {

  private static final String BASE = "--hidden 16,16,16 --epochs 6 --batch-size 8";

  @TempDir private Path folder;
  private Path data;
  private Table table;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("table.csv");
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b,t,s,v,y\n");
    for (int row = 0; row < 60; row++) {
      double a = random.nextGaussian();
      double b = 100 * random.nextGaussian();
      String t = "pqrs".substring(row % 4, row % 4 + 1);
      String s = random.nextBoolean() ? "on" : "off";
      String y = a + b / 100 + 0.5 * random.nextGaussian() > 0.3 ? "up" : "down";
      text.append("%.3f,%.2f,%s,%s,%.3f,%s%n".formatted(a, b, t, s, a - b, y));
    }
    Files.writeString(data, text);
    table = Table.csv(data);
  }

  private Map<String, Json> trained(String options) {
    List<Object> words = new ArrayList<>(List.of("train", data, "--json"));
    if (!options.contains("--label ")) {
      words.addAll(List.of("--label", "y"));
    }
    words.addAll(List.of(options.strip().split(" +")));
    CommandLineRun run = CommandLineRun.of(words.toArray());
    assertEquals(0, run.exit(), () -> options + ": " + run.err());
    return ((Json.Obj) Json.parse(run.out().getLast())).members();
  }

  private String digest(String options) {
    return ((Json.Str) trained(options).get("parametersSha256")).value();
  }

  private String digest(Learner learner) {
    return learner.learn(table).model().parametersSha256();
  }

  private static Learner learner(UnaryOperator<Tabular> change) {
    Tabular short8 =
        Tabular.small()
            .withHidden(16, 16, 16)
            .withEpochs(6)
            .withBatchSize(8)
            .withMostExamples(Long.MAX_VALUE);
    return Learner.classifier("y").withPreset(change.apply(short8));
  }

  private static Learner recipe(UnaryOperator<Recipe> change) {
    return learner(preset -> preset).withRecipe(change);
  }

  /** The preset with every layer changed in turn. */
  private static Learner layers(UnaryOperator<Layer> change) {
    return network(
        usual -> {
          List<Layer> layers = new ArrayList<>();
          usual.forEach(layer -> layers.add(change.apply(layer)));
          return layers;
        });
  }

  private static Learner network(UnaryOperator<List<Layer>> change) {
    return learner(preset -> preset)
        .withNetwork(
            (inputs, outputs, loss) -> {
              List<Layer> usual = new ArrayList<>(List.of(new Scaling()));
              for (int layer = 0; layer < 3; layer++) {
                usual.add(lecun(16));
                usual.add(Activation.of(Activation.Function.SELU));
                usual.add(Dropout.of(0.15));
              }
              usual.add(new Dense(outputs).withInitializer(new Initializer.Zeros()));
              return new Network(inputs, change.apply(usual), loss);
            });
  }

  private static Dense lecun(int units) {
    Initializer.Distribution normal = Initializer.Distribution.NORMAL;
    return new Dense(units)
        .withInitializer(new Initializer.LeCun(normal))
        .withBiasInitializer(new Initializer.Fixed(1, normal));
  }

  /** Behind each hidden dense layer, or each activation; dropout in place of the usual one. */
  private static Learner behind(Class<? extends Layer> kind, Layer... added) {
    return network(
        usual -> {
          List<Layer> layers = new ArrayList<>();
          int number = 0;
          usual.removeIf(layer -> layer instanceof Dropout && added[0] instanceof Dropout);
          for (Layer layer : usual) {
            layers.add(layer);
            boolean last = layer instanceof Dense dense && dense.units() == 1;
            if (kind.isInstance(layer) && !last) {
              layers.add(added[number++ % added.length]);
            }
          }
          return layers;
        });
  }

  private static UnaryOperator<Layer> dense(UnaryOperator<Dense> change) {
    return layer -> layer instanceof Dense dense ? change.apply(dense) : layer;
  }

  private static Tabular links(Tabular preset, Transform... links) {
    return preset.withTransforms(List.of(links));
  }

  private static Transform adam(double beta1, double beta2, double epsilon) {
    return new Transform.Adam(beta1, beta2, epsilon, EpsilonPlace.OUTSIDE_ROOT);
  }

  private static final Transform ADAM = adam(0.9, 0.95, 1e-8);

  @Test
  void thePresetIsThatOfTheLibrary() {
    // Few units with all epochs, all units with few epochs.
    assertEquals(
        digest(Learner.classifier("y").withPreset(Tabular.small().withHidden(8))),
        digest("--preset tabular --hidden 8"));
    assertEquals(
        digest(Learner.regressor("v").withIgnored("y").withPreset(Tabular.small().withEpochs(5))),
        digest("--preset tabular --task regress --label v --ignore y --epochs 5"));
  }

  /** The options that say what a training is: with one of them, the others are the plain ones. */
  private static final Set<String> DESCRIBING =
      Set.of(
          ("--hidden --activation --batch-norm --batch-norm-variance --layer-norm --dropout"
                  + " --input-dropout --dropout-form --initializer --l1 --l1-per-example"
                  + " --l1-proximal --l2 --l2-per-example --max-norm"
                  + " --loss --label-smoothing --class-weights --huber-delta --quantile"
                  + " --optimizer --learning-rate --momentum --momentum-form --beta1 --beta2"
                  + " --epsilon --weight-decay --clip-norm --clip-value --schedule --decay-rate"
                  + " --decay-epochs --final-rate --warm-up"
                  + " --batch-size --micro-batch --epochs --patience"
                  + " --plateau --average --find-learning-rate --initial-weights --snapshots")
              .split(" "));

  /** The options of {@code train} that a preset depends on, parsed and not run. */
  @Command
  private static final class Parsed {
    @Mixin private final TrainSettings settings = new TrainSettings(100, false);
    @Mixin private final ConformalOptions conformal = new ConformalOptions();
    @Mixin private final CombineOptions combine = new CombineOptions();
    @Mixin private final FileOptions files = new FileOptions();
    @Mixin private final DiagnosisOptions diagnosis = new DiagnosisOptions();

    static String preset(String... words) {
      Parsed parsed = new Parsed();
      CommandLine line = new CommandLine(parsed);
      line.parseArgs(words);
      return parsed.settings.presetName(line.getCommandSpec());
    }
  }

  /** Every option is judged, as the command itself counts them. */
  @Test
  void thePresetIsTabularUnlessAnOptionDescribesTheTraining() {
    assertEquals("tabular", Parsed.preset("rows.csv"));
    Set<String> plain = new TreeSet<>();
    CommandSpec spec = new CommandLine(new Parsed()).getCommandSpec();
    for (OptionSpec option : spec.options()) {
      String name = option.longestName();
      if (name.equals("--preset") || name.equals("--stream")) {
        continue; // below
      }
      String given = option.arity().max() == 0 ? name : name + "=1";
      assertEquals("tabular", Parsed.preset("--preset=tabular", given, "rows.csv"), given);
      if (Parsed.preset(given, "rows.csv").equals("plain")) {
        plain.add(name);
      }
    }
    assertEquals(new TreeSet<>(DESCRIBING), plain);
    assertEquals("plain", Parsed.preset("--preset=plain", "rows.csv"));
    assertEquals("plain", Parsed.preset("--stream=9", "rows.csv"));
    assertEquals("plain", Parsed.preset("train-images-idx3-ubyte"));
  }

  /** What it does and not only how it is called. */
  @Test
  void withoutOptionsThePresetIsTrained() {
    Learner tabular = Learner.classifier("y").withIgnored("t").withPreset(Tabular.small());
    Map<String, Json> result = trained("--ignore t");
    assertEquals(Json.of("tabular"), result.get("preset"));
    assertEquals(Json.of(digest(tabular)), result.get("parametersSha256"));
    assertEquals(Json.of(128), result.get("epochs"));
    Map<String, Json> asked = trained("--ignore t --hidden 4 --epochs 3");
    assertEquals(Json.of("plain"), asked.get("preset"));
    assertEquals(
        asked.get("parametersSha256"),
        trained("--ignore t --hidden 4 --epochs 3 --preset plain").get("parametersSha256"));
  }

  @Test
  void imagesAndStreamsHaveThePlainPreset() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    Commands.writeIdx(images, new byte[30 * 4], 30, 2, 2);
    byte[] labels = new byte[30];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 2);
    }
    Commands.writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 30);
    CommandLineRun run = CommandLineRun.of("train", images, "--json");
    assertEquals(0, run.exit(), run::toString);
    assertEquals(Json.of("plain"), Commands.json(run).get("preset"));
    assertEquals(Json.of("plain"), trained("--stream 60 --epochs 1").get("preset"));
  }

  /** A checkpoint of a version whose default was the plain preset. */
  @Test
  void resumingBesideAnotherPresetNamesThatOfTheCheckpoint() {
    Path checkpoint = folder.resolve("c");
    String plain = digest("--preset plain --ignore t --checkpoint " + checkpoint);
    Object[] words = {"train", data, "--label", "y", "--ignore", "t", "--resume", checkpoint};
    refused(1, "expected the options of that run: another --preset than tabular, --hidden", words);
    assertEquals(plain, digest("--preset plain --ignore t --resume " + checkpoint));
    trained("--ignore t --hidden 4 --preset tabular --epochs 2 --checkpoint " + checkpoint);
    Object[] longer = {
      "train",
      data,
      "--label",
      "y",
      "--ignore",
      "t",
      "--hidden",
      "4",
      "--epochs",
      "3",
      "--resume",
      checkpoint
    };
    refused(1, "another --preset than plain", longer);
  }

  /** The full one's network has a schedule, too. */
  @Test
  void resumingWithOtherEpochsNamesThemFirst() {
    for (String preset : List.of("tabular", "tabular-full")) {
      Path checkpoint = folder.resolve(preset);
      String brief = "--hidden 4 --preset %s ".formatted(preset);
      trained(brief + "--epochs 2 --checkpoint " + checkpoint);
      String longer = brief + "--label y --epochs 3 --resume " + checkpoint;
      List<Object> words = new ArrayList<>(List.of("train", data));
      words.addAll(List.of(longer.split(" ")));
      refused(1, "of that run: --epochs, which the cycles of a preset and", words.toArray());
    }
  }

  /** Between two presets it is the preset; between two networks of one it is not. */
  @Test
  void resumingWithAnotherNetworkNamesAPresetOnlyIfThatMakesIt() {
    Path checkpoint = folder.resolve("c");
    trained("--hidden 4 --preset tabular --epochs 2 --checkpoint " + checkpoint);
    List<Object> words = new ArrayList<>(List.of("train", data, "--label", "y", "--epochs", "2"));
    words.addAll(List.of("--resume", checkpoint, "--hidden", "4", "--preset", "tabular-full"));
    refused(1, "of that run: another --preset than tabular-full, --hidden", words.toArray());
    words.set(words.indexOf("4"), "5");
    words.set(words.size() - 1, "tabular");
    refused(1, "of that run: --hidden", words.toArray());
  }

  @Test
  void anOptionThatIsGivenChangesOneThingOfThePreset() {
    Encoder.Options encoding = Tabular.small().encoding();
    Map<String, Learner> rows =
        Map.ofEntries(
            Map.entry("--hidden 6,5", learner(t -> t.withHidden(6, 5))),
            Map.entry("--hidden none", learner(Tabular::withHidden)),
            Map.entry(
                "--activation relu", learner(t -> t.withActivation(Activation.Function.RELU))),
            Map.entry("--dropout 0.2", learner(t -> t.withDropout(0.2))),
            Map.entry(
                "--dropout 0.1,0.2,0.3",
                behind(Activation.class, Dropout.of(0.1), Dropout.of(0.2), Dropout.of(0.3))),
            Map.entry(
                "--dropout 0.2 --dropout-form classic",
                behind(Activation.class, Dropout.of(0.2).withForm(Dropout.Form.CLASSIC))),
            Map.entry(
                "--input-dropout 0.2",
                network(
                    usual -> {
                      usual.addFirst(Dropout.of(0.2));
                      return usual;
                    })),
            Map.entry("--batch-norm", behind(Dense.class, new BatchNorm())),
            Map.entry("--layer-norm", behind(Dense.class, new LayerNorm())),
            Map.entry(
                "--initializer he",
                layers(dense(d -> d.withInitializer(new Dense(1).initializer())))),
            Map.entry("--l2 0.1", layers(dense(d -> d.withPenalty(Penalty.l2(0.1))))),
            Map.entry("--l1 0.1", layers(dense(d -> d.withPenalty(Penalty.l1(0.1))))),
            Map.entry("--max-norm 0.5", layers(dense(d -> d.withMaxNorm(0.5)))),
            Map.entry("--label-smoothing 0.1", learner(t -> t.withSmoothing(0.1f))),
            Map.entry("--class-weights balanced", learner(t -> t).withBalancedClasses()),
            Map.entry("--learning-rate 0.001", learner(t -> t.withRate(0.001))),
            Map.entry("--weight-decay 0.1", learner(t -> t.withDecay(0.1))),
            Map.entry("--optimizer sgd", learner(t -> links(t))),
            Map.entry("--optimizer adamw", learner(t -> t.withDecay(0.01))),
            Map.entry(
                "--optimizer lion --beta2 0.98",
                learner(t -> links(t, new Transform.Lion(0.9, 0.98)))),
            Map.entry("--beta1 0.8", learner(t -> links(t, adam(0.8, 0.95, 1e-8)))),
            Map.entry("--beta2 0.999", learner(t -> links(t, adam(0.9, 0.999, 1e-8)))),
            Map.entry("--epsilon 0.01", learner(t -> links(t, adam(0.9, 0.95, 0.01)))),
            Map.entry(
                "--clip-norm 0.05",
                learner(t -> links(t, new Transform.ClipByGlobalNorm(0.05), ADAM))),
            Map.entry(
                "--clip-value 0.01", learner(t -> links(t, new Transform.ClipByValue(0.01), ADAM))),
            Map.entry(
                "--schedule constant --warm-up 2",
                recipe(
                    r ->
                        r.withOptimizer(
                            r.optimizer()
                                .withSchedule(
                                    new Schedule.WarmUp(
                                        1.0 / 3, 2, new Schedule.Constant(0.04)))))),
            Map.entry("--batch-size full", learner(t -> t.withBatchSize(0))),
            Map.entry("--epochs 7", learner(t -> t.withEpochs(7))),
            Map.entry(
                "--average ema=0.9", recipe(r -> r.withAveraging(new Averaging.Exponential(0.9)))),
            Map.entry(
                "--no-standardize",
                learner(
                    t -> t.withEncoding(encoding.withStandardize(false).withScaledTargets(false)))),
            Map.entry(
                "--max-categories 2", learner(t -> t.withEncoding(encoding.withMaxCategories(2)))),
            Map.entry("--seed 5", learner(t -> t).withSeed(5)));
    String plain = digest("--preset tabular " + BASE);
    assertEquals(digest(learner(t -> t)), plain);
    List<String> wrong = new ArrayList<>();
    rows.forEach(
        (options, byHand) -> {
          String name = options.split(" ")[0];
          String all =
              Arrays.stream(BASE.split("(?= --)"))
                  .map(String::strip)
                  .filter(base -> !base.startsWith(name))
                  .reduce("--preset tabular " + options, (so, far) -> so + " " + far);
          String actual = digest(all);
          if (!actual.equals(digest(byHand))) {
            wrong.add(all + ": not what was set up by hand");
          }
          if (actual.equals(plain)) {
            wrong.add(all + ": changes nothing");
          }
        });
    assertEquals(List.of(), wrong);
  }

  @Test
  void theOtherPresetsAreThoseOfTheLibraryToo() {
    Map<String, UnaryOperator<Tabular>> rows =
        Map.of(
            "", t -> t,
            "--dropout 0.2", t -> t.withDropout(0.2),
            "--activation relu", t -> t.withActivation(Activation.Function.RELU),
            "--learning-rate 0.01", t -> t.withRate(0.01),
            "--weight-decay 0.3", t -> t.withDecay(0.3),
            "--batch-size 16", t -> t.withBatchSize(16));
    Map<String, Tabular> presets =
        Map.of("tabular-full", Tabular.full(), "tabular-ensemble", Tabular.ensemble(8));
    presets.forEach(
        (name, preset) ->
            rows.forEach(
                (option, change) -> {
                  Tabular brief = change.apply(preset.withHidden(8, 6).withEpochs(3));
                  String all = "--preset %s --hidden 8,6 --epochs 3 %s".formatted(name, option);
                  assertEquals(digest(Learner.classifier("y").withPreset(brief)), digest(all), all);
                }));
  }

  /** Twelve texts, two numbers, a class. */
  private void writeManyValues() throws IOException {
    StringBuilder text = new StringBuilder("t,x,z,y\n");
    for (int row = 0; row < 90; row++) {
      int x = row * 7 % 31;
      text.append("t%d,%d,%d,%s%n".formatted(row % 12, x, row * 11 % 23, x > 15 ? "a" : "b"));
    }
    Files.writeString(data, text);
  }

  private List<String> done(Object... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(0, run.exit(), run::toString);
    return run.out();
  }

  /** Whatever reads a model or judges one takes embedded columns and members for what they are. */
  @Test
  void everyCommandTakesAModelOfEachPreset() throws IOException {
    writeManyValues();
    for (String name : List.of("tabular", "tabular-full", "tabular-ensemble")) {
      Path model = folder.resolve(name + ".safetensors");
      Path page = folder.resolve(name + ".html");
      trained(
          "--preset %s --hidden 8 --epochs 3 --leak-check --report-columns x,z --audit 5"
                  .formatted(name)
              + " --calibrate --report %s --model %s".formatted(page, model));
      String report = Files.readString(page);
      for (String part : List.of("regions", "importance", "Embedding")) {
        assertTrue(report.contains(part), () -> name + ": " + part);
      }
      done("evaluate", model, data, "--report", folder.resolve(name + "-evaluated.html"));
      assertEquals(1 + 90, done("predict", model, data).size());
      assertTrue(
          done("inspect", model).stream().anyMatch(line -> line.contains("1 category of")), name);
      done("evaluate", model, data, "--half");
    }
  }

  /** {@code --max-categories} asks for an input for each of so many values. */
  @Test
  void manyValuesAreEmbeddedUnlessTheirInputsAreCounted() throws IOException {
    writeManyValues();
    String brief = " --hidden 8 --epochs 2";
    for (String name : List.of("tabular", "tabular-full")) {
      Path model = folder.resolve(name + ".safetensors");
      trained("--preset " + name + brief + " --model " + model);
      List<String> told = CommandLineRun.of("inspect", model).out();
      assertTrue(told.stream().anyMatch(line -> line.contains("Embedding")), told::toString);
      trained("--preset " + name + brief + " --max-categories 3 --model " + model);
      told = CommandLineRun.of("inspect", model).out();
      assertTrue(
          told.stream()
              .noneMatch(line -> line.contains("Embedding, ") && line.contains(" values to ")),
          told::toString);
    }
  }

  /** A number that stands for a value is nothing to drop: what it is embedded as is. */
  @Test
  void inputDropoutStandsDirectlyBehindTheEmbedding() throws IOException {
    writeManyValues();
    for (String name : List.of("tabular", "tabular-full", "tabular-ensemble")) {
      Path file = folder.resolve(name + ".safetensors");
      trained(
          "--preset %s --hidden 8 --epochs 2 --input-dropout 0.1 --model %s".formatted(name, file));
      List<Layer> layers = Model.load(file).network().layers();
      assertTrue(layers.getFirst() instanceof Embedding, name);
      assertEquals(Dropout.of(0.1), layers.get(1), name);
      assertTrue(layers.get(2) instanceof Scaling, name);
    }
  }

  @Test
  void whatThePresetHasAlreadyChangesNothing() {
    String plain = digest("--preset tabular " + BASE);
    for (String option :
        List.of(
            "--optimizer adam",
            "--activation selu",
            "--dropout 0.15",
            "--beta2 0.95",
            "--learning-rate 0.04",
            "--weight-decay 0.02",
            "--label-smoothing 0",
            "--loss cross-entropy",
            "--micro-batch 64")) {
      assertEquals(plain, digest("--preset tabular " + BASE + " " + option), option);
    }
  }

  @Test
  void patienceStopsAndOfZeroTakesTheLastEpoch() {
    String wild =
        "--preset tabular " + BASE.replace("epochs 6", "epochs 40") + " --learning-rate 1";
    Learner learner = learner(t -> t.withEpochs(40).withRate(1));
    Learner last = learner.withRecipe(r -> r.withEarlyStopping(EarlyStopping.never()));
    assertNotEquals(digest(learner), digest(last));
    Learner stopped =
        learner.withRecipe(
            r -> r.withEarlyStopping(EarlyStopping.patience(2).withLatestOfEqual().onMetric()));
    assertNotEquals(digest(learner), digest(stopped));
    assertEquals(digest(learner), digest(wild));
    assertEquals(digest(stopped), digest(wild + " --patience 2"));
    assertEquals(digest(last), digest(wild + " --patience 0"));
  }

  private static final String SURE =
      "--preset tabular --hidden 32,32 --epochs 40 --batch-size 20 --dropout 0 --weight-decay 0";

  private static Tabular sure(Tabular preset) {
    return preset.withHidden(32, 32).withEpochs(40).withBatchSize(20).withDropout(0).withDecay(0);
  }

  /** A label in ten is wrong, which a network that learns all rows is sure of too soon. */
  private void writeNoisy() throws IOException {
    Random random = new Random(600);
    StringBuilder text = new StringBuilder("a,b,c,d,e,y\n");
    for (int row = 0; row < 600; row++) {
      double[] x = new double[5];
      Arrays.setAll(x, column -> random.nextGaussian());
      boolean up = x[0] * x[1] > 0 != random.nextDouble() < 0.1;
      Arrays.stream(x).forEach(cell -> text.append(cell).append(','));
      text.append(up ? "a" : "b").append('\n');
    }
    Files.writeString(data, text);
    table = Table.csv(data);
  }

  @Test
  void patienceWatchesWhatChoosesTheEpochOfClasses() throws IOException {
    writeNoisy();
    EarlyStopping rule = EarlyStopping.patience(6).withLatestOfEqual();
    Learner learner = learner(PresetCommandTest::sure);
    Learner stopped = learner.withRecipe(r -> r.withEarlyStopping(rule.onMetric()));
    assertNotEquals(digest(stopped), digest(learner.withRecipe(r -> r.withEarlyStopping(rule))));
    assertEquals(digest(stopped), digest(SURE + " --patience 6"));
  }

  /** It is the library's, and the file has it. */
  @Test
  void theTemperatureOfAPresetIsToldAndSaved() throws IOException {
    writeNoisy();
    Path file = folder.resolve("model.safetensors");
    Map<String, Json> told = trained(SURE + " --model " + file);
    float temperature = Model.load(file).temperature().value();
    assertNotEquals(1, temperature, "no temperature is worth it on these rows");
    assertEquals(temperature, (float) ((Json.Num) told.get("temperature")).asDouble());
    Learner learner = learner(PresetCommandTest::sure);
    assertEquals(temperature, learner.learn(table).model().temperature().value());
    assertFalse(trained("--preset plain --epochs 3").containsKey("temperature"));
  }

  @Test
  void anotherLossOfValuesIsTakenWithThePreset() {
    Learner learner =
        Learner.regressor("v")
            .withIgnored("y")
            .withPreset(Tabular.small().withEpochs(4).withMostExamples(Long.MAX_VALUE))
            .withLoss(new Loss.Huber(0.5f));
    assertEquals(
        digest(learner),
        digest(
            "--preset tabular --task regress --label v --ignore y --epochs 4 --loss huber"
                + " --huber-delta 0.5"));
  }

  @Test
  void refitsAreThoseOfThePreset() {
    Map<String, Json> result = trained("--preset tabular --refit 2 " + BASE);
    assertEquals(2, ((Json.Arr) result.get("members")).items().size());
    assertEquals("\"tabular\"", result.get("preset").toString());
  }

  @Test
  void theResultsNameThePreset() {
    assertEquals("\"tabular\"", trained("--preset tabular " + BASE).get("preset").toString());
    assertEquals("\"plain\"", trained("--preset plain " + BASE).get("preset").toString());
    assertEquals("\"plain\"", trained(BASE).get("preset").toString());
    assertFalse(trained("--preset tabular " + BASE).containsKey("epochLimit"));
  }

  /** 40 000 rows are trained on 125 times. */
  @Test
  void theResultsSayHowManyEpochsManyRowsHave() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int row = 0; row < 40_000; row++) {
      text.append(row % 97).append(row % 97 < 50 ? ",low\n" : ",high\n");
    }
    Files.writeString(data, text);
    String options = "--preset tabular --hidden none --batch-size 5000 --split 100/0/0";
    Map<String, Json> result = trained(options);
    assertEquals("125", result.get("epochs").toString());
    assertEquals(
        "125 of 128 epochs (rows × epochs ≤ 5·10⁶)", ((Json.Str) result.get("epochLimit")).value());
    StringWriter printed = new StringWriter();
    new TrainReport(
            learner(preset -> preset).learn(this.table).evaluations(),
            result,
            new Found(Findings.NONE, Optional.empty()))
        .printText(new PrintWriter(printed));
    assertTrue(
        printed
            .toString()
            .contains("\npreset            tabular, 125 of 128 epochs (rows × epochs ≤ 5·10⁶)\n"),
        printed::toString);
    assertFalse(printed.toString().contains("epochLimit"), printed::toString);
    Map<String, Json> asked = trained(options + " --epochs 127");
    assertEquals("127", asked.get("epochs").toString());
    assertFalse(asked.containsKey("epochLimit"));
  }

  private void refused(int exit, String message, Object... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(exit, run.exit(), run::toString);
    assertTrue(run.err().getFirst().contains(message), run::toString);
  }

  /** Without opening the file, which is not there. */
  @Test
  void whatHasNoMeaningWithThePresetIsRefused() {
    for (String[] row :
        new String[][] {
          {"--preset best", "--preset: best; expected one of plain, tabular"},
          {"--preset tabular --stream 10", "--preset tabular: has no meaning with --stream"},
          {"--preset tabular --warm-up 3", "--warm-up: has no meaning for the rate of a --preset"},
          {"--preset tabular --decay-rate 2", "--decay-rate: has no meaning"},
          {"--preset tabular --final-rate 0", "--final-rate: has no meaning"},
          {"--preset tabular --decay-epochs 9", "--decay-epochs: has no meaning"},
          {
            "--preset tabular --snapshots", "--snapshots: has no meaning for the rate of a --preset"
          },
          {"--preset tabular --dropout 0.1,0.2", "expected one probability or 3"},
          {"--preset tabular --l2 1,2,3", "expected one number or 4"},
          {"--preset tabular --momentum 0.5", "--momentum: has no meaning for --optimizer adam"},
          {"--preset tabular --average epochs=129", "begins after --epochs 128"},
        }) {
      List<Object> words = new ArrayList<>(List.of("train", folder.resolve("no.csv")));
      words.addAll(List.of("--label", "y"));
      words.addAll(List.of(row[0].split(" ")));
      refused(2, row[1], words.toArray());
    }
    Object images = folder.resolve("train-images-idx3-ubyte");
    refused(2, "--preset tabular: images have no columns", "train", images, "--preset", "tabular");
  }

  @Test
  void imagesOfAnotherNameAreRefusedWhenTheyAreRead() throws IOException {
    Path images = folder.resolve("pictures");
    Files.write(images, new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7});
    CommandLineRun run = CommandLineRun.of("train", images, "--label", "y", "--preset", "tabular");
    assertEquals(1, run.exit(), run::toString);
  }

  @Test
  void theModelTellsOfPresetBatchesAndEpochs() {
    Path model = folder.resolve("model.safetensors");
    trained("--preset tabular --hidden 4 --epochs 9 --model " + model);
    String told = String.join("\n", CommandLineRun.of("inspect", model).out());
    for (String part : List.of("--preset tabular", "batchSize", "by rows", "9 epochs")) {
      assertTrue(told.contains(part), told);
    }
  }

  /** Also where it is the default, and once where it is given. */
  @Test
  void theModelsOptionsBeginWithThePreset() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Map<String, String> rows =
        Map.of(
            "--ignore t,s,v", "--preset tabular --ignore t,s,v --label y",
            "--epochs 2", "--preset plain --epochs 2 --label y",
            "--epochs 2 --preset plain", "--preset plain --epochs 2 --label y",
            "--epochs 2 --preset tabular-full", "--preset tabular-full --epochs 2 --label y");
    for (Map.Entry<String, String> row : rows.entrySet()) {
      trained(row.getKey() + " --label y --model " + model);
      String told = Model.load(model).provenance().entries().get("options");
      assertEquals(row.getValue(), told.replace("--json true ", ""));
      assertTrue(CommandLineRun.of("inspect", model).toString().contains(told), told);
    }
  }

  /** The options that a search prints train the model that it found. */
  @Test
  void aSearchTriesValuesOnThePreset() {
    CommandLineRun run =
        CommandLineRun.of(
            "search",
            data,
            "--label",
            "y",
            "--preset",
            "tabular",
            "--hidden",
            "8",
            "--epochs",
            "5",
            "--trials",
            "3",
            "--method",
            "random",
            "--space",
            "learning-rate=log:0.001..0.1",
            "--json");
    assertEquals(0, run.exit(), run::toString);
    Map<String, Json> found = ((Json.Obj) Json.parse(run.out().getLast())).members();
    String options = ((Json.Str) found.get("options")).value();
    assertTrue(options.contains("--preset=tabular"), options);
    assertEquals(
        ((Json.Str) found.get("parametersSha256")).value(), digest(options.replace("=", " ")));
  }
}
