package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.theory.Hunt;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.result.row.HuntRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Pooling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Shares of requests on the first connections of clients whose callers share OkHttp's pool of
 * HTTP/1.1 ({@code RealConnectionPool.callAcquirePooledConnection}), beside an ordered {@link
 * Hunt}. Which are the first is seen by their use in the warm-up: connections that begin together
 * come to the pool in an order that nobody else knows.
 *
 * @param batches a client of a repetition each
 */
public record Hunted(List<Batch> batches) {
  /**
   * What shares may be otherwise than theory has them, and agree nevertheless: a client sends a
   * little late, and not all that a request takes of it is taken of the pool.
   */
  private static final double TOLERANCE = 0.03;

  /** Connections that are looked at. */
  private static final int FIRST = 3;

  private static final int FEWEST_BATCHES = 3;
  private static final double PCT = 100;
  private static final double NS_PER_MS = 1e6;

  /**
   * A client of a repetition.
   *
   * @param underWay requests, on average, by the median and by the mean service time
   * @param open connections when measuring began, at least two
   * @param shares of the first of these, from 0 to 1, in order
   */
  public record Batch(Range underWay, int open, List<Share> shares) {}

  /** From some number to another. */
  public record Range(double low, double high) {
    double middle() {
      return (low + high) / 2;
    }

    /** From a number to the nearest of these. */
    double distance(double x) {
      return x - Math.clamp(x, low, high);
    }
  }

  /** As it was and as theory has it. */
  public record Share(double seen, Range expected) {}

  /** A row for each cell of a run of which theory says something, in the order of the run. */
  public static List<HuntRow> rows(RunResults run) {
    Map<CellId, List<ConnectionRow>> ledger = run.connectionsByCell();
    Map<CellResults, Hunted> seen = new LinkedHashMap<>();
    for (CellResults cell : run.measured()) {
      of(cell, ledger.getOrDefault(cell.id(), List.of())).ifPresent(h -> seen.put(cell, h));
    }
    return seen.entrySet().stream()
        .map(h -> h.getValue().judged(run.manifest().run(), h.getKey(), seen.size()))
        .toList();
  }

  /** Empty where theory says nothing, or too little was seen. */
  static Optional<Hunted> of(CellResults cell, List<ConnectionRow> ledger) {
    Cell c = cell.cell();
    if (!knows(c)) {
      return Optional.empty();
    }
    List<Batch> batches = new ArrayList<>();
    for (RepetitionResults r : cell.counted()) {
      Collection<List<ConnectionRow>> clients =
          ledger.stream()
              .filter(l -> l.at().equals(r.summary().at()))
              .collect(
                  Collectors.groupingBy(ConnectionRow::client, TreeMap::new, Collectors.toList()))
              .values();
      for (List<ConnectionRow> client : clients) {
        batch(c, client, r.summary().service()).ifPresent(batches::add);
      }
    }
    return batches.size() < FEWEST_BATCHES ? Optional.empty() : Optional.of(new Hunted(batches));
  }

  /** Whether requests come by chance to a pool of connections that carry one at a time. */
  private static boolean knows(Cell c) {
    return c.protocol().oneAtATime()
        && c.pooling() == Pooling.SHARED
        && c.client() == ClientKind.LIBRARY
        && c.arrivals() == Arrivals.POISSON
        && c.load().steady().isPresent()
        && c.behindService()
        && c.cure().equals(Cure.NONE)
        && alike(c);
  }

  /** Whether nothing happens, but that each pod answers a time later, whatever else it does. */
  private static boolean alike(Cell c) {
    return c.course().phases().idle().isZero()
        && c.course().events().stream()
            .allMatch(e ->
                e instanceof Event.SlowPod slow && slow.pods() == c.pods() && slow.cpu().isZero());
  }

  private static long warmUp(ConnectionRow c) {
    return c.requestsCount() - c.measuredRequestsCount();
  }

  private static Optional<Batch> batch(Cell c, List<ConnectionRow> client, Times service) {
    double toMs = c.course().phases().length().toMillis();
    double fromMs = toMs - c.course().phases().measure().toMillis();
    long requests = client.stream().mapToLong(ConnectionRow::measuredRequestsCount).sum();
    List<ConnectionRow> open =
        client.stream()
            .filter(l -> l.openAt(fromMs))
            .sorted(
                Comparator.comparingLong(Hunted::warmUp)
                    .reversed()
                    .thenComparingDouble(ConnectionRow::bornMs))
            .toList();
    double perNs = requests / ((toMs - fromMs) * NS_PER_MS);
    Range underWay = new Range(perNs * service.p50Ns(), perNs * service.meanNs());
    if (open.size() < 2 || !(underWay.low() > 0)) {
      return Optional.empty();
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(FIRST, open.size()); i++) {
      shares.add(
          new Share(
              (double) open.get(i).measuredRequestsCount() / requests,
              expected(underWay, open.subList(0, i + 1), fromMs, toMs)));
    }
    return Optional.of(new Batch(underWay, open.size(), shares));
  }

