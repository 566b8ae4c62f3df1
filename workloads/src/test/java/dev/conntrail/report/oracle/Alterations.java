package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Ways in which the tables of {@link WholeRun} may be other than one expects. */
final class Alterations {
  private static final String NA = "NA";
  private final Map<String, Consumer<CsvText>> all = new LinkedHashMap<>();

  private Alterations() {
    pods();
    laws();
    connections();
    requests();
    times();
    witnesses();
    effects();
    new SomeCells(this);
    whole();
  }

  /** One of them. */
  Consumer<CsvText> named(String name) {
    return all.get(name);
  }

  /** All of them, by name. */
  static Map<String, Consumer<CsvText>> all() {
    return new Alterations().all;
  }

  void add(String name, Consumer<CsvText> change) {
    all.put(name, change.andThen(Alterations::fit));
  }

  /** Pods have no more than their repetition: what they were given, it has. */
  private static void fit(CsvText t) {
    for (Map<String, String> summary : t.rows("summary")) {
      List<Map<String, String>> pods =
          t.rows("distribution").stream()
              .filter(r ->
                  r.get("cell_id").equals(summary.get("cell_id"))
                      && r.get("repetition").equals(summary.get("repetition")))
              .toList();
      long opened = pods.stream().mapToLong(r -> count(r, "connections_count")).sum();
      long answered = pods.stream().mapToLong(r -> count(r, "requests_count")).sum();
      atLeast(summary, "connections_opened_count", opened);
      atLeast(summary, "requests_answered_count", answered);
      atLeast(summary, "requests_due_count", answered);
    }
  }

  private static void atLeast(Map<String, String> row, String column, long least) {
    row.put(column, Long.toString(Math.max(count(row, column), least)));
  }

  /** Rows of cells that a predicate on their row in cells.csv picks. */
  static Predicate<Map<String, String>> of(CsvText t, Predicate<Map<String, String>> cells) {
    var ids =
        t.rows("cells").stream()
            .filter(cells)
            .map(r -> r.get("cell_id"))
            .collect(Collectors.toSet());
    return row -> ids.contains(row.get("cell_id"));
  }

  static Predicate<Map<String, String>> is(String column, String... values) {
    return row -> List.of(values).contains(row.get(column));
  }

  static Predicate<Map<String, String>> titled(String part) {
    return row -> row.get("title").contains(part);
  }

  static Consumer<Map<String, String>> set(String column, String value) {
    return row -> row.put(column, value);
  }

  private static Consumer<Map<String, String>> none(String... columns) {
    return row -> List.of(columns).forEach(c -> row.put(c, "0"));
  }

  static final String CONTROL = "iptables-nft, short-lived, 6 callers";

  private void pods() {
    add(
        "a pod at 0 in the control",
        t ->
            t.change(
                "distribution",
                of(t, titled(CONTROL)).and(is("pod_index", "2")),
                none("connections_count", "requests_count")));
    add(
        "three pods at 0 in the control",
        t ->
            t.change(
                "distribution",
                of(t, titled(CONTROL)).and(is("pod_index", "1", "2", "3")),
                none("connections_count", "requests_count")));
    add(
        "another pod at 0 in each repetition",
        t ->
            t.change(
                "distribution",
                of(t, titled("short-lived, 6 callers"))
                    .and(r -> r.get("pod_index").equals(r.get("repetition"))),
                none("connections_count", "requests_count")));
    add(
        "a control that is perfectly even",
        t ->
            t.change(
                "distribution",
                of(t, titled("short-lived, 6 callers")),
                r -> {
                  r.put("connections_count", "60");
                  r.put("requests_count", "60");
                }));
    loads();
  }

  private void loads() {
    add(
        "an uneven control with even connections",
        t ->
            t.change(
                "distribution",
                of(t, titled(CONTROL)).and(is("pod_index", "1")),
                set("requests_count", "240")));
    add(
        "long-lived connections that load pods evenly",
        t ->
            t.change(
                "distribution",
                of(t, is("protocol", "http1")),
                r -> {
                  r.put("connections_count", "2");
                  r.put("requests_count", "60");
                }));
    add(
        "all pods loaded alike",
        t -> t.change("distribution", r -> true, set("requests_count", "60")));
    add(
        "all long-lived connections on one pod",
        t ->
            t.change(
                "distribution",
                of(t, titled("http1, 6 connections")),
                r -> r.put("connections_count", r.get("pod_index").equals("1") ? "6" : "0")));
    add(
        "a connection on each pod",
        t ->
            t.change(
                "distribution",
                of(t, titled("http1, 6 connections")),
                set("connections_count", "1")));
  }

