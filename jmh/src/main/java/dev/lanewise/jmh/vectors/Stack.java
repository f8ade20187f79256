package dev.lanewise.jmh.vectors;

import static dev.lanewise.jmh.vectors.Doubles.scalar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's functions one after the other, in double precision. Tensors are named as {@code
 * nn.Sequential} names them in its state: {@code 0.weight} is the first module's, {@code
 * [out][in]}.
 */
final class Stack {

  private final List<Spec> modules;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();

  /**
   * A stack with parameters from a seed.
   *
   * @param rows the rows of given dropout masks
   */
  Stack(List<String> lines, int rows, long seed) {
    modules = lines.stream().map(Spec::parse).toList();
    Random random = new Random(seed);
    for (int i = 0; i < modules.size(); i++) {
      Spec module = modules.get(i);
      switch (module.name()) {
        case "linear" -> addLinear(i, module, random);
        case "composed_ntk_linear" -> addNtkLinear(i, module, random);
        case "composed_scale" -> {
          double[] factors = new double[(int) module.whole("n")];
          Arrays.fill(factors, 1);
          if (module.has("drawn")) {
            factors = Doubles.normals(random, factors.length, 1, 0.25);
          }
          parameter(i + ".scale", factors, factors.length);
        }
        case "composed_embedding" -> addEmbedding(i, module, random);
        case "composed_members" -> {
          long k = module.whole("k");
          int size = (int) (k * module.whole("n"));
          parameter(i + ".factor", Doubles.normals(random, size, 0, 1), k, module.whole("n"));
        }
        case "composed_heads" -> addHeads(i, module, random);
        case "composed_blend" -> {
          int n = (int) module.whole("n");
          parameter(i + ".alpha", Doubles.normals(random, n, 0.75, 0.5), n);
        }
        case "batch_norm" -> {
          addScales(i, module.whole("n"), random);
          addStatistics(i, (int) module.whole("n"), random);
        }
        case "layer_norm" -> addScales(i, module.whole("n"), random);
        case "dropout" -> addMask(i, rows, module, random);
        default -> {}
      }
    }
  }

  private void addLinear(int i, Spec module, Random random) {
    long in = module.whole("in");
    long out = module.whole("out");
    double[] weight = Doubles.normals(random, (int) (in * out), 0, Math.sqrt(1.5 / in));
    parameter(i + ".weight", weight, out, in);
    if (!module.has("bias")) {
      parameter(i + ".bias", Doubles.normals(random, (int) out, 0, 0.3), out);
    }
  }

  /** As training by this parametrisation starts: normal draws of variance 1, or zeros. */
  private void addNtkLinear(int i, Spec module, Random random) {
    long in = module.whole("in");
    long out = module.whole("out");
    double deviation = module.has("zeros") ? 0 : 1;
    parameter(i + ".weight", Doubles.normals(random, (int) (in * out), 0, deviation), out, in);
    parameter(i + ".bias", Doubles.normals(random, (int) out, 0, deviation), out);
  }

  /** What each number has for itself; tables of categories under each other. */
  private void addEmbedding(int i, Spec module, Random random) {
    int size = (int) module.whole("size");
    if (module.has("periodic")) {
      int d = module.wholes("periodic").length;
      int f = (int) module.whole("frequencies");
      double[] angles = Doubles.normals(random, d * f, 0, 0.5);
      for (int j = 0; j < angles.length; j++) {
        angles[j] *= 2 * Math.PI; // turns that floats hold
      }
      parameter(i + ".w1", Doubles.normals(random, d * f, 0, 0.25), d, f);
      parameter(i + ".b1", angles, d, f);
      parameter(i + ".w2", Doubles.normals(random, d * size * f, 0, 0.5), d * size, f);
      parameter(i + ".b2", Doubles.normals(random, d * size, 0, 0.3), d * size);
    }
    if (module.has("piecewise")) {
      int d = module.wholes("piecewise").length;
      int bins = (int) module.whole("bins");
      double[] edges = Doubles.normals(random, d * (bins + 1), 0, 1);
      for (int j = 0; j < d; j++) {
        Arrays.sort(edges, j * (bins + 1), (j + 1) * (bins + 1));
      }
      buffers.put(i + ".edges", Doubles.tensor(edges, d, bins + 1));
      parameter(i + ".slope", Doubles.normals(random, d * size, 0, 0.6), d, size);
      parameter(i + ".intercept", Doubles.normals(random, d * size, 0, 0.6), d * size);
      parameter(i + ".bins", Doubles.normals(random, d * bins * size, 0, 0.5), d * bins, size);
    }
    if (module.has("categories")) {
      int rows = Arrays.stream(module.wholes("values")).sum();
      parameter(i + ".tables", Doubles.normals(random, rows * size, 0, 1), rows, size);
    }
  }

  /** A linear module for each member, under each other. */
  private void addHeads(int i, Spec module, Random random) {
    int in = (int) module.whole("in");
    int out = (int) (module.whole("k") * module.whole("out"));
    double deviation = Math.sqrt(1.5 / in);
    parameter(i + ".weight", Doubles.normals(random, out * in, 0, deviation), out, in);
    parameter(i + ".bias", Doubles.normals(random, out, 0, 0.3), out);
  }

