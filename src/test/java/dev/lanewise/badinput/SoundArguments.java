package dev.lanewise.badinput;

import dev.lanewise.MemoryRows;
import dev.lanewise.check.GradientCheck;
import dev.lanewise.check.ObjectiveCheck;
import dev.lanewise.data.Batch;
import dev.lanewise.data.ClassWeights;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.RowReport;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Split;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Tables;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.learn.Bagging;
import dev.lanewise.learn.Combined;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Refit;
import dev.lanewise.learn.Run;
import dev.lanewise.learn.Snapshots;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.ConfusionMatrix;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Decision;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.MonteCarloDropout;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.onnx.OnnxModel;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.MeanLoss;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.Scorer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.search.GreedyEnsemble;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Trial;
import dev.lanewise.search.Values;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Lbfgs;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import dev.lanewise.update.Updater;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Something sound of every type that a public method takes, or is a method of. */
final class SoundArguments {

  private static final Map<Class<?>, Supplier<?>> BY_TYPE = new HashMap<>();

  private static final Set<String> OFFSETS = Set.of("xo", "yo", "featuresOffset", "scoresOffset");

  /** What the arrays are called that have the network's layout. */
  private static final Set<String> PARAMETERS =
      Set.of("theta", "dTheta", "parameters", "gradient", "claimed");

  private static <T> void add(Class<T> type, Supplier<? extends T> value) {
    BY_TYPE.put(type, value);
  }