  private void laws() {
    add(
        "ipvs rr that sends all to one pod",
        t ->
            t.change(
                "connections",
                of(t, titled("ipvs-rr, http1, 12 connections, 2 clients")),
                set("pod", "pod-1")));
    add(
        "the baseline that sends all to one pod",
        t -> t.change("connections", of(t, is("data_plane", "direct")), set("pod", "pod-1")));
    add(
        "a hash that splits a client",
        t ->
            t.change(
                "connections",
                of(t, titled("ipvs-sh")).and(is("connection", "1")),
                set("pod", "pod-5")));
    add(
        "zones that are not kept",
        t -> t.change("connections", of(t, is("cure", "same-zone")), set("pod", "pod-1")));
    add(
        "a zone that has no pod",
        t -> t.change("distribution", of(t, is("cure", "same-zone")), set("node", "node-1")));
    add(
        "two connections by turns",
        t ->
            t.drop(
                "connections",
                of(t, titled("ipvs-rr, http1, 12 connections, 2 clients"))
                    .and(is("connection", "1", "2").negate())));
    add(
        "nodes that keep to themselves",
        t -> {
          t.change(
              "connections",
              of(t, is("nodes_count", "2")),
              r -> r.put("node", r.get("client_node")));
        });
  }

  private void connections() {
    add(
        "strays",
        t -> {
          t.change(
              "connections",
              of(t, is("protocol", "http1")).and(is("connection", "2")),
              set("strays_count", "3"));
          t.change(
              "summary",
              of(t, is("protocol", "http1")),
              r -> {
                r.put("connections_strays_count", "3");
                r.put("marks", "connection-changed-pod");
              });
        });
    add(
        "strays in the ledger alone",
        t -> t.change("connections", is("connection", "1"), set("strays_count", "1")));
    add(
        "strays in the summary alone",
        t -> t.change("summary", is("repetition", "1"), set("connections_strays_count", "2")));
    add("no ledger", t -> t.drop("connections", r -> true));
    add("a ledger that knows no pod", t -> t.change("connections", r -> true, set("pod", NA)));
    add(
        "shared clients that use all pods",
        t -> {
          t.change("distribution", of(t, is("pooling", "shared")), set("requests_count", "60"));
          t.change("summary", of(t, is("pooling", "shared")), set("pods_reached_count", "5"));
        });
    add(
        "shared clients whose connections lie where no request goes",
        t -> {
          t.change("summary", of(t, is("pooling", "shared")), set("pods_reached_count", "4"));
          t.change(
              "summary", of(t, is("pooling", "shared")), set("connections_opened_count", "11"));
          t.change(
              "distribution",
              of(t, is("pooling", "shared")).and(is("pod_index", "1").negate()),
              set("requests_count", "0"));
        });
    add(
        "no connection anywhere",
        t -> {
          t.drop("connections", r -> true);
          t.change("distribution", r -> true, none("connections_count", "requests_count"));
          t.change("summary", r -> true, none("connections_opened_count", "pods_reached_count"));
        });
    add("no distribution of one cell", t -> t.drop("distribution", of(t, titled(CONTROL))));
    add(
        "a repetition with a pod less",
        t ->
            t.drop(
                "distribution",
                of(t, titled("6 c")).and(is("repetition", "2")).and(is("pod_index", "5"))));
  }

  private void requests() {
    add(
        "no requests",
        t -> {
          t.change("distribution", r -> true, set("requests_count", "0"));
          t.change(
              "summary",
              r -> true,
              none("requests_due_count", "requests_answered_count")
                  .andThen(set("response_p50_ns", NA)));
        });
    add(
        "errors everywhere",
        t -> {
          t.change("distribution", r -> true, set("requests_count", "0"));
          t.change(
              "summary",
              r -> true,
              r -> {
                r.put("requests_failed_count", r.get("requests_due_count"));
                r.put("requests_answered_count", "0");
                r.put("response_p50_ns", NA);
                r.put("failure_p50_ns", "1.5e+09");
                r.put("marks", "rate-missed;errors");
              });
        });
    add(
        "errors in one cell",
        t -> t.change("summary", of(t, titled(CONTROL)), set("requests_failed_count", "7")));
    add(
        "requests without an answer",
        t -> t.change("summary", r -> true, set("requests_unanswered_count", "1")));
    add(
        "requests that nobody knows what became of",
        t -> t.change("summary", r -> true, set("requests_answered_count", "100")));
  }

