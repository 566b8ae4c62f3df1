package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Sentences on what changes, idleness and small tables did. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfEffects(Facts facts) {
  static final String[] OF_DATA_PLANE = {
    "data_plane", "iptables_backend", "ipvs_scheduler", "kube_proxy", "settings"
  };

  /** Effects of one cause by cell: those that stand side by side with the cell of an id. */
  private Map<Cell, List<Map<String, String>>> side(String id, String cause) {
    Cell first = facts.measured(c -> id.endsWith(c.id())).getFirst();
    Map<Cell, List<Map<String, String>>> side = new LinkedHashMap<>();
    for (Cell c : facts.measured(c -> c.alike(first, OF_DATA_PLANE))) {
      List<Map<String, String>> rows =
          c.rows("effects").stream()
              .filter(r -> r.get("cause").equals(cause) && measured(c, r))
              .toList();
      if (!rows.isEmpty()) {
        side.put(c, rows);
      }
    }
    return side;
  }

  static boolean measured(Cell c, Map<String, String> row) {
    return c.summaries().stream().anyMatch(s -> s.get("repetition").equals(row.get("repetition")));
  }

  static void where(String words, Map<Cell, List<Map<String, String>>> side) {
    side.keySet().forEach(c -> assertThat(words).isEqualTo(c.workload() + "; " + c.is("testbed")));
  }

  static void each(
      String list,
      String sign,
      Map<Cell, List<Map<String, String>>> side,
      BiConsumer<String, List<Map<String, String>>> check) {
    List<Cell> cells = List.copyOf(side.keySet());
    List<String> items = OfVerdicts.items(list, cells.size());
    for (int i = 0; i < items.size(); i++) {
      String name = cells.get(i).variant() + sign + " ";
      assertThat(items.get(i)).startsWith(name);
      check.accept(items.get(i).substring(name.length()), side.get(cells.get(i)));
    }
  }

  /** What each data plane lost of its idle connections, by what clients sent to keep them. */
  static void lost(String list, Facts facts) {
    List<Cell> cells = facts.measured(c -> sum(idle(c), "open_count") > 0);
    List<String> variants = cells.stream().map(Cell::variant).distinct().toList();
    for (String item : OfVerdicts.items(list, variants.size())) {
      String variant =
          variants.stream().filter(v -> item.startsWith(v + " lost ")).findFirst().orElseThrow();
      List<Cell> mine = cells.stream().filter(c -> c.variant().equals(variant)).toList();
      String[] parts = item.substring(variant.length() + 6).split(", | and ", -1);
      for (String part : parts) {
        Filled f = Phrase.read("[*] of [n][*]", part);
        List<Cell> those =
            mine.stream()
                .filter(c -> f.words(2).isEmpty() || f.words(2).equals(" " + keptBy(c)))
                .toList();
        long open = those.stream().mapToLong(c -> sum(idle(c), "open_count")).sum();
        long kept = those.stream().mapToLong(c -> sum(idle(c), "open_kept_count")).sum();
        f.is(1, open);
        assertThat(f.words(0)).as(list).isEqualTo(open == kept ? "none" : "" + (open - kept));
      }
      long ways = mine.stream().map(OfEffects::keptBy).distinct().count();
      boolean none =
          mine.stream()
              .allMatch(c -> sum(idle(c), "open_count") == sum(idle(c), "open_kept_count"));
      assertThat((long) parts.length).as(list).isEqualTo(none ? 1 : ways);
    }
  }

  private static List<Map<String, String>> idle(Cell c) {
    return c.rows("effects").stream()
        .filter(r -> r.get("cause").equals("idle") && measured(c, r))
        .toList();
  }

  private static String keptBy(Cell c) {
    String interval = c.settings().get("keep-alive-interval");
    return c.is("keep_alive").equals("none")
        ? "without a keep-alive"
        : "with keep-alive " + c.is("keep_alive") + (interval == null ? "" : " every " + interval);
  }

  private static long sum(List<Map<String, String>> rows, String column) {
    return rows.stream().mapToLong(r -> count(r, column)).sum();
  }

  private static List<Double> pct(List<Map<String, String>> rows, String part, String all) {
    return rows.stream()
        .filter(r -> count(r, all) > 0)
        .map(r -> 100 * number(r, part) / number(r, all))
        .toList();
  }

  void scaleOut(String id, String text) {
    Map<Cell, List<Map<String, String>>> side = side(id, "add-endpoints");
    List<Map<String, String>> events = events(side);
    Filled f =
        Phrase.read(
            "Scale-out ([*])[*]: of the connections opened afterwards the new pods got: [*].[*]",
            text);
    where(f.words(0), side);
    if (events.isEmpty()) {
      assertThat(f.words(1)).isEmpty();
    } else {
      Filled joined = Phrase.read(", [r] joining [r]", f.words(1));
      joined.spans(0, events.stream().map(e -> number(e, "pods_count")).toList());
      joined.spans(
          1,
          events.stream()
              .map(e -> number(e, "endpoints_count") - number(e, "pods_count"))
              .toList());
    }
    int of = text.indexOf(". Of ");
    String list = text.substring(text.indexOf("pods got: ") + 10, of < 0 ? text.length() - 1 : of);
    int share = list.indexOf("; an equal share is ");
    assertThat(share >= 0).isEqualTo(!events.isEmpty());
    if (share >= 0) {
      Phrase.read("; an equal share is [r] %", list.substring(share))
          .spans(
              0,
              events.stream()
                  .map(e -> 100 * number(e, "pods_count") / number(e, "endpoints_count"))
                  .toList());
      list = list.substring(0, share);
    }
    each(list, "", side, OfEffects::toAdded);
    stayed(of < 0 ? "" : text.substring(of + 2), side);
  }

  /** Steps at which endpoints joined, of events that began when a cause did. */
  private List<Map<String, String>> events(Map<Cell, List<Map<String, String>>> side) {
    List<Map<String, String>> events = new ArrayList<>();
    side.forEach((c, rows) ->
        c.rows("events").stream()
            .filter(e -> e.get("step").equals("joined"))
            .filter(e ->
                rows.stream()
                    .anyMatch(r ->
                        r.get("repetition").equals(e.get("repetition"))
                            && r.get("cause").equals(e.get("event"))
                            && number(r, "from_ms") == begun(c, e)))
            .forEach(events::add));
    return events;
  }

  /** When the event of a step began. */
  private static double begun(Cell c, Map<String, String> step) {
    return c.rows("events").stream()
        .filter(e -> e.get("repetition").equals(step.get("repetition")))
        .filter(e -> e.get("event").equals(step.get("event")))
        .filter(e -> e.get("asked_ms").equals(step.get("asked_ms")))
        .mapToDouble(e -> number(e, "begun_ms"))
        .min()
        .orElseThrow();
  }

  private static void toAdded(String item, List<Map<String, String>> rows) {
    long opened = sum(rows, "opened_count");
    if (opened == 0) {
      assertThat(item).isEqualTo("nothing, for none was opened");
    } else {
      Filled f = Phrase.read("[r] % of [n]", item);
      f.spans(0, pct(rows, "opened_to_added_count", "opened_count"));
      f.is(1, opened);
    }
  }

  private void stayed(String text, Map<Cell, List<Map<String, String>>> side) {
    List<Map<String, String>> open = new ArrayList<>();
    side.forEach((c, rows) ->
        rows.forEach(r ->
            c.rows("connections").stream()
                .filter(l -> l.get("repetition").equals(r.get("repetition")))
                .filter(l -> number(l, "born_ms") < number(r, "from_ms"))
                .filter(l ->
                    l.get("lived_ms").equals("NA")
                        || number(l, "born_ms") + number(l, "lived_ms") > number(r, "from_ms"))
                .forEach(open::add)));
    assertThat(text.isEmpty()).isEqualTo(open.isEmpty());
    if (open.isEmpty()) {
      return;
    }
    Filled f =
        Phrase.read(
            "Of [n] connection[s] open before, [*] had a reply from another pod than the first.",
            text);
    f.is(0, open.size());
    long moved = open.stream().filter(l -> count(l, "strays_count") > 0).count();
    assertThat(f.words(1)).isEqualTo(moved == 0 ? "none" : Long.toString(moved));
  }

  void removal(String id, String text, String cause) {
    Filled f =
        Phrase.read(
            cause.startsWith("delete")
                ? "Endpoints were deleted, ipvs's real servers at once ([*]): [*]."
                : "Endpoints left the Service and their pods lived on ([*]): [*].",
            text);
    Map<Cell, List<Map<String, String>>> side = side(id, cause);
    where(f.words(0), side);
    each(f.words(1), ":", side, OfEffects::removed);
  }

  private static void removed(String item, List<Map<String, String>> rows) {
    long leaving = sum(rows, "leaving_count");
    long opened = sum(rows, "opened_count");
    long broken = sum(rows, "open_reset_count") + sum(rows, "open_closed_count");
    long failed = sum(rows, "failures_count");
    List<Double> noticed = notices(rows);
    Filled f =
        Phrase.read("[*], [*]", item.replaceAll("(on them went on|open on them), ", "$1 , "));
    String rest = f.words(1);
    if (leaving == 0) {
      assertThat(item).startsWith("no connection was open on them, ");
    } else {
      Filled kept = Phrase.read("[n] of [n] connection[s] open on them went on[*]", item);
      kept.is(0, sum(rows, "leaving_kept_count"));
      kept.is(1, leaving);
    }
    if (opened == 0) {
      assertThat(rest).startsWith("none was opened later");
    } else {
      Filled came = Phrase.read("[n] of [n] opened later came to them[*]", rest);
      came.is(0, sum(rows, "opened_to_removed_count"));
      came.is(1, opened);
    }
    assertThat(item.contains(" broke")).isEqualTo(!noticed.isEmpty());
    if (!noticed.isEmpty()) {
      Filled b =
          Phrase.read(
              "[*], [n] of [n] open anywhere broke, seen by the client [t] after it began[*]",
              item);
      b.is(1, broken);
      b.is(2, sum(rows, "open_count"));
      b.spansTimes(3, noticed);
    }
    assertThat(item.contains(" of a request or connect")).isEqualTo(failed > 0);
    if (failed > 0) {
      Phrase.read("[*], [n] failure[s] of a request or connect", item).is(1, failed);
    }
  }

  /** In nanoseconds. */
  private static List<Double> notices(List<Map<String, String>> rows) {
    return rows.stream()
        .map(r -> 1e6 * number(r, "notice_p50_ms"))
        .filter(Double::isFinite)
        .toList();
  }

  void portsMoved(String id, String text) {
    Filled all =
        Phrase.read(
            "Clients' ends (address and port) that were used before and after an endpoint left, and"
                + " whose pod stayed ([*]): to another pod came: [*].",
            text);
    Map<Cell, List<Map<String, String>>> side = side(id, "remove-endpoints");
    where(all.words(0), side);
    side.values().removeIf(rows -> sum(rows, "ports_again_count") == 0);
    each(
        all.words(1),
        "",
        side,
        (item, rows) -> {
          Filled f = Phrase.read("[r] % of [n]", item);
          f.spans(0, pct(rows, "ports_moved_count", "ports_again_count"));
          f.is(1, sum(rows, "ports_again_count"));
        });
  }

  void idle(String id, String text) {
    Filled f = Phrase.read("Connections that were idle ([*]): [*].", text);
    Map<Cell, List<Map<String, String>>> side = side(id, "idle");
    where(f.words(0), side);
    each(f.words(1), ":", side, OfEffects::aged);
  }

  private static void aged(String item, List<Map<String, String>> rows) {
    long broken = sum(rows, "open_reset_count") + sum(rows, "open_closed_count");
    long unanswered = sum(rows, "open_unanswered_count");
    Filled f = Phrase.read("[n] of [n] connection[s] went on[*]", item);
    f.is(0, sum(rows, "open_kept_count"));
    f.is(1, sum(rows, "open_count"));
    assertThat(item.contains("broke")).isEqualTo(broken > 0);
    if (item.contains("seen by the client")) {
      Filled b =
          Phrase.read(
              "[*], [n] broke ([n] reset), seen by the client [t] after the idle phase began[*]",
              item);
      b.is(1, broken);
      b.is(2, sum(rows, "open_reset_count"));
      b.spansTimes(3, notices(rows));
    } else if (broken > 0) {
      Phrase.read("[*], [n] broke[*]", item).is(1, broken);
    }
    assertThat(item.contains("no answer")).isEqualTo(unanswered > 0);
    if (unanswered > 0) {
      Phrase.read("[*], [n] had no answer", item).is(1, unanswered);
    }
  }

  void fullTable(String text) {
    String list =
        Phrase.read("With room for few entries in the kernel's connection table: [*].", text)
            .words(0);
    List<Cell> cells = facts.measured(c -> c.settings().containsKey("conntrack-max"));
    List<String> items = OfVerdicts.items(list, cells.size());
    for (int i = 0; i < items.size(); i++) {
      Cell c = cells.get(i);
      Filled f =
          Phrase.read(
              "[*]: [n] of [n] request[s] that were due had an answer, [n] failed[*]",
              items.get(i));
      assertThat(f.words(0)).isEqualTo(c.name());
      f.is(1, c.sum("requests_answered_count"));
      f.is(2, c.sum("requests_due_count"));
      f.is(3, c.sum("requests_failed_count"));
      if (c.figures("failure_p50_ns").isEmpty()) {
        assertThat(f.words(4)).isEmpty();
      } else {
        Phrase.read(", [t] (median) after they were due", f.words(4))
            .spansTimes(0, c.figures("failure_p50_ns"));
      }
    }
  }
}
