package dev.conntrail.analysis.chance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Holm's correction for many tests: comparing each adjusted probability with a level keeps the
 * chance of any false alarm among all of them at that level (Holm, Scand. J. Stat. 6, 1979).
 */
public final class Holm {
  /**
   * A test of a family.
   *
   * @param test what was tested
   * @param p its adjusted probability, at most 1
   */
  public record Adjusted<T>(T test, double p) {}

  private Holm() {}

  /**
   * Adjusts.
   *
   * @param family all tests from which an alarm could come
   * @param p the probability of one
   * @return in the same order
   */
  public static <T> List<Adjusted<T>> adjust(List<T> family, ToDoubleFunction<T> p) {
    List<Integer> byP =
        IntStream.range(0, family.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p.applyAsDouble(family.get(i))))
            .toList();
    List<Adjusted<T>> adjusted = new ArrayList<>(Collections.nCopies(family.size(), null));
    double running = 0;
    for (int rank = 0; rank < byP.size(); rank++) {
      T test = family.get(byP.get(rank));
      running = Math.max(running, Math.min(1, p.applyAsDouble(test) * (family.size() - rank)));
      adjusted.set(byP.get(rank), new Adjusted<>(test, running));
    }
    return adjusted;
  }
}
