package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tables of a run say of its cells, read anew from their text, which stays as it is. */
record Facts(CsvText text, Found found) {
  /** Places among the columns of {@code pods_over_time.csv}. */
  static final int POD = 5;

  static final int ANSWERED = 6;
  private static final int AT_MS = 3;

  private static final Set<String> OF_LOAD =
      Set.of("client", "keep-alive-interval", "arrivals", "retries");

  /** What holds where nobody names a setting, of those that are not the kernel's. */
  private static final Map<String, String> USUAL =
      Map.of(
          "client", "library",
          "retries", "off",
          "arrivals", "regular",
          "keep-alive-interval", "1s",
          "ipvs-tcp-timeout", "900s",
          "conntrack-tcp-timeout-established", "86400s",
          "expire-nodest-conn", "1",
          "conn-reuse-mode", "1",
          "syn-retries", "6",
          "tcp-retries", "15");

  private static final Set<String> OF_IPVS =
      Set.of("ipvs-tcp-timeout", "expire-nodest-conn", "conn-reuse-mode");

  /** What has been looked for already. */
  private static final class Found {
    private final Map<String, Map<String, List<Map<String, String>>>> rows = new HashMap<>();
    private List<Cell> measured = List.of();
  }

  Facts(CsvText text) {
    this(text, new Found());
  }

  /** A cell that has results. */
  record Cell(Facts facts, Map<String, String> row) {
    String is(String column) {
      return row.get(column);
    }

    String id() {
      return is("cell_id");
    }

    String name() {
      return is("title") + " (#" + is("number") + ")";
    }

    int count(String column) {
      return (int) CsvText.count(row, column);
    }

    boolean ipvs(String... schedulers) {
      return is("data_plane").equals("ipvs") && List.of(schedulers).contains(is("ipvs_scheduler"));
    }

    /** Whether its clients go to pods of their own choice. */
    private boolean choosing() {
      return cures("(weighted-)?round-robin|least-request|pick-first|least-connections");
    }

    /** Whether they do by a policy that has no law. */
    boolean balanced() {
      return choosing() && !shuffled() && !first();
    }

    private boolean shuffled() {
      return cures("pick-first") && !cures("shuffle=no") && !cures("by=server");
    }

    /** Whether its Service keeps each client on a pod. */
    boolean pinned() {
      return cures("session-affinity");
    }

    /** Whether its Service prefers pods of the client's zone. */
    boolean sameZone() {
      return cures("same-zone");
    }

    /** Whether its connections draw one of these. */
    boolean zoned() {
      return sameZone() && !pinned() && drawnByRules();
    }

    /** Whether the Service may forget a client before the cell ends. */
    boolean forgets() {
      Matcher timeout = Pattern.compile("session-affinity,timeout=(\\d+)s").matcher(is("cure"));
      return timeout.find()
          && 1000L * Integer.parseInt(timeout.group(1))
              < count("warmup_ms") + count("idle_ms") + count("measure_ms");
    }

    /** Whether all go to the first of a list that they know alike. */
    boolean first() {
      return cures("pick-first") && cures("shuffle=no") && !cures("by=server|learning=dns");
    }

    /** Whether a word of what is done against imbalance is one of these. */
    private boolean cures(String words) {
      return Arrays.stream(is("cure").split("[+,]", -1)).anyMatch(w -> w.matches(words));
    }

    /** Whether connections are given up while load runs, so that a law of turns is another. */
    boolean otherTurns() {
      return !choosing()
          && !pinned()
          && cures("max-(age|requests)=.*")
          && (is("data_plane").equals("direct") || ipvs("lc", "wlc", "sed", "nq"));
    }

    /** Whether a proxy picks pods for them. */
    boolean proxied() {
      return is("cure").startsWith("haproxy-") || is("cure").startsWith("envoy-");
    }

    boolean drawn() {
      return shuffled()
          || (!choosing() && !proxied() && !pinned() && !sameZone() && drawnByRules());
    }

    private boolean drawnByRules() {
      return Set.of("iptables", "nftables").contains(is("data_plane")) || ipvs("mh");
    }

    boolean direct() {
      return is("data_plane").equals("direct") || choosing() || proxied();
    }

    boolean changes() {
      return !is("events").equals("none");
    }

    Map<String, String> settings() {
      return is("settings").equals("none")
          ? Map.of()
          : Arrays.stream(is("settings").split(";", -1))
              .map(s -> s.split("=", 2))
              .collect(Collectors.toMap(s -> s[0], s -> s[1]));
    }

