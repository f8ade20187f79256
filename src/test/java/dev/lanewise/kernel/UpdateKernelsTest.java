package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The kernels of this run against the scalar ones, bit for bit (any NaN equals any other). */
@Tag("kernels")
class UpdateKernelsTest {

  private final UpdateKernels kernels = Engine.standard().kernels();
  private final UpdateKernels scalar = ScalarKernels.INSTANCE;

  private interface Run {
    void with(UpdateKernels kernels, float[] x, float[] z, float[] y);
  }

  private void sameBits(long seed, int n, Run run) {
    Random random = new Random(seed);
    float[] x = Floats.awkward(n + 9, random.nextLong());
    float[] z = Floats.awkward(n + 9, random.nextLong());
    float[] y = Floats.awkward(n + 9, random.nextLong());
    float[][] mine = {x.clone(), z.clone(), y.clone()};
    run.with(scalar, x, z, y);
    run.with(kernels, mine[0], mine[1], mine[2]);
    assertArrayEquals(x, mine[0], "x");
    assertArrayEquals(z, mine[1], "z");
    assertArrayEquals(y, mine[2], "y");
  }

  @Property
  void blendIsTheScalarBlend(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.blend(x, 1, 0.3f, z, 2, 0.9f, y, 3, n));
  }

  @Property
  void blendInPlaceIsTheScalarBlendInPlace(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.blend(x, 1, 0.3f, z, 2, 0.9f, z, 2, n));
    sameBits(seed, n, (k, x, z, y) -> k.blend(x, 3, 1f, z, 0, -0.1f, x, 3, n));
  }

  @Property
  void blendSquaresIsTheScalarBlendSquares(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.blendSquares(x, 5, 1e-3f, z, 2, 0.999f, n));
  }

  @Property
  void divideByRootIsTheScalarDivideByRoot(
      @ForAll long seed, @ForAll @IntRange(max = 67) int n, @ForAll boolean inside) {
    float in = inside ? 1e-8f : 0;
    float out = inside ? 0 : 1e-8f;
    sameBits(seed, n, (k, x, z, y) -> k.divideByRoot(x, 1, 10f, z, 2, 1000f, in, out, y, 0, n));
  }

  @Property
  void adamIsItsPassesOneAfterTheOther(
      @ForAll long seed, @ForAll @IntRange(max = 67) int n, @ForAll boolean inside) {
    float in = inside ? 1e-8f : 0;
    float out = inside ? 0 : 1e-8f;
    Random random = new Random(seed);
    float[] x = Floats.awkward(n + 9, random.nextLong());
    float[][] state = {
      Floats.awkward(n + 9, random.nextLong()),
      Floats.awkward(n + 9, random.nextLong()),
      Floats.awkward(n + 9, random.nextLong())
    };
    float[][] fused = {state[0].clone(), state[1].clone(), state[2].clone()};
    float[] u = new float[n];
    scalar.blendSquares(x, 2, 1e-3f, state[1], 2, 0.999f, n);
    scalar.blend(x, 2, 0.1f, state[0], 2, 0.9f, state[0], 2, n);
    scalar.divideByRoot(state[0], 2, 10f, state[1], 2, 1000f, in, out, u, 0, n);
    scalar.blend(state[2], 2, 1, u, 0, -0.01f, state[2], 2, n);
    kernels.adam(
        x, 0.1f, 1e-3f, fused[0], 0.9f, fused[1], 0.999f, 10f, 1000f, in, out, fused[2], 0.01f, 2,
        n);
    assertArrayEquals(state[0], fused[0], "m");
    assertArrayEquals(state[1], fused[1], "s");
    assertArrayEquals(state[2], fused[2], "theta");
  }

  @Property
  void lionIsTheScalarLion(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.lion(x, 1, 0.1f, 0.9f, z, 2, 0.01f, 0.99f, y, 3, n));
    sameBits(seed, n, (k, x, z, y) -> k.lion(x, 4, 0.1f, 0.9f, z, 0, 0.01f, 0.99f, x, 4, n));
  }

  @Property
  void raiseIsTheScalarRaise(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.raise(x, 6, y, 1, n));
  }

  @Property
  void clipIsTheScalarClip(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.clip(x, 1, 0.5f, y, 4, n));
  }

  @Property
  void scaleIsTheScalarScale(@ForAll long seed, @ForAll @IntRange(max = 67) int n) {
    sameBits(seed, n, (k, x, z, y) -> k.scale(x, 7, 0.37f, y, 0, n));
  }
}