  private static Range expected(
      Range underWay, List<ConnectionRow> before, double fromMs, double toMs) {
    double few = expected(new Hunt(underWay.low()), before, fromMs, toMs);
    double many = expected(new Hunt(underWay.high()), before, fromMs, toMs);
    return new Range(Math.min(few, many), Math.max(few, many));
  }

  /**
   * The share that theory has of a connection, which moves up when one before it ends.
   *
   * @param before it, last, and all that are before it, in order
   */
  private static double expected(
      Hunt hunt, List<ConnectionRow> before, double fromMs, double toMs) {
    double endMs = Math.min(before.getLast().diedMs(), toMs);
    double[] died =
        before.stream()
            .limit(before.size() - 1L)
            .mapToDouble(ConnectionRow::diedMs)
            .filter(ms -> ms < endMs)
            .sorted()
            .toArray();
    double sum = 0;
    double atMs = fromMs;
    int place = before.size();
    for (double ms : died) {
      sum += (ms - atMs) * hunt.shareOf(place--);
      atMs = ms;
    }
    return (sum + (endMs - atMs) * hunt.shareOf(place)) / (toMs - fromMs);
  }

  /** How many of the first connections every pool has. */
  private int first() {
    return batches.stream().mapToInt(b -> b.shares().size()).min().orElseThrow();
  }

  private double inTurn() {
    return 1 / mean(Batch::open);
  }

  private double mean(ToDoubleFunction<Batch> figure) {
    return batches.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** How shares in one place differ from theory, by a t-test over batches. */
  private record Differences(double mean, double error, TDistribution t) {
    /** Two-sided probability of a mean so far beyond what is tolerated. */
    double p() {
      double beyond = Math.abs(mean) - TOLERANCE;
      return error > 0
          ? Math.min(1, 2 * t.survivalProbability(beyond / error))
          : beyond > 0 ? 0 : 1;
    }

    /** How often another mean would be found. */
    double found(double other, double level) {
      double beyond = Math.abs(other) - TOLERANCE;
      return error > 0
          ? t.survivalProbability(t.inverseSurvivalProbability(level / 2) - beyond / error)
          : beyond > 0 ? 1 : 0;
    }
  }

  private Differences differences(int place) {
    ToDoubleFunction<Batch> offset = b -> middle(b, place) - b.shares().get(place).seen();
    double mean = mean(offset);
    double squares = mean(b -> Math.pow(offset.applyAsDouble(b) - mean, 2));
    int df = batches.size() - 1;
    return new Differences(
        expected(place).distance(mean(b -> b.shares().get(place).seen())),
        Math.sqrt(squares / df),
        TDistribution.of(df));
  }

  private static double middle(Batch batch, int place) {
    return batch.shares().get(place).expected().middle();
  }

  /** What theory has of a place, on average. */
  private Range expected(int place) {
    return new Range(
        mean(b -> b.shares().get(place).expected().low()),
        mean(b -> b.shares().get(place).expected().high()));
  }

  /**
   * Judges.
   *
   * @param run its name
   * @param tests of this kind in the run
   */
  HuntRow judged(String run, CellResults cell, int tests) {
    int n = first();
    double level = Verdicts.FAMILY_ERROR / tests;
    double p = 1;
    double power = 0;
    for (int i = 0; i < n; i++) {
      Differences d = differences(i);
      p = Math.min(p, n * d.p());
      power = Math.max(power, d.found(expected(i).distance(inTurn()), level / n));
    }
    Fit fit = CureRows.fit(p, level, power);
    return new HuntRow(
        run,
        cell.id(),
        batches.size(),
        mean(b -> b.underWay().low()),
        mean(b -> b.underWay().high()),
        share(0),
        share(1),
        share(2),
        PCT * inTurn(),
        p,
        Math.min(1, p * tests),
        PCT * power,
        fit);
  }

  private HuntRow.Share share(int place) {
    if (place >= first()) {
      return HuntRow.Share.NOTHING;
    }
    return new HuntRow.Share(
        PCT * mean(b -> b.shares().get(place).seen()),
        PCT * seen(place).min().orElseThrow(),
        PCT * seen(place).max().orElseThrow(),
        PCT * expected(place).low(),
        PCT * expected(place).high());
  }

  private DoubleStream seen(int place) {
    return batches.stream().mapToDouble(b -> b.shares().get(place).seen());
  }
}
