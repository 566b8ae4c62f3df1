package dev.conntrail.analysis.middle;

import dev.conntrail.result.row.CounterRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Proxies' own counters, among those of a repetition. */
record OwnCounters(Map<String, Map<String, Long>> values) {
  static final String CONNECTIONS = "connections_count";
  static final String REQUESTS = "requests_count";
  static final String RETRIED = "retried_count";
  static final String REFUSED = "refused_count";

  /** Who else has counters of these names. */
  private static final Set<String> OTHERS = Set.of("ledger", "pods");

  static OwnCounters of(List<CounterRow> rows) {
    Map<String, Map<String, Long>> values = new LinkedHashMap<>();
    rows.stream()
        .filter(r -> !OTHERS.contains(r.source()) && Double.isFinite(r.value()))
        .forEach(r ->
            values
                .computeIfAbsent(r.source(), _ -> new LinkedHashMap<>())
                .put(r.counter(), Math.round(r.value())));
    return new OwnCounters(values);
  }

  /** Those that counted anything of clients, in order. */
  List<String> proxies() {
    return values.keySet().stream()
        .filter(s -> !s.contains(" "))
        .filter(s -> values.get(s).keySet().containsAll(Set.of(CONNECTIONS, REQUESTS)))
        .sorted(Comparator.comparingInt(String::length).thenComparing(s -> s))
        .toList();
  }

  /** The pods that one knows, in order. */
  List<String> pods(String proxy) {
    return values.keySet().stream()
        .filter(s -> s.startsWith(proxy + " "))
        .map(s -> s.substring(proxy.length() + 1))
        .toList();
  }

  /** What one says; empty if it says nothing of it. */
  OptionalLong of(String proxy, Optional<String> pod, String counter) {
    Long value =
        values.getOrDefault(proxy + pod.map(p -> " " + p).orElse(""), Map.of()).get(counter);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** The same, 0 if it says nothing. */
  long count(String proxy, Optional<String> pod, String counter) {
    return of(proxy, pod, counter).orElse(0);
  }
}
