package dev.conntrail.analysis.chance;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What was worked out before: a run asks the same few questions again and again. */
final class Memo<Q, A> {
  private static final int MOST = 200;

  private final Map<Q, A> known = new ConcurrentHashMap<>();

  A get(Q question, Function<Q, A> answer) {
    A before = known.get(question);
    if (before != null) {
      return before;
    }
    // not computeIfAbsent: working it out forks, and a fork may ask another question
    A now = answer.apply(question);
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(question, now);
    return now;
  }
}