  private void addScales(int i, long n, Random random) {
    parameter(i + ".weight", Doubles.normals(random, (int) n, 1, 0.2), n);
    parameter(i + ".bias", Doubles.normals(random, (int) n, 0, 0.2), n);
  }

  private void addStatistics(int i, int n, Random random) {
    double[] variance = Doubles.normals(random, n, 0, 0.5);
    for (int j = 0; j < n; j++) {
      variance[j] = 0.5 + Math.abs(variance[j]);
    }
    buffers.put(i + ".running_mean", Doubles.tensor(Doubles.normals(random, n, 0, 0.3), n));
    buffers.put(i + ".running_var", Doubles.tensor(variance, n));
    buffers.put(i + ".biased_running_var", Doubles.tensor(variance, n));
  }

  private void addMask(int i, int rows, Spec module, Random random) {
    double[] mask = new double[rows * (int) module.whole("n")];
    for (int j = 0; j < mask.length; j++) {
      mask[j] = random.nextDouble() < module.number("p") ? 0 : 1;
    }
    buffers.put(i + ".mask", Doubles.tensor(mask, rows, module.whole("n")));
  }

  private void parameter(String name, double[] values, long... shape) {
    Tensor parameter = Doubles.tensor(values, shape);
    parameter.set_requires_grad(true);
    parameters.put(name, parameter);
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  Map<String, Tensor> buffers() {
    return buffers;
  }

  /** {@return the matrices of the linear modules, which are all that is decayed} */
  List<Tensor> weights() {
    return parameters.values().stream().filter(p -> p.dim() == 2).toList();
  }

  /** {@return biases, scales and shifts} */
  List<Tensor> others() {
    return parameters.values().stream().filter(p -> p.dim() != 2).toList();
  }

  /** {@return scores in training: statistics of the batch, given masks} */
  Tensor train(Tensor x) {
    return forward(x, true, "running_var");
  }

  /**
   * {@return scores in evaluation}
   *
   * @param variance which running variances: {@code running_var}, PyTorch's unbiased ones, or
   *     {@code biased_running_var}
   */
  Tensor evaluate(Tensor x, String variance) {
    return forward(x, false, variance);
  }

  private Tensor forward(Tensor x, boolean training, String variance) {
    Tensor a = x;
    for (int i = 0; i < modules.size(); i++) {
      Spec module = modules.get(i);
      a =
          switch (module.name()) {
            case "linear" -> torch.linear(a, parameters.get(i + ".weight"), optional(i + ".bias"));
            case "composed_ntk_linear" -> // W·x/√in + b
                torch
                    .linear(a, parameters.get(i + ".weight"))
                    .div(scalar(Math.sqrt(module.whole("in"))))
                    .add(parameters.get(i + ".bias"));
            case "composed_embedding" -> embedding(i, module, a);
            case "composed_members" -> { // each row times each member's vector
              Tensor copies = a.unsqueeze(1).mul(parameters.get(i + ".factor"));
              yield copies.reshape(-1, module.whole("n"));
            }
            case "composed_heads" -> heads(i, module, a);
            case "composed_blend" -> { // x + α(f(x) − x)
              Tensor f = activation(Spec.parse(module.options().get("of")), a);
              yield a.add(f.sub(a).mul(parameters.get(i + ".alpha")));
            }
            case "composed_scale" -> a.mul(parameters.get(i + ".scale"));
            case "batch_norm" -> batchNorm(i, module, a, training, variance);
            case "layer_norm" ->
                torch.layer_norm(
                    a,
                    new long[] {module.whole("n")},
                    optional(i + ".weight"),
                    optional(i + ".bias"),
                    module.number("eps"),
                    false);
            case "dropout" ->
                training ? a.mul(buffers.get(i + ".mask")).div(scalar(1 - module.number("p"))) : a;
            default -> activation(module, a);
          };
    }
    return a;
  }

  /** Columns as they are, then numbers with cosines, numbers that bend, categories. */
  private Tensor embedding(int i, Spec module, Tensor x) {
    List<Tensor> parts = new ArrayList<>();
    for (int column : module.wholes("pass")) {
      parts.add(x.narrow(1, column, 1));
    }
    int[] periodic = module.wholes("periodic");
    for (int j = 0; j < periodic.length; j++) {
      Tensor number = x.narrow(1, periodic[j], 1);
      parts.add(number);
      parts.add(cosines(i, module, j, number));
    }
    int[] piecewise = module.wholes("piecewise");
    for (int j = 0; j < piecewise.length; j++) {
      parts.add(bends(i, module, j, x.narrow(1, piecewise[j], 1)));
    }
    int[] categories = module.wholes("categories");
    long row = 0;
    for (int j = 0; j < categories.length; j++) {
      int values = module.wholes("values")[j];
      Tensor table = parameters.get(i + ".tables").narrow(0, row, values);
      double[] indices = Doubles.values(x.narrow(1, categories[j], 1));
      parts.add(torch.embedding(table, Doubles.classes(indices)));
      row += values;
    }
    return torch.cat(Stepper.vector(parts), 1);
  }

  /** W₂·cos(2π·w₁·x + b₁) + b₂. */
  private Tensor cosines(int i, Spec module, int j, Tensor x) {
    long size = module.whole("size");
    Tensor turns = x.mul(parameters.get(i + ".w1").narrow(0, j, 1));
    Tensor angles = turns.mul(scalar(2 * Math.PI)).add(parameters.get(i + ".b1").narrow(0, j, 1));
    Tensor weight = parameters.get(i + ".w2").narrow(0, j * size, size);
    Tensor bias = parameters.get(i + ".b2").narrow(0, j * size, size);
    return torch.linear(angles.cos(), weight, new TensorOptional(bias));
  }

  /**
   * w·x + b + Σ v_t·c_t with c_t = (x − e_t)/(e_(t+1) − e_t) in [0, 1], of x no further out than
   * the outer edges.
   */
  private Tensor bends(int i, Spec module, int j, Tensor x) {
    long size = module.whole("size");
    long bins = module.whole("bins");
    Tensor edges = buffers.get(i + ".edges").narrow(0, j, 1);
    Tensor from = edges.narrow(1, 0, bins);
    Tensor within =
        torch.minimum(torch.maximum(x, edges.narrow(1, 0, 1)), edges.narrow(1, bins, 1));
    Tensor shares = within.sub(from).div(edges.narrow(1, 1, bins).sub(from));
    Tensor clamped =
        torch.minimum(torch.maximum(shares, torch.zeros_like(from)), torch.ones_like(from));
    return within
        .mul(parameters.get(i + ".slope").narrow(0, j, 1))
        .add(parameters.get(i + ".intercept").narrow(0, j * size, size))
        .add(torch.matmul(clamped, parameters.get(i + ".bins").narrow(0, j * bins, bins)));
  }

  /** The members of a row follow one another. */
  private Tensor heads(int i, Spec module, Tensor a) {
    long out = module.whole("out");
    long k = module.whole("k");
    Tensor rows = a.reshape(-1, k, module.whole("in"));
    List<Tensor> scores = new ArrayList<>();
    for (long m = 0; m < k; m++) {
      Tensor weight = parameters.get(i + ".weight").narrow(0, m * out, out);
      Tensor bias = parameters.get(i + ".bias").narrow(0, m * out, out);
      scores.add(torch.linear(rows.select(1, m), weight, new TensorOptional(bias)));
    }
    return torch.stack(Stepper.vector(scores), 1).reshape(-1, out);
  }

  /** {@return how many rows of scores a row of inputs has} */
  int members() {
    return modules.stream()
        .filter(module -> module.name().equals("composed_members"))
        .mapToInt(module -> (int) module.whole("k"))
        .findFirst()
        .orElse(1);
  }

  /** Draws the numbers of categories into their columns of inputs. */
  void drawCategories(double[] x, int columns, Random random) {
    Spec first = modules.getFirst();
    int[] categories = first.wholes("categories");
    for (int j = 0; j < categories.length; j++) {
      for (int at = categories[j]; at < x.length; at += columns) {
        x[at] = random.nextInt(first.wholes("values")[j]);
      }
    }
  }

  private TensorOptional optional(String name) {
    Tensor parameter = parameters.get(name);
    return parameter == null ? new TensorOptional() : new TensorOptional(parameter);
  }

  private Tensor batchNorm(int i, Spec module, Tensor z, boolean training, String variance) {
    double momentum = module.number("momentum");
    if (training) {
      // PyTorch keeps the unbiased variance; the other convention is formed beside it.
      Tensor biased = torch.var(z.detach(), new long[] {0}, false, false);
      buffers
          .get(i + ".biased_running_var")
          .mul_(scalar(1 - momentum))
          .add_(biased, scalar(momentum));
    }
    return torch.batch_norm(
        z,
        optional(i + ".weight"),
        optional(i + ".bias"),
        new TensorOptional(buffers.get(i + ".running_mean")),
        new TensorOptional(buffers.get(i + "." + variance)),
        training,
        momentum,
        module.number("eps"),
        false);
  }

  private static Tensor activation(Spec module, Tensor z) {
    return switch (module.name()) {
      case "relu" -> torch.relu(z);
      case "leaky_relu" -> torch.leaky_relu(z, scalar(module.number("negative_slope")));
      case "elu" -> torch.elu(z, scalar(module.number("alpha")), scalar(1), scalar(1));
      case "selu" -> torch.selu(z);
      case "gelu" -> torch.gelu(z, module.options().get("approximate"));
      case "silu" -> torch.silu(z);
      case "mish" -> torch.mish(z);
      case "softplus" -> torch.softplus(z);
      case "tanh" -> torch.tanh(z);
      case "sigmoid" -> torch.sigmoid(z);
      default -> throw new IllegalArgumentException(module.name());
    };
  }
}
