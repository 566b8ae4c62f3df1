package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.counted;
import static dev.conntrail.report.block.Numbers.number;
import static dev.conntrail.report.block.Numbers.time;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.finding.Occurrence;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The figure that decides for a workload, and what it is in a word. */
enum Deciding {
  /** Nothing is brought about. */
  EVENNESS("evenness: the busiest pod over the mean of requests; idle pods"),
  /** Pods come, while connections are long-lived. */
  REBALANCE("how soon new pods fill: their share of the connections opened after they came"),
  /** Pods come, while each request has a connection of its own. */
  HERD("how new pods fill: their share of the connections opened after they came"),
  /** Pods leave, while connections are long-lived. */
  SURVIVAL("connections on pods that left: how many went on"),
  /** Pods leave, while each request has a connection of its own. */
  DISRUPTION("clients whose pod stayed, by address and port: how many came to another"),
  /** Nothing is sent for a while. */
  AGEING("idle connections that went on"),
  /** The table of connections is too small. */
  FAILURES("requests that were answered, and how long a failed one took to fail");

  private static final double PCT = 100;

  private final String words;

  Deciding(String words) {
    this.words = words;
  }

  /** What decides, in words. */
  String words() {
    return words;
  }

  /** What decides for a cell. */
  static Deciding of(CellResults cell) {
    boolean longLived = cell.cell().protocol().longLived();
    if (effect(cell, Cause::adds).isPresent()) {
      return longLived ? REBALANCE : HERD;
    }
    if (effect(cell, Cause::removes).isPresent()) {
      return longLived ? SURVIVAL : DISRUPTION;
    }
    if (effect(cell, Cause.IDLE::equals).isPresent()) {
      return AGEING;
    }
    return cell.cell().find(Setting.CONNTRACK_MAX).isPresent() ? FAILURES : EVENNESS;
  }

  private static Optional<Occurrence> effect(CellResults cell, Predicate<Cause> which) {
    return Occurrence.of(cell).stream().filter(o -> which.test(o.cause())).findFirst();
  }

  /** The figure of a cell, with its range over repetitions where it has several. */
  String figure(Analysis run, CellResults cell) {
    return switch (this) {
      case EVENNESS -> evenness(run, cell);
      case REBALANCE -> effect(cell, Cause::adds).map(o -> toAdded(o) + " to new pods").orElse("");
      case HERD ->
          effect(cell, Cause::adds).map(o -> toAdded(o) + " to new pods" + fair(o)).orElse("");
      case SURVIVAL -> effect(cell, Cause::removes).map(Deciding::survival).orElse("");
      case DISRUPTION -> effect(cell, Cause::removes).map(Deciding::disruption).orElse("");
      case AGEING ->
          effect(cell, Cause.IDLE::equals)
              .map(o -> kept(o, e -> e.open().keptCount(), e -> e.open().count()) + fates(o, ""))
              .orElse("");
      case FAILURES -> failures(cell);
    };
  }

  private static String evenness(Analysis run, CellResults cell) {
    Optional<VerdictRow> requests = run.verdict(cell, Unit.REQUESTS);
    Optional<VerdictRow> connections = run.verdict(cell, Unit.CONNECTIONS);
    if (requests.isEmpty() || !Double.isFinite(requests.get().maxOverMean())) {
      return "";
    }
    String each =
        cell.repetitions().size() < 2
            ? ""
            : Span.of(
                    cell.repetitions().stream().mapToDouble(r -> busiest(r.counts(Unit.REQUESTS))))
                .filter(s -> s.high() > requests.get().maxOverMean())
                .map(s -> " (by repetition " + s.text() + ")")
                .orElse("");
    String chance =
        cell.cell().choice() == PodChoice.DRAW && connections.isPresent()
            ? "; chance: " + number(connections.get().maxOverMeanExpected())
            : "";
    return number(requests.get().maxOverMean())
        + each
        + chance
        + connections.map(v -> "; " + number(v.idle().meanCount()) + " idle").orElse("");
  }

  private static double busiest(long[] counts) {
    double sum = 0;
    double most = 0;
    for (long n : counts) {
      sum += n;
      most = Math.max(most, (double) n);
    }
    return sum == 0 ? Double.NaN : most * counts.length / sum;
  }

  /** A share of all repetitions together, and its range over them. */
  private static String share(
      Occurrence o, ToLongFunction<EffectRow> part, ToLongFunction<EffectRow> all) {
    long whole = o.sum(all);
    if (whole == 0) {
      return "none";
    }
    ToDoubleFunction<EffectRow> each = e -> PCT * part.applyAsLong(e) / all.applyAsLong(e);
    return number(PCT * o.sum(part) / whole)
        + " %"
        + (o.each().size() < 2 ? "" : o.span(each).map(s -> " (" + s.text() + ")").orElse(""));
  }

  private static String toAdded(Occurrence o) {
    return share(o, e -> e.opened().toAddedCount(), e -> e.opened().count());
  }

  /** The share of new pods among all, after the first addition. */
  private static String fair(Occurrence o) {
    return o.each().stream()
        .flatMap(e -> e.event().stream())
        .filter(EventRow::adds)
        .findFirst()
        .map(e -> ", fair: " + number(PCT * e.podsCount() / e.endpointsCount()) + " %")
        .orElse("");
  }

  private static String kept(
      Occurrence o, ToLongFunction<EffectRow> part, ToLongFunction<EffectRow> all) {
    return o.sum(part) + " of " + o.sum(all) + " went on";
  }

  private static String survival(Occurrence o) {
    return kept(o, e -> e.leaving().keptCount(), e -> e.leaving().count())
        + "; "
        + o.sum(e -> e.opened().toRemovedCount())
        + " new to them"
        + fates(o, "of all open, ")
        + failed(o);
  }

  private static String disruption(Occurrence o) {
    return share(o, e -> e.ports().movedCount(), e -> e.ports().againCount())
        + " moved; "
        + o.sum(e -> e.opened().toRemovedCount())
        + " new to the pod that left"
        + failed(o);
  }

  private static String failed(Occurrence o) {
    long failed = o.sum(EffectRow::failuresCount);
    return failed > 0 ? "; " + counted(failed, "failure") + " of a request or connect" : "";
  }

  /** What became of all open connections that did not go on. */
  private static String fates(Occurrence o, String of) {
    List<String> fates = new ArrayList<>();
    add(fates, o.sum(e -> e.open().resetCount()), "reset");
    add(fates, o.sum(e -> e.open().closedCount()), "closed");
    add(fates, o.sum(e -> e.open().unansweredCount()), "unanswered");
    return fates.isEmpty() ? "" : fates.stream().collect(Collectors.joining(", ", "; " + of, ""));
  }

  private static void add(List<String> fates, long count, String word) {
    if (count > 0) {
      fates.add(count + " " + word);
    }
  }

  private static String failures(CellResults cell) {
    double answered = cell.sum(s -> s.requests().answeredCount());
    double due = cell.sum(s -> s.requests().dueCount());
    double fail = Times.percentile(cell.latencies().get(Metric.FAILURE), 50);
    return number(PCT * answered / due)
        + " % answered"
        + (Double.isFinite(fail) ? "; failed after " + time(fail) + " (median)" : "");
  }
}
