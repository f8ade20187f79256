package dev.lanewise.check;

import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The choice of the components that are checked.
 *
 * @param components how many; {@link #ALL} takes what there are
 * @param seed the seed of the draw
 */
record Sample(int components, long seed) {

  static final Sample ALL = new Sample(Integer.MAX_VALUE, 0);

  private static final long STREAM = CounterRandom.stream("gradient check");

  Sample {
    if (components < 1) {
      throw new IllegalArgumentException(
          "sample: %d components; expected at least 1".formatted(components));
    }
  }

  /**
   * {@return the places in θ, ascending, for each tensor} Every tensor has one at least; beyond
   * that, they get shares in proportion to their sizes.
   */
  List<int[]> of(List<Slot> tensors) {
    long total = tensors.stream().mapToLong(Slot::size).sum();
    long free = total - tensors.size();
    long spare = Math.clamp(components - (long) tensors.size(), 0, free);
    List<int[]> places = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < tensors.size(); i++) {
      long behind = before + tensors.get(i).size() - 1;
      long share = free == 0 ? 0 : behind * spare / free - before * spare / free;
      places.add(draw(tensors.get(i), i, 1 + (int) share));
      before = behind;
    }
    return places;
  }

  /**
   * Draws without replacement, all subsets being equally likely (Floyd 1987), at a cost
   * proportional to the number drawn.
   */
  private int[] draw(Slot tensor, int number, int count) {
    if (count == tensor.size()) {
      return IntStream.range(tensor.offset(), tensor.end()).toArray();
    }
    long key = CounterRandom.key(seed, STREAM, number);
    Set<Integer> drawn = new TreeSet<>();
    for (int last = tensor.size() - count; last < tensor.size(); last++) {
      int place = CounterRandom.below(key, last, last + 1);
      drawn.add(drawn.contains(place) ? last : place);
    }
    return drawn.stream().mapToInt(place -> tensor.offset() + place).toArray();
  }
}
