package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Axis;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a team may have, which a cure is to fit. */
public enum CureCase implements Named {
  /** Up to {@link #FEW} connections a pod. */
  FEW_CLIENTS("few-clients", "Few connections a pod"),
  /** More than that. */
  MANY_CLIENTS("many-clients", "Many connections a pod"),
  /** Streams of gRPC, which keep their pod. */
  STREAMS("streams", "Streams"),
  /** WebSockets, which do. */
  WEBSOCKET("websocket", "WebSocket"),
  /** A Service gets more pods. */
  AUTOSCALING("autoscaling", "Autoscaling"),
  /** Some pods are slower than others, and nothing else happens: times are of the whole phase. */
  SLOW_POD("slow-pod", "A slow pod"),
  /** All pods are replaced. */
  ROLLING_UPDATE("rolling-update", "A rolling update"),
  /** Packets to and from a pod vanish, and nobody says so. */
  SILENT_POD("silent-pod", "A pod that falls silent");

  /** So many connections a pod are few. */
  public static final int FEW = 10;

  /** What finds a silent pod. */
  private static final List<Axis<?>> OF_SILENCE =
      List.of(Axes.KEEP_ALIVE, Setting.KEEP_ALIVE_INTERVAL, Setting.TCP_RETRIES);

  private static final double PCT = 100;
  private static final int P99 = 99;

  private final String word;
  private final String title;

  CureCase(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /**
   * What decides between cures: the less the better.
   *
   * @param atLeast whether it is only a lower bound
   */
  record Deciding(double value, boolean atLeast) {}

  private static boolean calm(Cell c) {
    return c.protocol().longLived() && c.course().uneventful();
  }

  private static boolean few(Cell c) {
    return c.connections() <= FEW * c.pods();
  }

  private static boolean has(Cell c, EventKind kind) {
    return c.course().events().stream().anyMatch(e -> e.kind() == kind);
  }

  private static boolean grows(Cell c) {
    return c.course().events().stream().anyMatch(e -> e.grows(c.pods()));
  }

  /** Whether a cell is of it. */
  public boolean holds(CellResults cell) {
    Cell c = cell.cell();
    return switch (this) {
      case FEW_CLIENTS -> calm(c) && !c.protocol().streams() && few(c);
      case MANY_CLIENTS -> calm(c) && !c.protocol().streams() && !few(c);
      case STREAMS -> calm(c) && c.protocol().streams() && c.protocol().grpc();
      case WEBSOCKET -> calm(c) && c.protocol().streams() && !c.protocol().grpc();
      case AUTOSCALING -> grows(c);
      case SLOW_POD -> has(c, EventKind.SLOW_POD) && c.course().events().size() == 1;
      case ROLLING_UPDATE -> has(c, EventKind.ROLLING_UPDATE);
      case SILENT_POD -> has(c, EventKind.POWER_OFF);
    };
  }

  /**
   * The axes that are weighed against each other: keep-alives and time-outs balance nothing, but
   * they are what finds a silent pod.
   */
  Set<Axis<?>> weighed() {
    return this == SILENT_POD
        ? Stream.concat(CureGroup.CURES.stream(), OF_SILENCE.stream()).collect(Collectors.toSet())
        : CureGroup.CURES;
  }

  /** What a cell has of what is weighed, in words. */
  String name(Cell cell) {
    if (this != SILENT_POD) {
      return CureFindings.name(cell);
    }
    List<String> parts =
        Stream.concat(
                CureFindings.cured(cell).stream(),
                OF_SILENCE.stream().flatMap(axis -> axis.phrase(cell).stream()))
            .toList();
    return parts.isEmpty() ? "no cure, no keep-alive" : String.join(", ", parts);
  }

  /** The same with the cell's number, by which a reader finds it. */
  String numbered(CellResults cell) {
    return name(cell.cell()) + " (#" + cell.number() + ")";
  }

  /** As a sentence begins. */
  public String title() {
    return title;
  }

  /** What decides, in words. */
  String measure() {
    return switch (this) {
      case FEW_CLIENTS, MANY_CLIENTS, STREAMS, WEBSOCKET ->
          "requests of the busiest pod over the mean";
      case AUTOSCALING -> "requests of the hottest pod over the mean in the second after";
      case SLOW_POD -> "the response time that one in a hundred exceeds";
      case ROLLING_UPDATE, SILENT_POD -> "requests without an answer";
    };
  }

  /**
   * What decides, of a cell; of the worst of its repetitions where they are looked at one by one.
   */
  Optional<Deciding> of(Analysis run, CellResults cell) {
    return switch (this) {
      case FEW_CLIENTS, MANY_CLIENTS, STREAMS, WEBSOCKET ->
          busiestOverMean(cell, Unit.REQUESTS).map(Span::high).flatMap(CureCase::exact);
      case AUTOSCALING -> hottestOverMean(run, cell).map(Span::high).flatMap(CureCase::exact);
      case SLOW_POD ->
          Span.of(cell.repetitions(), r -> r.summary().response().p99Ns())
              .map(s ->
                  new Deciding(
                      s.high(),
                      cell.repetitions().stream()
                          .anyMatch(r -> r.summary().response().atLeast(P99))));
      case ROLLING_UPDATE, SILENT_POD -> {
        long due = cell.sum(s -> s.requests().dueCount());
        yield exact(PCT * (due - cell.sum(s -> s.requests().answeredCount())) / due);
      }
    };
  }

  private static Optional<Deciding> exact(double value) {
    return Double.isFinite(value) ? Optional.of(new Deciding(value, false)) : Optional.empty();
  }

  /** What the busiest pod got over the mean, by repetition; empty if there was nothing. */
  public static Optional<Span> busiestOverMean(CellResults cell, Unit unit) {
    return Span.of(
        cell.counted().stream()
            .map(r -> r.counts(unit))
            .mapToDouble(n ->
                (double) LongStream.of(n).max().orElse(0) * n.length / LongStream.of(n).sum()));
  }

  /** Requests of the hottest pod over the mean in the second after an event, by repetition. */
  public static Optional<Span> hottestOverMean(Analysis run, CellResults cell) {
    return Span.of(run.around().after(cell), CureCase::hidden);
  }

  private static double hidden(AroundRow after) {
    return after.pods().hottestPerS() / after.pods().meanPerS();
  }

  /** A figure of it. */
  String text(Deciding figure) {
    return switch (this) {
      case FEW_CLIENTS, MANY_CLIENTS, STREAMS, WEBSOCKET, AUTOSCALING ->
          Numbers.number(figure.value());
      case SLOW_POD -> Numbers.time(figure.value(), figure.atLeast());
      case ROLLING_UPDATE, SILENT_POD -> Numbers.number(figure.value()) + " %";
    };
  }

  @Override
  public String word() {
    return word;
  }
}
