package dev.conntrail.load;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often errors of each kind came. A kind is what the error says, some of which a server may
 * say: one that says something else each time gets no place of its own for it, and no memory, once
 * there are {@link #MOST} kinds.
 */
final class ErrorCounts {
  /** How many kinds are told apart: those that came first. */
  static final int MOST = 500;

  /** What errors of all other kinds are counted as. */
  static final String OTHERS = "errors of other kinds than the first " + MOST;

  private final Map<String, Long> byKind = new TreeMap<>();
  private long others;

  /** One came. */
  void add(Throwable why) {
    String kind = kind(why);
    if (byKind.size() < MOST || byKind.containsKey(kind)) {
      byKind.merge(kind, 1L, Long::sum);
    } else {
      others++;
    }
  }

  /** In the words of what failed; a fault of the program's own has its kind before them. */
  private static String kind(Throwable why) {
    String said = why.getMessage() == null ? "" : why.getMessage().lines().findFirst().orElse("");
    if (why instanceof IOException && !said.isEmpty()) {
      return said;
    }
    return why.getClass().getSimpleName() + (said.isEmpty() ? "" : ": " + said);
  }

  /** Those that came, by kind; with {@link #OTHERS} where there were more kinds. */
  Map<String, Long> byKind() {
    Map<String, Long> all = new TreeMap<>(byKind);
    if (others > 0) {
      all.put(OTHERS, others);
    }
    return all;
  }
}