    /** Whether its clients' library sends requests again. */
    boolean retried() {
      return settings().getOrDefault("retries", "off").equals("library");
    }

    boolean provoking() {
      return changes()
          || count("idle_ms") > 0
          || cures("by=server")
          || settings().keySet().stream().anyMatch(s -> !OF_LOAD.contains(s));
    }

    boolean plain() {
      return !provoking() && count("nodes_count") == 1 && is("cure").equals("none");
    }

    boolean shortLived() {
      return is("protocol").equals("short-lived");
    }

    boolean shared() {
      return is("pooling").equals("shared");
    }

    String variant() {
      String word = is("data_plane");
      if (!is("iptables_backend").equals("NA") && !is("iptables_backend").equals("auto")) {
        word += "-" + is("iptables_backend");
      }
      if (!is("ipvs_scheduler").equals("NA")) {
        word += "-" + is("ipvs_scheduler");
      }
      return word
          + settings().entrySet().stream()
              .filter(s -> OF_IPVS.contains(s.getKey()))
              .map(s -> ", " + s.getKey() + " " + s.getValue())
              .sorted()
              .collect(Collectors.joining());
    }

    /** What is asked of its data plane: what its title has after the variant. */
    String workload() {
      return is("title").substring(variant().length() + 2);
    }

    /** Whether two differ in nothing but these columns, whoever names what holds anyway. */
    boolean alike(Cell other, String... but) {
      Set<String> left =
          new java.util.HashSet<>(
              Set.of("run", "cell_id", "number", "title", "cell", "block", "repetitions_count"));
      left.addAll(List.of(but));
      return row.keySet().stream()
          .filter(c -> !left.contains(c))
          .allMatch(c ->
              c.equals("settings")
                  ? unusual().equals(other.unusual())
                  : row.get(c).equals(other.row.get(c)));
    }

    /** What is set otherwise than it is where nobody names it. */
    Map<String, String> unusual() {
      Map<String, String> unusual = new LinkedHashMap<>(settings());
      unusual.entrySet().removeAll(USUAL.entrySet());
      return unusual;
    }

    /** Its rows of a table. */
    List<Map<String, String>> rows(String table) {
      return facts
          .found
          .rows
          .computeIfAbsent(
              table,
              t ->
                  facts.text.rows(t).stream().collect(Collectors.groupingBy(r -> r.get("cell_id"))))
          .getOrDefault(id(), List.of());
    }

    List<Map<String, String>> summaries() {
      return rows("summary");
    }

    long sum(String column) {
      return summaries().stream().mapToLong(s -> CsvText.count(s, column)).sum();
    }

    /** Figures of its repetitions; those that are missing left out. */
    List<Double> figures(String column) {
      return summaries().stream().map(s -> number(s, column)).filter(Double::isFinite).toList();
    }

    /** Rows of a repetition, pods in order. */
    List<Map<String, String>> pods(String repetition) {
      return rows("distribution").stream()
          .filter(r -> r.get("repetition").equals(repetition))
          .sorted(Comparator.comparingLong(r -> CsvText.count(r, "pod_index")))
          .toList();
    }

    /** Steps of the events of a repetition. */
    List<Map<String, String>> steps(String repetition) {
      return rows("events").stream().filter(e -> e.get("repetition").equals(repetition)).toList();
    }

    /** The pods that were endpoints of a repetition once all was over that ended by then. */
    Set<String> endpoints(String repetition, double ms) {
      Set<String> now = new HashSet<>();
      pods(repetition).stream()
          .filter(p -> number(p, "pod_index") <= count("pods_count"))
          .forEach(p -> now.add(p.get("pod")));
      steps(repetition).stream()
          .filter(e -> number(e, "done_ms") <= ms)
          .sorted(Comparator.comparingDouble(e -> number(e, "done_ms")))
          .forEach(e -> {
            if (e.get("step").equals("joined")) {
              now.addAll(podsOf(e));
            } else if (e.get("step").equals("left")) {
              podsOf(e).forEach(now::remove);
            }
          });
      return now;
    }

    /** The pods of a step. */
    static List<String> podsOf(Map<String, String> step) {
      return List.of(step.get("pods").split(";", -1));
    }

    /** Fields of the rows of a raw file of one of its repetitions. */
    Stream<String[]> raw(Map<String, String> summary, String table) {
      return facts.text().raw(id(), CsvText.count(summary, "repetition"), table).stream()
          .map(line -> line.split(",", -1));
    }

