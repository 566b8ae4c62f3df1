package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.Alterations.CONTROL;
import static dev.conntrail.report.oracle.Alterations.is;
import static dev.conntrail.report.oracle.Alterations.set;
import static dev.conntrail.report.oracle.Alterations.titled;
import static dev.conntrail.report.oracle.CsvText.count;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Runs that have but some of the cells, so that a heading is about these. */
final class SomeCells {
  private final Alterations others;

  SomeCells(Alterations others) {
    this.others = others;
    add();
  }

  /** Of two that leave nothing together the second does nothing, for a run has cells. */
  private static void keep(CsvText t, Predicate<Map<String, String>> cells) {
    if (t.rows("cells").stream().noneMatch(cells)) {
      return;
    }
    Predicate<Map<String, String>> kept = Alterations.of(t, cells);
    List.of("cells", "summary", "distribution", "connections", "events", "effects")
        .forEach(table -> t.drop(table, kept.negate()));
  }

  /** Whether it differs from another in nothing but the cure. */
  private static boolean weighs(Map<String, String> cell) {
    return cell.get("cure").matches("(?!session|same).+")
        && !(cell.get("cure").equals("none")
            && !(cell.get("title").contains("8 connections")
                && cell.get("events").matches("(scale|slow-pod|rolling-update)=[^;]*")));
  }

  private void add() {
    others.add("one cell only", t -> keep(t, titled("iptables-nft, http1, 6 connections")));
    others.add("the control only", t -> keep(t, titled(CONTROL)));
    others.add("the baseline only", t -> keep(t, is("data_plane", "direct")));
    others.add("cells whose Service changes only", t -> keep(t, is("events", "none").negate()));
    others.add(
        "cells with other events only",
        t -> keep(t, r -> r.get("events").matches("(kill|scale).*")));
    others.add(
        "cells with other events only, that lost requests",
        t -> {
          others.named("cells with other events only").accept(t);
          t.change(
              "summary",
              Alterations.of(t, is("protocol", "grpc")).and(is("repetition", "2")),
              r -> r.put("requests_due_count", Long.toString(count(r, "requests_due_count") + 7)));
        });
    others.add(
        "cells with other events only, some of which were cut short",
        t -> {
          others.named("cells with other events only").accept(t);
          t.change(
              "summary",
              Alterations.of(t, is("protocol", "grpc")).or(is("repetition", "2")),
              set("marks", "event-cut-short"));
        });
    others.add(
        "cells with other events only, all of which were cut short",
        t -> {
          others.named("cells with other events only").accept(t);
          t.drop("effects", r -> true);
          t.change("summary", r -> true, set("marks", "event-cut-short"));
        });
    others.add(
        "cells with other events only, whose witnesses differ",
        t -> {
          others.named("cells with other events only").accept(t);
          t.change("summary", is("repetition", "1"), set("cross_check_disagreements_count", "2"));
        });
    others.add("cells that weigh cures only", t -> keep(t, SomeCells::weighs));
    others.add(
        "cells that weigh cures only, while pods join",
        t -> keep(t, r -> weighs(r) && r.get("events").startsWith("scale")));
    others.add(
        "cells that weigh cures only, where proxies are a pool",
        t -> keep(t, r -> weighs(r) && r.get("cure").contains("envoy")));
    others.add(
        "cells that weigh cures of HTTP/1.1 only",
        t -> keep(t, r -> weighs(r) && r.get("protocol").equals("http1")));
    others.add(
        "cells that weigh cures only, whose witnesses differ",
        t -> {
          keep(t, SomeCells::weighs);
          t.change("summary", is("repetition", "1"), set("cross_check_disagreements_count", "2"));
        });
    others.add("cells that remove only", t -> keep(t, r -> r.get("events").startsWith("remove")));
    others.add("cells that idle only", t -> keep(t, is("idle_ms", "1000")));
    others.add("ipvs only", t -> keep(t, is("data_plane", "ipvs")));
  }
}