  private void times() {
    add(
        "short-lived faster than kept",
        t ->
            t.change(
                "summary", of(t, is("protocol", "short-lived")), set("response_p50_ns", "400000")));
    add(
        "short-lived faster in one pair",
        t -> t.change("summary", of(t, titled(CONTROL)), set("response_p50_ns", "700000")));
    add(
        "short-lived slower by repetition",
        t ->
            t.change(
                "summary",
                of(t, is("protocol", "short-lived")),
                r -> r.put("response_p50_ns", r.get("repetition") + "e6")));
    add("no times of connects", t -> t.change("summary", r -> true, set("connect_p50_ns", NA)));
    add(
        "no times of connects through nftables",
        t -> t.change("summary", of(t, is("data_plane", "nftables")), set("connect_p50_ns", NA)));
    add(
        "a repetition ten times as slow",
        t ->
            t.change(
                "summary",
                is("repetition", "2"),
                r -> {
                  r.put("response_p50_ns", "1.2e7");
                  r.put("connect_p50_ns", "1e6");
                }));
    add(
        "a machine that was busy",
        t -> t.change("summary", r -> true, set("marks", "client-short-of-cpu;cpu-stolen")));
    add(
        "a machine that was busy in one cell",
        t -> t.change("summary", of(t, titled(CONTROL)), set("marks", "rate-missed")));
    add(
        "closed loops",
        t ->
            t.change(
                "cells",
                is("protocol", "http1"),
                r -> {
                  r.put("rate", "closed");
                  r.put("cell", r.get("cell").replaceFirst("rate=\\w+", "rate=closed"));
                }));
    add(
        "a rate that rises everywhere",
        t -> t.change("cells", r -> true, rate("50..350", false, "from 50/s evenly to 350/s")));
    add(
        "steps that chance spreads in some cells",
        t ->
            t.change(
                "cells",
                is("protocol", "http1"),
                rate("100/400/100", true, "100 then 400 then 100/s, Poisson arrivals")));
  }

  /** The words stand behind those of callers and clients. */
  private static Consumer<Map<String, String>> rate(String rate, boolean poisson, String words) {
    return r -> {
      r.put(
          "title",
          r.get("title")
              .replaceFirst(
                  "(\\d+ (?:connections|callers)(?:, \\d+ clients(?: on \\d+ nodes)?)?)",
                  "$1, " + words));
      r.put("rate", rate);
      r.put("cell", r.get("cell").replaceFirst("rate=\\w+", "rate=" + rate));
      if (poisson) {
        String others = r.get("settings").equals("none") ? "" : r.get("settings") + ";";
        r.put("settings", others + "arrivals=poisson");
        r.put("cell", r.get("cell").replaceFirst("(rate=\\S+)", "$1 arrivals=poisson"));
      }
    };
  }

  private void witnesses() {
    add("no kernel", t -> t.change("summary", r -> true, set("cross_check_kernel", "false")));
    add(
        "a kernel in some repetitions",
        t -> t.change("summary", is("repetition", "2"), set("cross_check_kernel", "false")));
    for (String why :
        List.of(
            "kernel-pod",
            "not-in-kernel;node",
            "pod;requests",
            "not-in-ledger;not-at-any-pod",
            "node")) {
      add(
          "witnesses that differ: " + why,
          t -> {
            t.change(
                "summary",
                r -> r.equals(t.rows("summary").getFirst()),
                set("cross_check_disagreements_count", "1"));
            Map<String, String> row = new LinkedHashMap<>();
            Map<String, String> at = t.rows("summary").getFirst();
            List.of("run", "cell_id", "repetition").forEach(c -> row.put(c, at.get(c)));
            List.of(
                    "local_address",
                    "local_port",
                    "ledger_pod",
                    "echo_pod",
                    "kernel_pod",
                    "ledger_requests_count",
                    "echo_requests_count")
                .forEach(c -> row.put(c, "1"));
            row.put("differences", why);
            t.rows("disagreements").add(row);
          });
    }
    add(
        "differences that are not listed",
        t ->
            t.change(
                "summary", is("repetition", "1"), set("cross_check_disagreements_count", "2")));
    add("nothing compared", t -> t.change("summary", r -> true, none("cross_check_rows_count")));
    for (String mark :
        List.of(
            "pod-lost", "load-lost", "witnesses-disagree;clients-not-together", "drained-early")) {
      add("marked " + mark, t -> t.change("summary", is("repetition", "1"), set("marks", mark)));
    }
    add("every pod lost", t -> t.change("summary", r -> true, set("marks", "pod-lost")));
    add("every pod uncounted", t -> t.change("summary", r -> true, set("marks", "pod-uncounted")));
  }