  static {
    add(int.class, () -> 2);
    add(long.class, () -> 2L);
    add(float.class, () -> 0.5f);
    add(double.class, () -> 0.5);
    add(boolean.class, () -> true);
    add(String.class, () -> "a");
    add(float[].class, () -> new float[] {0, 1, 0, 1});
    add(double[].class, () -> new double[] {0, 1, 0, 1});
    add(int[].class, () -> new int[] {0, 1});
    add(long[].class, () -> new long[] {0, 1});
    add(byte[].class, () -> new byte[] {0, 1});
    add(double[][].class, () -> new double[][] {{0, 1}, {1, 0}});
    add(String[].class, () -> new String[] {"y"});
    add(List.class, List::of);
    add(Iterable.class, List::of);
    add(Class.class, () -> Column.Label.class);
    add(TableReader.class, TableReader::create);
    add(Map.class, Map::of);
    add(Set.class, Set::of);
    add(Optional.class, Optional::empty);
    add(OptionalDouble.class, OptionalDouble::empty);
    add(BitSet.class, BitSet::new);
    add(Path.class, () -> Path.of("target", "no such file"));
    add(InputStream.class, InputStream::nullInputStream);
    add(OutputStream.class, OutputStream::nullOutputStream);
    add(Executor.class, () -> Runnable::run);
    add(Runnable.class, () -> () -> {});
    add(IntFunction.class, () -> epoch -> new int[] {0, 1});
    add(Kernels.class, () -> engine().kernels());
    add(Parallel.class, Parallel::callerRuns);
    add(Engine.class, SoundArguments::engine);
    add(Team.class, () -> Parallel.callerRuns().team());
    add(Team.Task.class, () -> (index, worker) -> {});
    add(Slot.class, () -> new Slot("w", Slot.Role.WEIGHT, 0, 2, 2));
    add(Layout.class, () -> network().layout());
    add(Network.class, SoundArguments::network);
    add(Network.Builder.class, () -> Network.inputs(2));
    add(Dense.class, () -> new Dense(1));
    add(Network.Node.class, () -> network().nodes().getFirst());
    add(BatchNorm.class, BatchNorm::new);
    add(LayerNorm.class, LayerNorm::new);
    add(Scaling.class, Scaling::new);
    add(Layer.class, () -> new Dense(1));
    add(
        Embedding.class,
        () -> new Embedding(List.of(new Embedding.Category(List.of(0), List.of(2), 1))));
    add(Loss.class, Loss.SquaredError::new);
    add(Initializer.class, Initializer.Zeros::new);
    add(Initializer.Orthogonal.class, Initializer.Orthogonal::new);
    add(Penalty.class, () -> Penalty.NONE);
    add(Dropout.class, () -> new Dropout(0.5));
    add(Activation.class, () -> Activation.of(Activation.Function.RELU));
    add(Members.class, () -> Members.of(2));
    add(Blend.class, () -> Blend.of(Activation.Function.RELU));
    add(Column.class, () -> new Column.Numeric("x", 0, false));
    add(Column.Pixels.class, () -> new Column.Pixels(1, 1, 1));
    add(Dataset.class, SoundArguments::dataset);
    add(ExampleSet.class, SoundArguments::dataset);
    add(Batch.class, () -> Batch.of(dataset()));
    add(ClassWeights.class, () -> ClassWeights.of(1, 2));
    add(
        Idx.Images.class,
        () -> new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1}));
    add(Table.class, SoundArguments::table);
    add(
        Encoder.class,
        () -> Encoder.fit(table(), roles(), new int[] {0, 1}, Encoder.Options.standard()));
    add(Encoder.Options.class, Encoder.Options::standard);
    add(Column.Range.class, () -> new Column.Range(0, 1));
    add(RowEncoder.class, () -> ((Encoder) of(Encoder.class)).forValues());
    add(RowReport.class, RowReport::new);
    add(Object.class, () -> new Object[] {1});
    add(MethodHandles.Lookup.class, MethodHandles::lookup);
    add(Roles.class, SoundArguments::roles);
    add(Split.Ratios.class, () -> new Split.Ratios(60, 20, 20));
    add(RowSource.class, () -> new MemoryRows(dataset()));
    add(Standardizer.class, () -> Standardizer.of(new double[2], new double[] {1, 1}));
    add(Target.class, () -> new Target.Classes(List.of("0", "1")));
    add(Target.Classes.class, () -> new Target.Classes(List.of("0", "1")));
    add(Target.Values.class, () -> Target.Values.unscaled(1));
    add(Temperature.class, () -> Temperature.NONE);
    add(Threshold.class, () -> new Threshold(0.25f));
    add(ConfusionMatrix.class, () -> ConfusionMatrix.of(new int[2], new int[2], 2));
    add(Evaluation.OfClasses.class, SoundArguments::evaluation);
    add(Evaluation.OfValues.class, () -> Evaluation.ofValues(new double[2], new double[2], 2, 1));
    add(Folds.class, () -> Folds.plain(4, 2, 0));
    add(Classification.class, () -> new Classification(2, 1, 0.5, OptionalDouble.empty()));
    add(PackedNetwork.class, () -> PackedNetwork.pack(network(), theta(), engine()));
    add(InferencePlan.class, () -> InferencePlan.over((PackedNetwork) of(PackedNetwork.class)));
    add(Scorer.class, () -> new Scorer(new Loss.SigmoidCrossEntropy(), Optional.empty()));
    add(MeanLoss.class, () -> MeanLoss.compile(network(), 2, engine()));
    add(TrainingPlan.class, SoundArguments::plan);
    add(
        ReferenceNetwork.Batch.class,
        () -> new ReferenceNetwork.Batch(new double[][] {{0, 1}}, new double[][] {{0}}));
    add(ReferenceNetwork.class, () -> new ReferenceNetwork(network()));
    add(Schedule.class, () -> new Schedule.Constant(0.1));
    add(Transform.class, Transform.Adam::new);
    add(Transform.WeightDecay.class, () -> new Transform.WeightDecay(0.1));
    add(Optimizer.class, () -> Optimizer.adam(0.1));
    add(Rates.class, () -> Rates.NONE);
    add(Rates.Rule.class, () -> new Rates.Rule("*", 2));
    add(Updater.class, () -> Updater.compile(Optimizer.adam(0.1), plan()));
    add(Updater.State.class, () -> ((Updater) of(Updater.class)).state());
    add(Lbfgs.class, () -> new Lbfgs(theta().length));
    add(Lbfgs.Objective.class, () -> (theta, gradient) -> 0);
    add(Model.class, SoundArguments::model);
    add(Ensemble.class, () -> Ensemble.of(List.of(model())));
    add(Predictor.class, () -> model().predictor());
    add(TrainedModel.class, SoundArguments::decidingModel);
    add(Record.class, () -> new Point(1));
    add(SharedPredictor.class, () -> decidingModel().shared());
    add(Decision.class, () -> decidingModel().decide(List.of(1)));
    add(OnnxModel.class, () -> OnnxModel.ofRows(model()));
    add(Provenance.class, () -> Provenance.UNKNOWN);
    add(SafetensorsFile.class, () -> SafetensorsFile.builder().build());
    add(SafetensorsFile.Builder.class, SafetensorsFile::builder);
    add(Tabular.class, Tabular::small);
    add(Recipe.class, SoundArguments::recipe);
    add(EarlyStopping.class, EarlyStopping::never);
    add(ReduceOnPlateau.class, () -> ReduceOnPlateau.of(1, 0.5));
    add(Averaging.class, () -> new Averaging.Epochs(1));
    add(TrainingData.class, () -> TrainingData.of(dataset()));
    add(Training.class, () -> Training.start(recipe(), TrainingData.of(dataset()), engine()));
    add(RateFinder.class, RateFinder::standard);
    add(DevMetric.class, DevMetric::rmse);
    add(DevMetric.Score.class, () -> (logits, dev, loss) -> 0);
    add(Consumer.class, () -> (Consumer<Object>) found -> {});
    add(ObjectiveCheck.class, () -> ObjectiveCheck.of(theta -> 0));
    add(ToDoubleFunction.class, () -> (ToDoubleFunction<double[]>) theta -> 0);
    add(DoubleUnaryOperator.class, () -> x -> x);
    add(Learner.class, () -> Learner.classifier("y"));
    add(Learner.Architecture.class, () -> (inputs, outputs, loss) -> network());
    add(boolean[].class, () -> new boolean[2]);
    add(
        MonteCarloDropout.class,
        () ->
            MonteCarloDropout.of(
                Model.of(
                    Network.inputs(2).dropout(0.5).dense(1).loss(new Loss.SigmoidCrossEntropy()),
                    new float[3],
                    engine()),
                2,
                0));
    add(Conformal.class, SoundArguments::conformal);
    add(Learner.Stream.class, () -> encoder -> new MemoryRows(dataset()));
    add(
        Run.class,
        () -> Learner.classifier("y").withSplit(new Split.Ratios(100, 0, 0)).begin(table()));
    add(Diagnosis.class, () -> Diagnosis.of(evaluation(), evaluation(), 0));
    add(Diagnosis.Estimate.class, () -> new Diagnosis.Estimate(1, 0, 2));
    add(
        Learned.class,
        () ->
            Learner.classifier("y")
                .withSplit(new Split.Ratios(100, 0, 0))
                .withRecipe(recipe -> recipe.withEpochs(1))
                .learn(table()));
    add(Bagging.class, () -> Bagging.of(Learner.classifier("y"), 2));
    add(Refit.class, () -> Refit.of(Learner.classifier("y"), 1));
    add(Snapshots.class, () -> Snapshots.of(Learner.classifier("y")));
    add(Combined.Listener.class, () -> (training, epoch) -> {});
    add(GreedyEnsemble.class, () -> GreedyEnsemble.of(List.of(model())));
    add(Search.class, SearchCases::search);
    add(Search.Setup.class, () -> (learner, values) -> learner);
    add(Search.Method.class, Search.Method::random);
    add(Search.Budget.class, Search.Budget::unlimited);
    add(Search.Result.class, () -> SearchCases.search().run(SearchCases.table()));
    add(Trial.class, () -> SearchCases.search().run(SearchCases.table()).best());
    add(Space.class, () -> Space.uniform("x", 0, 1));
    add(Values.class, () -> Values.of(Map.of("x", "1")));
    add(Duration.class, () -> Duration.ofSeconds(1));
    add(OptionalLong.class, OptionalLong::empty);
    add(Split.class, () -> new Split(new int[] {0}, new int[] {1}, new int[0]));
    add(Function.class, () -> Function.identity());
    add(UnaryOperator.class, UnaryOperator::identity);
    add(GradientCheck.class, () -> GradientCheck.of(network()));
  }

  /**
   * A row for the model that decides.
   *
   * @param x its only column
   */
  public record Point(double x) {}

  private SoundArguments() {}

  /** Something sound for a parameter: of its name where its type does not say enough. */
  static Object of(PublicApi.Member member, Parameter parameter) {
    boolean ofNetwork = PARAMETERS.contains(parameter.getName());
    if (ofNetwork && parameter.getType() == float[].class) {
      return theta();
    }
    if (ofNetwork && parameter.getType() == double[].class) {
      return new double[theta().length];
    }
    if (parameter.getType() == int.class && OFFSETS.contains(parameter.getName())) {
      return 0;
    }
    if (parameter.getName().equals("weights") && parameter.getType() == double[].class) {
      return new double[] {0, 1};
    }
    if (parameter.getName().equals("targetColumns")) {
      return 1;
    }
    if (member.toString().startsWith("Encoder.of(") && parameter.getType() == List.class) {
      return List.of(new Column.Numeric("x", 0, false));
    }
    return of(parameter.getType());
  }

  static Object of(Class<?> type) {
    Supplier<?> value = BY_TYPE.get(type);
    if (value != null) {
      return value.get();
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    throw new AssertionError("nothing sound of " + type);
  }

  private static Evaluation.OfClasses evaluation() {
    return Evaluation.ofLogits(new float[2], 1, new float[2], 2, Temperature.NONE, Threshold.HALF);
  }

  private static Conformal conformal() {
    return Conformal.calibrate(model(), dataset(), Conformal.Score.LAC, 0.5);
  }

  private static Engine engine() {
    return Engine.standard();
  }

  private static Network network() {
    return Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
  }

  private static float[] theta() {
    return new float[network().layout().size()];
  }

  private static TrainingPlan plan() {
    return TrainingPlan.compile(network(), 2, engine());
  }

  private static Dataset dataset() {
    return Dataset.of(new float[] {0, 1, 1, 0}, 2, new float[] {0, 1}, 1);
  }

  private static Roles roles() {
    return Roles.of("y", Roles.Task.CLASSIFY);
  }

  private static Table table() {
    return Tables.named("x,y", "1,0", "2,1");
  }

  private static TrainedModel decidingModel() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, new float[2], engine())
        .withEncoder(
            Encoder.of(
                true,
                List.of(new Column.Numeric("x", 0, false)),
                Optional.empty(),
                new Target.Classes(List.of("no", "yes"))));
  }

  private static Model model() {
    return Model.of(network(), theta(), engine());
  }

  private static Recipe recipe() {
    return Recipe.of(network(), Optimizer.adam(0.1)).withEpochs(1);
  }
}
