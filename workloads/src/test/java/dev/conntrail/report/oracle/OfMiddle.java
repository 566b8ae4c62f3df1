package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Proxies' own counters against their logs, the clients and the pods. */
record OfMiddle(Facts facts) {
  /** Steps of events after which a pod may not have taken what a proxy opened. */
  private static final Set<String> STRUCK =
      Set.of("left", "told-to-end", "ended", "killed", "silenced", "paused", "slowed", "made");

  /** How many comparisons, and how many of them differ. */
  private record Held(long compared, long differ) {}

  void finding(String text) {
    Map<Cell, Held> all = new LinkedHashMap<>();
    for (Cell c : facts.measured(Cell::proxied)) {
      List<Boolean> within = new ArrayList<>();
      c.summaries().forEach(s -> new Repetition(c, s, within).compare());
      if (!within.isEmpty()) {
        all.put(c, new Held(within.size(), within.stream().filter(w -> !w).count()));
      }
    }
    long compared = all.values().stream().mapToLong(Held::compared).sum();
    long differ = all.values().stream().mapToLong(Held::differ).sum();
    if (differ == 0) {
      Filled f =
          Phrase.read(
              "Proxies' own counters were held against their logs, the clients and the pods in [n]"
                  + " comparison[s] of [n] cell[s]: none differs by more than can be explained.",
              text);
      f.is(0, (double) compared);
      f.is(1, all.size());
      return;
    }
    Filled f =
        Phrase.read(
            "Proxies' own counters differ from their logs, the clients or the pods in [n] of [n]"
                + " comparison[s], by more than can be explained: [*].",
            text);
    f.is(0, (double) differ);
    f.is(1, (double) compared);
    all.forEach(
        (c, held) -> assertThat(f.words(2).contains(c.name())).isEqualTo(held.differ() > 0));
  }

  /** One repetition: whether each counter lies within its bounds. */
  private static final class Repetition {
    private final Cell cell;
    private final Map<String, String> summary;
    private final List<Boolean> within;
    private final Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    private final List<String[]> proxied;
    private final List<String[]> echo;
    private final List<Map<String, String>> ledger;
    private final boolean streams;
    private final boolean lost;
    private long unanswered;

    Repetition(Cell cell, Map<String, String> summary, List<Boolean> within) {
      this.cell = cell;
      this.summary = summary;
      this.within = within;
      lines("counters")
          .forEach(r ->
              counters
                  .computeIfAbsent(r[3], _ -> new LinkedHashMap<>())
                  .put(r[4], Math.round(Double.parseDouble(r[5]))));
      proxied = lines("proxied");
      echo = lines("echo");
      ledger =
          cell.rows("connections").stream()
              .filter(r -> r.get("repetition").equals(summary.get("repetition")))
              .toList();
      streams = Set.of("websocket", "grpc-stream").contains(cell.is("protocol"));
      List<String> marks = List.of(summary.get("marks").split(";", -1));
      lost = !Facts.podsCounted(summary) || marks.contains("load-lost");
      unanswered =
          count(summary, "requests_unanswered_count") + count(summary, "requests_retried_count");
      lines("errors").forEach(r -> unanswered += Long.parseLong(r[r.length - 1]));
    }

    private List<String[]> lines(String table) {
      return cell.raw(summary, table).toList();
    }

    private long own(String source, String counter) {
      return counters.getOrDefault(source, Map.of()).getOrDefault(counter, 0L);
    }

    private void held(long value, long least, long most, boolean bounded) {
      within.add(value >= Math.max(0, least) && (lost || !bounded || value <= most));
    }

    void compare() {
      List<String> proxies =
          counters.keySet().stream().filter(s -> s.matches("(proxy|sidecar-of)-\\S+")).toList();
      if (proxied.isEmpty() || proxies.isEmpty()) {
        return;
      }
      long unused = ledger.stream().filter(c -> count(c, "requests_count") == 0).count();
      proxies.forEach(p -> ofProxy(p, unused));
      long connections = proxies.stream().mapToLong(p -> own(p, "connections_count")).sum();
      held(connections, ledger.size() - unused - unanswered, ledger.size() + unanswered, true);
      if (!streams) {
        long answered = ledger.stream().mapToLong(c -> count(c, "requests_count")).sum();
        long requests = proxies.stream().mapToLong(p -> own(p, "requests_count")).sum();
        held(requests, answered, answered + unanswered, true);
      }
    }

    private void ofProxy(String proxy, long unused) {
      Set<String> ends = new LinkedHashSet<>();
      long logged = 0;
      long sent = 0;
      for (String[] r : proxied) {
        if (r[3].equals(proxy) && r[4].equals("to-proxy")) {
          ends.add(r[5] + ":" + r[6]);
          logged += Long.parseLong(r[8]);
        } else if (r[3].equals(proxy)) {
          sent += Long.parseLong(r[8]) + Long.parseLong(r[9]);
        }
      }
      long mine = 0;
      for (String end : ends) {
        long there =
            ledger.stream()
                .filter(c -> end.equals(c.get("local_address") + ":" + c.get("local_port")))
                .count();
        mine += Math.max(1, there);
      }
      held(
          own(proxy, "connections_count"),
          ends.size() - unanswered,
          mine + unused + unanswered,
          true);
      held(own(proxy, "requests_count"), logged - unanswered, logged + unanswered, true);
      long elsewhere =
          Math.max(0, own(proxy, "requests_count") - sent) + own(proxy, "retried_count");
      counters.keySet().stream()
          .filter(s -> s.startsWith(proxy + " "))
          .forEach(s -> ofPod(proxy, s, elsewhere));
    }

    private void ofPod(String proxy, String source, long elsewhere) {
      String pod = source.substring(proxy.length() + 1);
      Map<String, long[]> ends = new LinkedHashMap<>();
      Set<String> addresses = new LinkedHashSet<>();
      long sent = 0;
      long cut = 0;
      for (String[] r : proxied) {
        if (r[3].equals(proxy) && r[4].equals("to-pod")) {
          addresses.add(r[5]);
          if (r[7].equals(pod)) {
            ends.computeIfAbsent(r[5] + ":" + r[6], _ -> new long[2])[0]++;
            sent += Long.parseLong(r[8]) + Long.parseLong(r[9]);
            cut += Long.parseLong(r[9]);
          }
        }
      }
      long served = 0;
      for (String[] r : echo) {
        if (r[3].equals(pod) && addresses.contains(r[5])) {
          ends.computeIfAbsent(r[5] + ":" + r[6], _ -> new long[2])[1]++;
          served += Long.parseLong(r[8]);
        }
      }
      boolean struck =
          cell.steps(summary.get("repetition")).stream()
              .anyMatch(e -> STRUCK.contains(e.get("step")) && Cell.podsOf(e).contains(pod));
      long there = ends.values().stream().mapToLong(n -> Math.max(n[0], n[1])).sum();
      held(
          own(source, "connections_count"),
          there - unanswered,
          there + own(source, "refused_count") + unanswered,
          !struck);
      boolean known = !struck || counters.get(proxy).containsKey("retried_count");
      long requests = own(source, "requests_count");
      held(requests, sent - unanswered, sent + elsewhere + unanswered, known);
      if (!streams) {
        held(requests, served - unanswered, served + cut + elsewhere + unanswered, known);
      }
    }
  }
}
