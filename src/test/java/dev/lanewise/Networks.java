package dev.lanewise;

import dev.lanewise.data.Dataset;
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
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/**
 * Random networks with parameters and a fitting batch, each a function of a seed: 0 to 4 hidden
 * blocks, 1 to 17 columns, every activation, loss, penalty and initialiser, dropout, batch norm,
 * layer norm, label smoothing, weights.
 */
public final class Networks {

  /** Whether a network has batch norm; layer norm is in some of the other blocks, or in none. */
  public enum Norm {
    /** In no block. */
    NEVER,
    /** In some blocks, or in none. */
    MAYBE,
    /** In at least one block. */
    ALWAYS
  }

  /**
   * A network with parameters and a batch that fit.
   *
   * @param seed what it was made from
   * @param network the description, penalties resolved
   * @param theta the parameters: weights as initialised, the rest random
   * @param rows the examples of the batch
   * @param features the inputs {@code [rows][inputs]}
   * @param targets the targets {@code [rows][targetColumns]}
   * @param targetColumns the columns of the targets
   * @param stepKey the key of the dropout masks
   * @param weights the rows' weights; null where all are 1
   */
  public record Sample(
      long seed,
      Network network,
      float[] theta,
      int rows,
      float[] features,
      float[] targets,
      int targetColumns,
      long stepKey,
      float[] weights) {

    public Sample(
        long seed,
        Network network,
        float[] theta,
        int rows,
        float[] features,
        float[] targets,
        int targetColumns,
        long stepKey) {
      this(seed, network, theta, rows, features, targets, targetColumns, stepKey, null);
    }

    public Dataset dataset() {
      Dataset data = Dataset.of(features, network.inputs(), targets, targetColumns);
      return weights == null ? data : data.withWeights(weights);
    }

    public ReferenceNetwork reference() {
      return new ReferenceNetwork(network);
    }

    public double[] referenceTheta() {
      return ReferenceNetwork.widen(theta);
    }

    public ReferenceNetwork.Batch referenceBatch() {
      ReferenceNetwork.Batch batch = ReferenceNetwork.Batch.of(rows, features, targets, stepKey);
      return weights == null ? batch : batch.withWeights(weights);
    }

    @Override
    public String toString() {
      return "sample(%d): %d rows, %d target columns, %n%s"
          .formatted(seed, rows, targetColumns, network);
    }
  }

