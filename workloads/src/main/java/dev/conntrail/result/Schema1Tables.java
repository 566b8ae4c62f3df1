package dev.conntrail.result;

import dev.conntrail.result.row.Difference;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/** Tables of schema 1 with the columns of this version; what was not recorded is missing. */
final class Schema1Tables {
  private static final String MISSING = Values.MISSING;
  private static final String NONE = Values.NONE;

  /** How differences of witnesses were told in words. */
  private static final Map<String, Difference> WORDS =
      Map.of(
          "not in the client's ledger", Difference.NOT_IN_LEDGER,
          "not counted by any pod", Difference.NOT_AT_ANY_POD,
          "not in the kernel's table", Difference.NOT_IN_KERNEL,
          "ledger and pod name different pods", Difference.POD,
          "ledger and pod count different requests", Difference.REQUESTS,
          "kernel and pod name different pods", Difference.KERNEL_POD,
          "reply and testbed name different nodes", Difference.NODE);

  /** Columns that have another name now. */
  private static final Map<Table<?>, Map<String, String>> RENAMED =
      Map.of(
          Tables.SUMMARY,
          Map.of(
              "errors_count", "requests_failed_count",
              "unfinished_count", "requests_unanswered_count",
              "strays_count", "connections_strays_count",
              "disagreements_count", "cross_check_disagreements_count"),
          Tables.EVENTS,
          Map.of("change", "event"),
          Tables.LOG,
          Map.of("event", "step"),
          Tables.EFFECTS,
          Map.of(
              "kept_count",
              "open_kept_count",
              "reset_count",
              "open_reset_count",
              "closed_count",
              "open_closed_count",
              "unanswered_count",
              "open_unanswered_count",
              "new_count",
              "opened_count",
              "new_to_added_count",
              "opened_to_added_count",
              "new_to_removed_count",
              "opened_to_removed_count",
              Schema3.FAILED,
              Schema3.FAILURES),
          Tables.INTERVALS,
          Map.of("errors_count", "failed_count"));

  /** A column that not every folder of schema 1 has, and what one without it does not say. */
  private record Later(Table<?> table, String column, String what) {
    boolean missing(RawTable raw) {
      return table.is(Tables.CONNECTIONS) ? !raw.tells(column) : !raw.has(column);
    }
  }

  private static final List<Later> LATER =
      List.of(
          new Later(Tables.CONNECTIONS, "client_node", "which node a client was on"),
          new Later(Tables.CONNECTIONS, "last_reply_ms", "when a connection had its last reply"),
          new Later(
              Tables.CONNECTIONS,
              "last_request_ms",
              "when the request was sent that the last reply answers (so that a connection counts as"
                  + " kept if a reply came after a change, whatever it answered)"),
          new Later(Tables.INSTALLS, "node", "which node rules were loaded on"),
          new Later(Tables.SUMMARY, "failure_p50_ns", "how long clients took to notice a failure"));

  private final Manifest manifest;
  private final SequencedSet<String> lacks =
      new LinkedHashSet<>(
          List.of(
              "how many times were behind a percentile",
              "which rules had which hash",
              "where connections landed that had no reply",
              "how long requests took that had no answer (so that they are in no percentile)",
              "which pod answered when, and how long each took"));

  Schema1Tables(Manifest manifest) {
    this.manifest = manifest;
  }

  /** What the tables that were read do not say. */
  SequencedSet<String> lacks() {
    return lacks;
  }

  /** {@code cells.csv}: axes that an experiment did not have yet were as they are by default. */
  RawTable cells(RawTable raw) throws IOException {
    raw.needs("data_plane", "iptables_backend");
    int[] number = {0};
    return filled(
            raw.renamed("changes", "events")
                .with("run", _ -> manifest.run())
                .with("number", _ -> Integer.toString(++number[0]))
                .with("cell", _ -> "")
                .with("iptables_backend", Schema1Tables::backend)
                .with(Schema2.KUBE_PROXY, Schema2::layout),
            Map.of(
                "block",
                "1",
                "testbed",
                manifest.testbeds().getFirst().word(),
                "ipvs_scheduler",
                MISSING,
                "opening",
                "at-once",
                "keep_alive",
                NONE,
                Schema2.CURE,
                NONE,
                "nodes_count",
                "1",
                "idle_ms",
                "0",
                "repetitions_count",
                Integer.toString(manifest.repetitions())))
        .with("settings", row -> none(row.get("settings")))
        .with("events", row -> none(row.get("events")));
  }

  /** On clusters nobody said which backend kube-proxy uses. */
  private static String backend(Map<String, String> row) {
    boolean unknown = row.get("iptables_backend").equals(MISSING);
    return unknown && row.get("data_plane").equals("iptables")
        ? "auto"
        : row.get("iptables_backend");
  }

  private static String none(String text) {
    return text == null || text.equals(MISSING) ? NONE : text;
  }

