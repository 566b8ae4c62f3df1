package dev.conntrail.report.oracle;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Laws by which pods are chosen where they are not drawn, checked anew in the ledger's text. */
final class Law {
  private static final int AT_ONCE = 16;

  /** Connections that one client, or one node, dealt in one repetition. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Dealt(long[] counts, long callers, long failed) {
    long sum() {
      return FairCounts.sum(counts);
    }

    long spread() {
      return Arrays.stream(counts).max().orElseThrow() - Arrays.stream(counts).min().orElseThrow();
    }
  }

  private Law() {}

  /** In words. */
  static String words(Cell c) {
    if (c.first()) {
      return "each client takes the first pod it knows";
    }
    if (c.pinned()) {
      return "the Service keeps each client on one pod";
    }
    if (c.direct()) {
      return "each client takes pods in turn";
    }
    return switch (c.is("ipvs_scheduler")) {
      case "rr", "wrr" -> "each node takes pods in turn";
      case "lc", "wlc" -> "each node takes the pod with fewest connections";
      case "sh" -> "a hash gives each client one pod";
      case "dh" -> "a hash gives the Service one pod";
      default -> "each node takes the pod with fewest established connections";
    };
  }

  static boolean kept(Cell c) {
    return !(c.sameZone() && Zoned.outside(c))
        && dealt(c).stream()
            .allMatch(d -> hash(c) ? onOne(d) : c.direct() ? asCallers(d) : even(c, d));
  }

  /** Probability, or more, that a fair draw keeps it. */
  static double metByDraw(Cell c) {
    return dealt(c).stream()
        .mapToDouble(d -> {
          int n = (int) d.sum();
          int k = d.counts().length;
          return hash(c)
              ? Math.pow(k, n == 0 ? 0 : 1.0 - n)
              : FairCounts.spreadAtMost(n, k, c.direct() ? callersSpread(d) : allowed(c, d));
        })
        .reduce(1, (a, b) -> a * b);
  }

  private static boolean hash(Cell c) {
    return c.first() || c.pinned() || (c.ipvs("sh", "dh") && !c.direct());
  }

  private static boolean onOne(Dealt d) {
    return Arrays.stream(d.counts()).filter(x -> x > 0).count() <= 1;
  }

  private static boolean even(Cell c, Dealt d) {
    return d.spread() <= allowed(c, d);
  }

  private static long allowed(Cell c, Dealt d) {
    boolean active = c.ipvs("sed", "nq") && c.is("opening").equals("at-once");
    long mine = Math.ceilDiv(c.count("connections_count"), c.count("clients_count"));
    return 1 + d.failed() + (active ? Math.min(AT_ONCE, mine) * c.count("clients_count") : 0);
  }

  private static boolean asCallers(Dealt d) {
    int k = d.counts().length;
    for (int pod = 0; pod < k; pod++) {
      long callers = d.callers() / k + (pod < d.callers() % k ? 1 : 0);
      if (d.counts()[pod] < callers * (d.sum() / d.callers()) - d.failed()
          || d.counts()[pod] > callers * Math.ceilDiv(d.sum(), d.callers()) + d.failed()) {
        return false;
      }
    }
    return true;
  }

  private static long callersSpread(Dealt d) {
    int k = d.counts().length;
    return Math.ceilDiv(d.callers(), k) * Math.ceilDiv(d.sum(), d.callers())
        - d.callers() / k * (d.sum() / d.callers())
        + 2 * d.failed();
  }

  private static List<Dealt> dealt(Cell c) {
    Function<Map<String, String>, String> by =
        r ->
            (!c.first() && (c.direct() || c.pinned() || c.ipvs("sh")))
                    || r.get("client_node").equals("NA")
                ? r.get("client")
                : r.get("client_node");
    List<Dealt> all = new ArrayList<>();
    for (Map<String, String> s : c.counted()) {
      List<String> pods = c.pods(s.get("repetition")).stream().map(p -> p.get("pod")).toList();
      long failed =
          CsvText.count(s, "requests_failed_count") + CsvText.count(s, "requests_unanswered_count");
      c.rows("connections").stream()
          .filter(r -> r.get("repetition").equals(s.get("repetition")))
          .collect(Collectors.groupingBy(by))
          .values()
          .forEach(part -> {
            List<Integer> among =
                Zoned.among(c, s.get("repetition"), part.getFirst().get("client_node"));
            long[] counts = new long[among.size()];
            part.stream()
                .map(r -> among.indexOf(pods.indexOf(r.get("pod"))))
                .filter(i -> i >= 0)
                .forEach(i -> counts[i]++);
            long clients = part.stream().map(r -> r.get("client")).distinct().count();
            long callers = clients * c.count("connections_count") / c.count("clients_count");
            all.add(new Dealt(counts, Math.max(1, callers), failed));
          });
    }
    return all;
  }
}
