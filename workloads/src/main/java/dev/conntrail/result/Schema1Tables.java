package dev.conntrail.result;

import dev.conntrail.result.row.Difference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tables of schema 1 with the columns of this version; what was not recorded is missing. */
final class Schema1Tables {
  static final String MISSING = "NA";
  private static final String NONE = "none";

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
              "kept_count", "open_kept_count",
              "reset_count", "open_reset_count",
              "closed_count", "open_closed_count",
              "unanswered_count", "open_unanswered_count",
              "new_count", "opened_count",
              "new_to_added_count", "opened_to_added_count",
              "new_to_removed_count", "opened_to_removed_count"),
          Tables.INTERVALS,
          Map.of("errors_count", "failed_count"));

  private final Manifest manifest;

  Schema1Tables(Manifest manifest) {
    this.manifest = manifest;
  }

  /** {@code cells.csv}: axes that an experiment did not have yet were as they are by default. */
  RawTable cells(RawTable raw) {
    int[] number = {0};
    return filled(
            raw.renamed("changes", "events")
                .with("run", _ -> manifest.run())
                .with("number", _ -> Integer.toString(++number[0]))
                .with("cell", _ -> "")
                .with("iptables_backend", Schema1Tables::backend),
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

  /** Any other table, whose cells are named already. */
  RawTable upgraded(Table<?> table, RawTable raw) {
    RawTable named = raw.with("run", _ -> manifest.run());
    for (Map.Entry<String, String> e : RENAMED.getOrDefault(table, Map.of()).entrySet()) {
      named = named.renamed(e.getKey(), e.getValue());
    }
    RawTable own =
        switch (table.file()) {
          case "summary.csv" -> summary(named);
          case "distribution.csv" -> distribution(named);
          case "disagreements.csv" -> named.with("differences", Schema1Tables::differences);
          case "connections.csv" -> named.with("pod_by", Schema1Tables::by);
          case "installs.csv", "kernel.csv" -> backends(named);
          default -> named;
        };
    return missing(table, own);
  }

  /** Columns that were not there are missing in every row. */
  private static RawTable missing(Table<?> table, RawTable raw) {
    RawTable filled = raw;
    for (String column : Csv.columns(table.type())) {
      if (!filled.has(column)) {
        filled = filled.with(column, _ -> MISSING);
      }
    }
    return filled;
  }

  private static RawTable summary(RawTable raw) {
    return raw.with("response_count", row -> row.get("requests_answered_count"))
        .with("service_count", row -> row.get("requests_answered_count"))
        .with("send_lag_count", row -> row.get("requests_answered_count"))
        .with("connect_count", row -> row.get("connections_opened_count"))
        .with("failure_count", row -> row.get("requests_failed_count"))
        .with("cross_check_outcome", row -> row.get("cross_check").split(" ", 2)[0])
        .with(
            "cross_check_kernel",
            row -> Boolean.toString(!row.get("cross_check").contains("no kernel table")));
  }

  private static RawTable distribution(RawTable raw) {
    Map<List<String>, Integer> last = new HashMap<>();
    return raw.with(
        "pod_index",
        row ->
            Integer.toString(
                last.merge(List.of(row.get("cell_id"), row.get("repetition")), 1, Integer::sum)));
  }

  /** Words that are none stay as they are, and are refused when they are read. */
  private static String differences(Map<String, String> row) {
    return Arrays.stream(row.getOrDefault("why", NONE).split("; ", -1))
        .map(words -> Optional.ofNullable(WORDS.get(words)).map(Difference::word).orElse(words))
        .collect(Collectors.joining(";"));
  }

  private static String by(Map<String, String> row) {
    return row.get("pod").equals(MISSING) ? MISSING : "reply";
  }

  private RawTable backends(RawTable raw) {
    return filled(raw, Map.of("testbed", manifest.testbeds().getFirst().word()))
        .with("iptables_backend", row -> where("iptables", row))
        .with("ipvs_scheduler", row -> where("ipvs", row))
        .with("tool", row -> "none".equals(row.get("tool")) ? MISSING : row.get("tool"));
  }

  private static String where(String plane, Map<String, String> row) {
    return row.get("data_plane").equals(plane) ? row.get("backend") : MISSING;
  }
}
