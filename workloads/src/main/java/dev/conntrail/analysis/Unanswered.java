package dev.conntrail.analysis;

import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Requests of a leg that have no reply: each explains one thing that pods count more, and no two.
 * Where they do not suffice, those connections are explained that take the fewest, whatever order
 * they come in: then as few as can be are left.
 */
final class Unanswered {
  private final Set<Pair> explained = Collections.newSetFromMap(new IdentityHashMap<>());

  Unanswered(long all, List<Pair> pairs) {
    long left = all;
    for (Pair pair :
        pairs.stream()
            .filter(p -> p.unanswered() > 0)
            .sorted(Comparator.comparingLong(Pair::unanswered))
            .toList()) {
      left -= pair.unanswered();
      if (left < 0) {
        return;
      }
      explained.add(pair);
    }
  }

  /** Whether they explain that the two ends of a connection differ. */
  boolean explain(Pair pair) {
    return explained.contains(pair);
  }
}