  private static RawTable filled(RawTable raw, Map<String, String> values) {
    RawTable table = raw;
    for (Map.Entry<String, String> e : values.entrySet()) {
      table = table.has(e.getKey()) ? table : table.with(e.getKey(), _ -> e.getValue());
    }
    return table;
  }

  /**
   * Any other table, whose cells are named already.
   *
   * @throws IOException if it lacks a column that it always had
   */
  RawTable upgraded(Table<?> table, RawTable raw) throws IOException {
    RawTable named = raw.with("run", _ -> manifest.run());
    for (Map.Entry<String, String> e : RENAMED.getOrDefault(table, Map.of()).entrySet()) {
      raw.needs(e.getKey());
      named = named.renamed(e.getKey(), e.getValue());
    }
    for (Later later : LATER) {
      if (later.table().is(table) && later.missing(raw)) {
        lacks.add(later.what());
      }
    }
    return missing(
        table,
        switch (table.file()) {
          case "summary.csv" -> summary(named);
          case "distribution.csv" -> distribution(named);
          case "disagreements.csv" -> named.with("differences", Schema1Tables::differences);
          case "connections.csv" -> named.with("pod_by", Schema1Tables::by);
          case "log.csv" -> named.with("step", Schema1Tables::step);
          case "installs.csv" -> backends(named);
          case "kernel.csv" -> kernel(named);
          case "events.csv" -> named.with("step", row -> Schema2.stepOf(row.get("event")).word());
          default -> named;
        });
  }

  /** Columns that were not there are missing in every row, where a value may be missing. */
  private static RawTable missing(Table<?> table, RawTable raw) {
    RawTable filled = raw;
    List<String> columns = Csv.columns(table.type());
    for (int i = 0; i < columns.size(); i++) {
      if (!filled.has(columns.get(i)) && mayBeMissing(Csv.types(table.type()).get(i))) {
        filled = filled.with(columns.get(i), _ -> MISSING);
      }
    }
    return filled;
  }

  private static boolean mayBeMissing(Type type) {
    return type == double.class
        || (type instanceof ParameterizedType p && p.getRawType() == Optional.class);
  }

  private static RawTable summary(RawTable raw) throws IOException {
    raw.needs("requests_answered_count", "connections_opened_count", "cross_check");
    return raw.with("response_count", row -> row.get("requests_answered_count"))
        .with("service_count", row -> row.get("requests_answered_count"))
        .with("send_lag_count", row -> row.get("requests_answered_count"))
        .with("pacing_lag_count", _ -> "0")
        .with("connect_count", row -> row.get("connections_opened_count"))
        .with("failure_count", row -> row.get("requests_failed_count"))
        .with(Schema4.DUE_FAILED, _ -> MISSING)
        .with(Schema4.DUE_UNANSWERED, _ -> MISSING)
        .with(Schema3.REQUESTS_RETRIED, _ -> Schema3.NEVER)
        .with("cross_check_outcome", row -> row.get("cross_check").split(" ", 2)[0])
        .with(
            "cross_check_kernel",
            row -> Boolean.toString(!row.get("cross_check").contains("no kernel table")));
  }

  /** Pods are in their order. */
  private static RawTable distribution(RawTable raw) throws IOException {
    raw.needs("repetition");
    Map<List<String>, Integer> last = new HashMap<>();
    return raw.with(
            "pod_index",
            row ->
                Integer.toString(
                    last.merge(
                        List.of(row.get("cell_id"), row.get("repetition")), 1, Integer::sum)))
        .with("response_count", _ -> "0");
  }

  /** Words that are none stay as they are, and are refused when they are read. */
  private static String differences(Map<String, String> row) {
    return Arrays.stream(row.getOrDefault("why", NONE).split("; ", -1))
        .map(words -> Optional.ofNullable(WORDS.get(words)).map(Difference::word).orElse(words))
        .collect(Collectors.joining(";"));
  }

  private static String by(Map<String, String> row) {
    return row.getOrDefault("pod", MISSING).equals(MISSING) ? MISSING : "reply";
  }

  /** As it was called at first. */
  private static String step(Map<String, String> row) {
    return row.get("step").equals("rules-loaded") ? "rules-ready" : row.get("step");
  }

  private RawTable backends(RawTable raw) throws IOException {
    raw.needs("data_plane", "backend");
    return filled(raw, Map.of("testbed", manifest.testbeds().getFirst().word()))
        .with("iptables_backend", row -> where("iptables", row))
        .with("ipvs_scheduler", row -> where("ipvs", row))
        .with("tool", Schema1Tables::tool);
  }

  private static String tool(Map<String, String> row) {
    return row.getOrDefault("tool", NONE).equals(NONE) ? MISSING : row.get("tool");
  }

  /** All rounds of a number of Services were of one load, three endpoints each. */
  private RawTable kernel(RawTable raw) throws IOException {
    return filled(backends(raw), Map.of("load", "1", "endpoints_count", "3", "disturbances", NONE));
  }

  private static String where(String plane, Map<String, String> row) {
    return row.get("data_plane").equals(plane) ? row.get("backend") : MISSING;
  }
}