  private void effects() {
    add(
        "new pods that get nothing",
        t -> t.change("effects", is("cause", "add-endpoints"), set("opened_to_added_count", "0")));
    add(
        "new pods that get all",
        t -> t.change("effects", is("cause", "add-endpoints"), set("opened_to_added_count", "5")));
    add(
        "nothing opened later",
        t ->
            t.change(
                "effects",
                r -> true,
                none("opened_count", "opened_to_added_count", "opened_to_removed_count")));
    add("no events", t -> t.drop("events", r -> true));
    add(
        "events that cost nothing",
        t ->
            t.change(
                "effects",
                is("cause", "kill-pod", "change-mode"),
                none("open_reset_count", "open_closed_count", "open_unanswered_count")));
    add(
        "events that found nothing open",
        t -> t.change("effects", is("cause", "kill-pod"), set("open_count", "0")));
    add(
        "pods that join in one repetition alone",
        t -> t.drop("events", is("step", "joined").and(is("repetition", "2"))));
    add(
        "pods that got connections before they joined",
        t -> {
          t.change("connections", is("pod", "pod-1"), set("pod", "pod-4"));
          t.change("connections", is("connection", "1"), set("born_ms", "1200"));
        });
    add(
        "connections that break",
        t ->
            t.change(
                "effects",
                r -> count(r, "open_count") > 0,
                r -> {
                  r.put("open_kept_count", "0");
                  r.put("open_reset_count", Long.toString(count(r, "open_count") - 1));
                  r.put("open_closed_count", "1");
                  r.put("leaving_kept_count", "0");
                  r.put("notice_p50_ms", r.get("repetition") + "234.5");
                  r.put("failures_count", "3");
                }));
    idle();
    add(
        "ports that all move",
        t ->
            t.change(
                "effects",
                is("cause", "remove-endpoints"),
                r -> r.put("ports_moved_count", r.get("ports_again_count"))));
    add("no effects", t -> t.drop("effects", r -> true));
  }

  private void idle() {
    add(
        "idle connections that all go on",
        t ->
            t.change(
                "effects",
                is("cause", "idle"),
                r -> {
                  r.put("open_kept_count", "12");
                  r.put("open_reset_count", "0");
                  r.put("open_closed_count", "0");
                  r.put("notice_p50_ms", NA);
                }));
    add(
        "idle connections without an answer",
        t ->
            t.change(
                "effects",
                is("cause", "idle"),
                r -> {
                  r.put("open_kept_count", "0");
                  r.put("open_reset_count", "0");
                  r.put("open_closed_count", "0");
                  r.put("open_unanswered_count", "12");
                  r.put("notice_p50_ms", NA);
                }));
  }

  private void whole() {
    add(
        "one repetition only",
        t ->
            List.of("summary", "distribution", "connections", "events", "effects")
                .forEach(table -> t.drop(table, is("repetition", "2"))));
    add(
        "a run that was stopped",
        t -> {
          t.manifest("\"status\" : \"complete\"", "\"status\" : \"partial\"");
          all.get("one repetition only").accept(t);
        });
    add(
        "nothing measured",
        t ->
            List.of("summary", "distribution", "connections", "events", "effects")
                .forEach(table -> t.drop(table, r -> true)));
    add("edited rules", t -> t.manifest("\"rulesEdit\" : \"\"", "\"rulesEdit\" : \"s/0.2/0.3/\""));
    add(
        "edited rules and a fault",
        t -> {
          t.manifest("\"rulesEdit\" : \"\"", "\"rulesEdit\" : \"s/0.2/0.3/\"");
          all.get("three pods at 0 in the control").accept(t);
        });
    add(
        "a cluster",
        t -> {
          t.manifest("\"netns\"", "\"kind\"");
          t.change("cells", r -> true, set("testbed", "kind"));
        });
    add(
        "a cluster that tells another story",
        t -> {
          all.get("a cluster").accept(t);
          all.get("three pods at 0 in the control").accept(t);
          all.get("short-lived slower by repetition").accept(t);
        });
  }
}