    /** Fields of the rows of {@code pods_over_time.csv} that begin in a part of a repetition. */
    Stream<List<String>> bins(String repetition, double fromMs, double untilMs) {
      return facts.text().raw(id(), Long.parseLong(repetition), "pods_over_time").stream()
          .map(line -> List.of(line.split(",", -1)))
          .filter(bin -> Double.parseDouble(bin.get(AT_MS)) >= fromMs)
          .filter(bin -> Double.parseDouble(bin.get(AT_MS)) < untilMs);
    }

    /** Repetitions that are judged: all pods there, and as many in each. */
    List<Map<String, String>> counted() {
      List<Map<String, String>> all = new ArrayList<>();
      int pods = 0;
      for (Map<String, String> s : summaries()) {
        int mine = pods(s.get("repetition")).size();
        if (podsCounted(s) && mine > 0 && (all.isEmpty() || mine == pods)) {
          all.add(s);
          pods = mine;
        }
      }
      return all;
    }

    /** Their connections. */
    List<Map<String, String>> connections() {
      List<String> numbers = counted().stream().map(s -> s.get("repetition")).toList();
      return rows("connections").stream()
          .filter(r -> numbers.contains(r.get("repetition")))
          .toList();
    }

    /** Their counts by pod. */
    List<long[]> counts(String column) {
      return counted().stream()
          .map(s ->
              pods(s.get("repetition")).stream().mapToLong(p -> CsvText.count(p, column)).toArray())
          .toList();
    }

    /** What it draws from more than one pod, each by itself, a row a repetition. */
    List<List<long[]>> draws() {
      if (zoned()) {
        return Zoned.draws(this).stream().map(Zoned.Draw::counts).toList();
      }
      return drawn() && podsSeen() > 1 ? List.of(counts("connections_count")) : List.of();
    }

    /** Whether it can be held to what a draw gives. */
    boolean tested() {
      return judged() && (!draws().isEmpty() || (zoned() && Zoned.outside(this)));
    }

    boolean judged() {
      return !changes() && !counts("connections_count").isEmpty();
    }

    int podsSeen() {
      return counts("connections_count").getFirst().length;
    }

    long[] sums(String column) {
      List<long[]> counts = counts(column);
      long[] sums = new long[counts.getFirst().length];
      counts.forEach(c -> Arrays.setAll(sums, i -> sums[i] + c[i]));
      return sums;
    }

    /** Pods with none, mean over repetitions. */
    double idle(String column) {
      return counts(column).stream()
          .mapToLong(c -> Arrays.stream(c).filter(x -> x == 0).count())
          .average()
          .orElseThrow();
    }

    /** Busiest over mean, all repetitions together; not a number if there is nothing. */
    double busiest(String column) {
      long[] sums = sums(column);
      return FairCounts.sum(sums) == 0
          ? Double.NaN
          : (double) Arrays.stream(sums).max().orElseThrow() * sums.length / FairCounts.sum(sums);
    }
  }

  /** Whether pods of a repetition were counted over time, and as a whole. */
  boolean watched(Cell c, String repetition) {
    return !c.pods(repetition).isEmpty()
        && !text.raw(c.id(), Long.parseLong(repetition), "pods_over_time").isEmpty();
  }

  /** Cells with results, in the order of the run. */
  List<Cell> measured() {
    if (found.measured.isEmpty()) {
      Set<String> seen =
          text.rows("summary").stream().map(r -> r.get("cell_id")).collect(Collectors.toSet());
      found.measured =
          text.rows("cells").stream()
              .filter(r -> seen.contains(r.get("cell_id")))
              .map(r -> new Cell(this, r))
              .toList();
    }
    return found.measured;
  }

  List<Cell> measured(Predicate<Cell> which) {
    return measured().stream().filter(which).toList();
  }

  /** That of a row of any table. */
  Cell cell(Map<String, String> row) {
    return measured(c -> c.id().equals(row.get("cell_id"))).getFirst();
  }

  Cell named(String name) {
    return measured().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cell is called " + name));
  }

  /** All repetitions of measured cells. */
  List<Map<String, String>> summaries() {
    return measured().stream().flatMap(c -> c.summaries().stream()).toList();
  }

  long sum(List<Map<String, String>> rows, String column) {
    return rows.stream().mapToLong(r -> count(r, column)).sum();
  }

  /** Whether no pod of a repetition is lost, nor took what it had counted with it. */
  static boolean podsCounted(Map<String, String> summary) {
    return Collections.disjoint(
        List.of(summary.get("marks").split(";", -1)), Set.of("pod-lost", "pod-uncounted"));
  }

  static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