  /** Supplies {@link #any()}. */
  public static final class Any implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      return any();
    }
  }

  /** Supplies networks without batch norm, of 1 to 13 rows. */
  public static final class WithoutBatchNorm implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      return any(Norm.NEVER, 1);
    }
  }

  /** Supplies networks with 8 rows or more: statistics of fewer may leave next to no gradient. */
  public static final class OfEightRows implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      return any(Norm.MAYBE, 8);
    }
  }

  /** Supplies networks of layers in any order, with 8 rows or more. */
  public static final class InAnyOrder implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      return Arbitraries.randomValue(random -> inAnyOrder(random.nextLong()));
    }
  }

  /** Supplies networks of layers in any order behind an embedding, with 8 rows or more. */
  public static final class Embedded implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      return Arbitraries.randomValue(
          random -> {
            long seed = random.nextLong();
            return embedded(own(seed, Layer.Kind.EMBEDDING.name()), withoutEmbedding(seed));
          });
    }
  }

  /**
   * The functions that a network's own numbers draw. Later ones take the place of some by numbers
   * of their own, so that a seed keeps the rest of its network.
   */
  private static final List<Activation.Function> FIRST_FUNCTIONS =
      List.of(
          Activation.Function.IDENTITY,
          Activation.Function.SIGMOID,
          Activation.Function.TANH,
          Activation.Function.RELU,
          Activation.Function.LEAKY_RELU,
          Activation.Function.ELU,
          Activation.Function.GELU,
          Activation.Function.TANH_GELU,
          Activation.Function.SILU,
          Activation.Function.SOFTPLUS);

  /**
   * The kinds that a network's own numbers draw. Later ones join by numbers of their own, in {@link
   * #inAnyOrder}, so that a seed keeps the rest of its network.
   */
  private static final Set<Layer.Kind> FIRST_KINDS =
      EnumSet.of(
          Layer.Kind.DENSE,
          Layer.Kind.BATCH_NORM,
          Layer.Kind.LAYER_NORM,
          Layer.Kind.ACTIVATION,
          Layer.Kind.DROPOUT);

  private static final long ANY_ORDER = 0x6f72646572L;

  private Networks() {}

  /** {@return networks of all kinds, with 1 to 13 rows (2 to 13 under batch norm)} */
  public static Arbitrary<Sample> any() {
    return any(Norm.MAYBE, 1);
  }

  /**
   * {@return networks with or without batch norm}
   *
   * @param norm whether there is batch norm
   * @param minimumRows the fewest rows of the batch; the most are 12 more
   */
  public static Arbitrary<Sample> any(Norm norm, int minimumRows) {
    return Arbitraries.randomValue(random -> sample(random.nextLong(), norm, minimumRows));
  }

  /** {@return the network of a seed, as in {@link #any()}} */
  public static Sample sample(long seed) {
    return sample(seed, Norm.MAYBE, 1);
  }

  /** {@return the network of a seed, as in {@link #any(Norm, int)}} */
  public static Sample sample(long seed, Norm norm, int minimumRows) {
    Random random = new Random(seed);
    Network network = network(random, new Random(~seed), norm);
    int fewest = Math.max(minimumRows, network.normalizesBatches() ? 2 : 1);
    int rows = fewest + random.nextInt(minimumRows + 13 - fewest);
    boolean sparse = network.loss().takesClassNumbers(1) && random.nextBoolean();
    int targetColumns = sparse ? 1 : network.outputs();
    float[] theta = parameters(random, seed, network);
    return new Sample(
        seed,
        network,
        theta,
        rows,
        normals(random, rows * network.inputs()),
        targets(random, network, rows, targetColumns),
        targetColumns,
        random.nextLong(),
        random.nextInt(4) == 0 ? weights(random, rows) : null);
  }

  /** {@return numbers of a seed that are for one thing alone} */
  private static Random own(long seed, String name) {
    return new Random(seed ^ 0x9e3779b97f4a7c15L * name.hashCode());
  }

  /** {@return a layer of a kind, without kinks; an embedding is one of five inputs} */
  public static Layer layer(Layer.Kind kind) {
    return switch (kind) {
      case DENSE -> new Dense(6);
      case BATCH_NORM -> new BatchNorm(0.1, 0.9, BatchNorm.Variance.UNBIASED);
      case LAYER_NORM -> new LayerNorm(0.1);
      case ACTIVATION -> Activation.of(Activation.Function.SILU);
      case BLEND -> Blend.of(Activation.Function.SILU);
      case DROPOUT -> Dropout.of(0.3);
      case SCALING -> new Scaling();
      case MEMBERS -> Members.of(3);
      case EMBEDDING ->
          new Embedding(
              List.of(
                  new Embedding.Category(List.of(1), List.of(3), 2),
                  Embedding.Periodic.of(List.of(4, 0)),
                  new Embedding.PiecewiseLinear(
                      List.of(3), List.of(List.of(-1f, -0.25f, 0.5f, 2f)), 3),
                  new Embedding.Pass(List.of(2))));
    };
  }

  /**
   * {@return a network of a seed's layers in another order, with more norms and activations and
   * with the other kinds of layers, some behind an embedding}
   */
  public static Sample inAnyOrder(long seed) {
    Sample sample = withoutEmbedding(seed);
    Random random = own(seed, Layer.Kind.EMBEDDING.name());
    return random.nextInt(3) == 0 ? embedded(random, sample) : sample;
  }

  /** {@return the sample with inputs of all kinds of columns, and what embeds them} */
  private static Sample embedded(Random random, Sample sample) {
    List<Integer> order = new ArrayList<>();
    for (int c = 2 + random.nextInt(7); c > 0; c--) {
      order.add(order.size());
    }
    Collections.shuffle(order, random);
    List<Embedding.Part> parts = bent(own(sample.seed(), "PIECEWISE_LINEAR"), parts(random, order));
    float[] features = normals(random, sample.rows() * order.size());
    for (Embedding.Part part : parts) {
      if (part instanceof Embedding.Category category) {
        for (int i = 0; i < sample.rows() * category.columns().size(); i++) {
          int c = i % category.columns().size();
          int row = i / category.columns().size();
          features[row * order.size() + category.columns().get(c)] =
              random.nextInt(category.values().get(c) + 1) - 1;
        }
      }
    }
    List<Layer> layers = new ArrayList<>(sample.network().layers());
    layers.addFirst(new Embedding(parts));
    Network network = new Network(order.size(), layers, sample.network().loss());
    return new Sample(
        sample.seed(),
        network,
        parameters(random, sample.seed(), network),
        sample.rows(),
        features,
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey(),
        sample.weights());
  }

  /** Of each kind some of the columns, or none, in any order. */
  private static List<Embedding.Part> parts(Random random, List<Integer> order) {
    int first = random.nextInt(order.size() + 1);
    int second = first + random.nextInt(order.size() + 1 - first);
    List<Embedding.Part> parts = new ArrayList<>();
    if (first > 0) {
      parts.add(new Embedding.Pass(order.subList(0, first)));
    }
    if (first < second) {
      List<Integer> columns = order.subList(first, second);
      parts.add(new Embedding.Periodic(columns, 1 + random.nextInt(9), 2 + random.nextInt(4), 0.3));
    }
    if (second < order.size()) {
      List<Integer> columns = order.subList(second, order.size());
      List<Integer> values = columns.stream().map(c -> 1 + random.nextInt(6)).toList();
      parts.add(new Embedding.Category(columns, values, 1 + random.nextInt(5)));
    }
    Collections.shuffle(parts, random);
    return parts;
  }

  /** With some of the columns that pass in a part of numbers that bend. */
  private static List<Embedding.Part> bent(Random random, List<Embedding.Part> parts) {
    List<Embedding.Part> bent = new ArrayList<>();
    for (Embedding.Part part : parts) {
      List<Integer> columns = part.columns();
      int passing = random.nextInt(columns.size() + 1);
      if (!(part instanceof Embedding.Pass) || passing == columns.size()) {
        bent.add(part);
        continue;
      }
      if (passing > 0) {
        bent.add(new Embedding.Pass(columns.subList(0, passing)));
      }
      List<Integer> bending = columns.subList(passing, columns.size());
      List<List<Float>> edges = bending.stream().map(column -> edges(random)).toList();
      bent.add(new Embedding.PiecewiseLinear(bending, edges, 1 + random.nextInt(20)));
    }
    return bent;
  }

  /** {@return two edges or more, ascending, with few digits} */
  private static List<Float> edges(Random random) {
    SortedSet<Float> edges = new TreeSet<>(List.of(-2.5f, 2.5f));
    for (int more = random.nextInt(20); more > 0; more--) {
      edges.add(Math.round(16 * random.nextGaussian()) / 16f);
    }
    return List.copyOf(edges);
  }

  private static Sample withoutEmbedding(long seed) {
    Sample ordered = sample(seed, Norm.MAYBE, 8);
    Network network = ordered.network();
    Random random = new Random(seed ^ ANY_ORDER);
    Random blends = own(seed, Layer.Kind.BLEND.name());
    Random scalings = own(seed, Layer.Kind.SCALING.name());
    List<Layer> layers = new ArrayList<>();
    List<Layer> between = new ArrayList<>();
    int columns = network.inputs();
    for (Layer layer : network.layers()) {
      if (layer instanceof Dense dense) {
        more(random, between, columns);
        Collections.shuffle(between, random);
        if (blends.nextInt(4) == 0) {
          between.add(blends.nextInt(between.size() + 1), blend(blends));
        }
        if (scalings.nextInt(3) == 0) {
          between.add(scalings.nextInt(between.size() + 1), new Scaling());
        }
        layers.addAll(between);
        between.clear();
        layers.add(dense);
        columns = dense.units();
      } else {
        between.add(layer);
      }
    }
    Random members = own(seed, Layer.Kind.MEMBERS.name());
    if (members.nextInt(4) == 0) {
      layers.add(members.nextInt(layers.size()), Members.of(1 + members.nextInt(4)));
    }
    Network other = new Network(network.inputs(), layers, network.loss());
    return new Sample(
        seed,
        other,
        parameters(random, seed, other),
        ordered.rows(),
        ordered.features(),
        ordered.targets(),
        ordered.targetColumns(),
        ordered.stepKey(),
        ordered.weights());
  }

  /** Adds a norm and an activation, or one of them, or neither. */
  private static void more(Random random, List<Layer> between, int columns) {
    boolean hasNorm = between.stream().anyMatch(Layer.Norm.class::isInstance);
    if (!hasNorm && random.nextInt(3) == 0) {
      boolean overRows = columns > 1 && random.nextBoolean();
      between.add(
          overRows ? new LayerNorm(0.1) : new BatchNorm(0.1, 0.9, BatchNorm.Variance.UNBIASED));
    }
    if (random.nextInt(3) == 0) {
      between.add(Activation.of(pick(random, List.of(Activation.Function.values()))));
    }
  }

  private static Blend blend(Random random) {
    List<Activation.Function> functions = new ArrayList<>(List.of(Activation.Function.values()));
    functions.remove(Activation.Function.IDENTITY);
    return Blend.of(pick(random, functions));
  }

  /** Some of them 0, not all. */
  private static float[] weights(Random random, int rows) {
    float[] weights = new float[rows];
    for (int r = 0; r < rows; r++) {
      weights[r] = random.nextInt(5) == 0 ? 0 : 0.25f + 2 * random.nextFloat();
    }
    weights[random.nextInt(rows)] = 1;
    return weights;
  }

  private static Network network(Random random, Random later, Norm norm) {
    int hidden = norm == Norm.ALWAYS ? 1 + random.nextInt(4) : random.nextInt(5);
    int always = hidden > 0 ? random.nextInt(hidden) : 0;
    Network.Builder builder = Network.inputs(1 + random.nextInt(17));
    if (random.nextInt(4) == 0) {
      builder.add(dropout(random));
    }
    for (int i = 0; i < hidden; i++) {
      Dense dense = dense(random, 1 + random.nextInt(17));
      builder.add(dense);
      boolean certain = norm == Norm.ALWAYS && i == always;
      if (certain || norm != Norm.NEVER && random.nextInt(3) == 0) {
        builder.add(
            random.nextBoolean()
                ? new BatchNorm()
                : new BatchNorm(1e-3, 0.8, BatchNorm.Variance.BIASED));
      } else if (dense.units() > 1 && random.nextInt(4) == 0) {
        // Of few units little but rounding may be left, which a large ε keeps small.
        builder.add(dense.units() < 8 ? new LayerNorm(0.1) : new LayerNorm());
      }
      if (random.nextInt(8) > 0) {
        builder.add(activation(random, later));
      }
      if (random.nextInt(3) == 0) {
        builder.add(dropout(random));
      }
    }
    Loss loss = loss(random);
    int fewest = loss.link() == Loss.Link.SOFTMAX ? 2 : 1;
    return builder.add(dense(random, fewest + random.nextInt(18 - fewest))).loss(loss);
  }

  private static Dense dense(Random random, int units) {
    Initializer.Distribution distribution =
        pick(random, List.of(Initializer.Distribution.values()));
    Initializer initializer =
        pick(
            random,
            List.of(
                new Initializer.LeCun(distribution),
                new Initializer.Glorot(distribution),
                new Initializer.He(distribution),
                new Initializer.Orthogonal(0.5 + random.nextDouble()),
                new Initializer.Fixed(0.3, distribution)));
    Penalty penalty =
        pick(
            random,
            List.of(
                Penalty.NONE,
                Penalty.NONE,
                Penalty.l2(0.01 + random.nextDouble()),
                Penalty.l1(0.01 + 0.1 * random.nextDouble()),
                Penalty.l1(0.01).and(Penalty.l2(0.1)),
                Penalty.l1(0.05).withL1Form(Penalty.L1Form.SOFT_THRESHOLD).and(Penalty.l2(0.1))));
    Dense dense = new Dense(units).withInitializer(initializer).withPenalty(penalty);
    return random.nextInt(8) == 0 ? dense.withMaxNorm(0.5 + random.nextDouble()) : dense;
  }

  private static Activation activation(Random random, Random later) {
    Activation.Function function = pick(random, FIRST_FUNCTIONS);
    Activation first =
        switch (function) {
          case LEAKY_RELU -> new Activation(function, pick(random, List.of(0.01f, 0f, 0.2f)));
          case ELU -> new Activation(function, pick(random, List.of(1f, 0f, 0.7f)));
          default -> Activation.of(function);
        };
    Activation.Function drawn = pick(later, List.of(Activation.Function.values()));
    return FIRST_FUNCTIONS.contains(drawn) ? first : Activation.of(drawn);
  }

  private static Dropout dropout(Random random) {
    Dropout dropout = Dropout.keeping(pick(random, List.of(1.0, 0.86, 0.8, 0.5)));
    return random.nextInt(4) == 0 ? dropout.withForm(Dropout.Form.CLASSIC) : dropout;
  }

  private static Loss loss(Random random) {
    return pick(
        random,
        List.of(
            new Loss.SoftmaxCrossEntropy(random.nextBoolean() ? 0 : 0.5f * random.nextFloat()),
            new Loss.SigmoidCrossEntropy(random.nextBoolean() ? 0 : 0.5f * random.nextFloat()),
            new Loss.SquaredError(),
            new Loss.Poisson(),
            new Loss.Quantile(0.05f + 0.9f * random.nextFloat()),
            new Loss.Huber(0.5f + random.nextFloat())));
  }

  private static float[] parameters(Random random, long seed, Network network) {
    Layout layout = network.layout();
    float[] theta = network.initialParameters(random.nextLong());
    Set<String> others = new HashSet<>();
    for (Network.Node node : network.nodes()) {
      if (!FIRST_KINDS.contains(node.layer().kind())) {
        node.tensors().forEach(tensor -> others.add(tensor.name()));
      }
    }
    for (Slot slot : layout.slots()) {
      Random draws = others.contains(slot.name()) ? own(seed, slot.name()) : random;
      for (int i = slot.offset(); i < slot.end(); i++) {
        float draw = (float) draws.nextGaussian();
        switch (slot.role()) {
          case WEIGHT -> {}
          case BIAS, SHIFT, MEAN -> theta[i] = 0.1f * draw;
          case SCALE -> theta[i] = 1 + 0.1f * draw;
          case VARIANCE -> theta[i] = 0.5f + draw * draw;
        }
      }
    }
    return theta;
  }

  /** Class numbers; or weights in multiples of 1/64, whose sums are exact. */
  private static float[] targets(Random random, Network network, int rows, int columns) {
    return switch (network.loss().link()) {
      case IDENTITY -> normals(random, rows * columns);
      case EXP -> {
        float[] targets = new float[rows * columns];
        for (int i = 0; i < targets.length; i++) {
          targets[i] = random.nextInt(4);
        }
        yield targets;
      }
      case SIGMOID -> {
        boolean soft = random.nextBoolean();
        float[] targets = new float[rows * columns];
        for (int i = 0; i < targets.length; i++) {
          targets[i] = soft ? random.nextFloat() : random.nextInt(2);
        }
        yield targets;
      }
      case SOFTMAX -> {
        float[] targets = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
          if (columns == 1) {
            targets[r] = random.nextInt(network.outputs());
          } else {
            int parts = 32 << random.nextInt(3); // sums of 1/2, 1 and 2
            for (int part = 0; part < parts; part++) {
              targets[r * columns + random.nextInt(columns)] += 1 / 64f;
            }
          }
        }
        yield targets;
      }
    };
  }

  private static float[] normals(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static <T> T pick(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
