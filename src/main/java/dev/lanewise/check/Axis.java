package dev.lanewise.check;

import dev.lanewise.reference.ReferenceNetwork;
import java.util.BitSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** A cost as a function of one component of θ at a time, the others being held where they are. */
final class Axis implements DoubleUnaryOperator {

  private final Function<double[], ReferenceNetwork.Cost> cost;
  private final boolean sided;
  private final double[] theta;
  private final double[] moved;
  private final double level;
  private final BitSet sides;
  private int index;
  private boolean crossed;

  private Axis(Function<double[], ReferenceNetwork.Cost> cost, boolean sided, double[] theta) {
    this.cost = cost;
    this.sided = sided;
    this.theta = theta;
    moved = theta.clone();
    ReferenceNetwork.Cost here = cost.apply(moved);
    level = here.differentiated();
    sides = here.sides();
  }

  /** {@return the axes of a cost that reports on which side of each kink it is} */
  static Axis sided(Function<double[], ReferenceNetwork.Cost> cost, double[] theta) {
    return new Axis(cost, true, theta);
  }

  /** {@return the axes of a cost whose kinks are not known} */
  static Axis blind(Function<double[], ReferenceNetwork.Cost> cost, double[] theta) {
    return new Axis(cost, false, theta);
  }

  /** Turns to another component. */
  void turn(int component) {
    moved[index] = theta[index];
    index = component;
    restart();
  }

  /** Forgets that a kink was crossed. */
  void restart() {
    crossed = false;
  }

  /** {@return whether the cost reports when a kink is crossed} */
  boolean sided() {
    return sided;
  }

  /** {@return the component's value} */
  double place() {
    return theta[index];
  }

  /** {@return how far doubles of the component's size lie apart, the shortest step there is} */
  double spacing() {
    return Math.ulp(theta[index]);
  }

  /** {@return the cost at θ} */
  double level() {
    return level;
  }

  /** {@return whether a point since the last start lay on the other side of a kink than θ} */
  boolean crossed() {
    return crossed;
  }

  @Override
  public double applyAsDouble(double x) {
    moved[index] = x;
    ReferenceNetwork.Cost there = cost.apply(moved);
    crossed |= !there.sides().equals(sides);
    return there.differentiated();
  }
}
