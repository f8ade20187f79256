package dev.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianTest {

  /** Values with more digits than a double holds. */
  @ParameterizedTest
  @CsvSource({
    "1e-300, 1.128379167095512574e-300",
    "0.5, 0.5204998778130465377",
    "1, 0.8427007929497148693",
    "2, 0.9953222650189527342",
    "3, 0.9999779095030014146",
    "-1, -0.8427007929497148693"
  })
  void erfHasAllDigits(double x, double erf) {
    assertEquals(erf, Gaussian.erf(x), 4e-16 * Math.abs(erf));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0.004677734981047265838",
    "3, 2.209049699858544137e-5",
    "5, 1.537459794428034850e-12",
    "10, 2.088487583762544757e-45"
  })
  void erfcKeepsItsDigitsInTheTail(double x, double erfc) {
    assertEquals(erfc, Gaussian.erfc(x), 1e-14 * erfc);
  }

  @Property
  void tailsMirrorEachOther(@ForAll @DoubleRange(min = -40, max = 40) double x) {
    assertEquals(2, Gaussian.erfc(x) + Gaussian.erfc(-x), 1e-15);
  }

  @Property
  void densityIsTheSlopeOfTheDistribution(@ForAll @DoubleRange(min = -8, max = 8) double z) {
    double h = 1e-3;
    double near = Gaussian.cumulative(z + h) - Gaussian.cumulative(z - h);
    double far = Gaussian.cumulative(z + 2 * h) - Gaussian.cumulative(z - 2 * h);
    assertEquals(Gaussian.density(z), (8 * near - far) / (12 * h), 1e-11);
  }
}
