package dev.conntrail.analysis.middle;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.LegsRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.ProxyLeg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Both legs of each cell whose route leads through proxies.
 *
 * @param legs a row a cell
 * @param counts a row a comparison of a proxy's own counter
 */
public record LegsRows(List<LegsRow> legs, List<ProxyCountRow> counts) {
  /** Of a run. */
  public static LegsRows of(RunResults run) {
    Map<At, List<ConnectionRow>> ledger =
        run.connections().stream().collect(Collectors.groupingBy(ConnectionRow::at));
    List<LegsRow> legs = new ArrayList<>();
    List<ProxyCountRow> counts = new ArrayList<>();
    for (CellResults cell : run.measured()) {
      if (!cell.cell().route().pins()) {
        List<Repetition> all =
            cell.repetitions().stream()
                .map(r ->
                    new Repetition(
                        cell,
                        r,
                        SeenInMiddle.of(
                            r,
                            cell.cell().protocol().streams(),
                            ledger.getOrDefault(r.summary().at(), List.of()))))
                .filter(r -> !r.seen().proxied().isEmpty())
                .toList();
        List<ProxyCountRow> compared =
            all.stream().flatMap(r -> CounterCheck.of(r.seen()).stream()).toList();
        counts.addAll(compared);
        if (!all.isEmpty()) {
          legs.add(row(run, cell, all, compared));
        }
      }
    }
    return new LegsRows(legs, counts);
  }

  private static LegsRow row(
      RunResults run, CellResults cell, List<Repetition> all, List<ProxyCountRow> compared) {
    return new LegsRow(
        run.manifest().run(),
        cell.id(),
        leg(all, ProxyLeg.TO_PROXY),
        leg(all, ProxyLeg.TO_POD),
        all.stream()
            .flatMap(r -> r.leg(ProxyLeg.TO_POD))
            .mapToLong(r -> r.unansweredCount().orElse(0L))
            .sum(),
        all.stream().mapToDouble(Repetition::retried).sum(),
        all.stream().mapToDouble(Repetition::refused).sum(),
        compared.size(),
        compared.stream().filter(ProxyCountRow::differs).count());
  }

  private static LegsRow.Leg leg(List<Repetition> all, ProxyLeg leg) {
    long connections = all.stream().mapToLong(r -> r.sum(leg, r::connections)).sum();
    long requests = all.stream().mapToLong(r -> r.sum(leg, LegsRows::requests)).sum();
    return new LegsRow.Leg(
        connections,
        requests,
        connections == 0 ? Double.NaN : (double) requests / connections,
        mean(all, r -> r.busiest(leg, r::connections)),
        mean(all, r -> r.busiest(leg, LegsRows::requests)));
  }

  private static double mean(List<Repetition> all, Function<Repetition, Double> figure) {
    return all.stream()
        .map(figure)
        .filter(Double::isFinite)
        .mapToDouble(f -> f)
        .average()
        .orElse(Double.NaN);
  }

  private static long requests(ProxiedRow row) {
    return row.requestsCount() + row.unansweredCount().orElse(0L);
  }

  private record Repetition(
      CellResults cell, RepetitionResults results, SeenInMiddle seen, OwnCounters own) {
    Repetition(CellResults cell, RepetitionResults results, SeenInMiddle seen) {
      this(cell, results, seen, OwnCounters.of(seen.counters()));
    }

    Stream<ProxiedRow> leg(ProxyLeg leg) {
      return seen.proxied().stream().filter(r -> r.leg() == leg);
    }

    /** A client's end of short-lived connections has one for each request. */
    long connections(ProxiedRow row) {
      return row.leg() == ProxyLeg.TO_PROXY && !cell.cell().protocol().longLived()
          ? row.requestsCount()
          : 1;
    }

    long sum(ProxyLeg leg, ToLongFunction<ProxiedRow> count) {
      return leg(leg).mapToLong(count).sum();
    }

    /** Not a number of fewer than two, and of pods where something happens to some of them. */
    double busiest(ProxyLeg leg, ToLongFunction<ProxiedRow> count) {
      boolean pods = leg == ProxyLeg.TO_POD;
      List<String> takers =
          pods ? results.pods().stream().map(DistributionRow::pod).toList() : own.proxies();
      Map<String, Long> sums =
          leg(leg)
              .collect(
                  Collectors.groupingBy(
                      r -> pods ? r.pod().orElse("") : r.proxy(), Collectors.summingLong(count)));
      long all = takers.stream().mapToLong(t -> sums.getOrDefault(t, 0L)).sum();
      if (all == 0 || takers.size() < 2 || (pods && !cell.cell().course().uneventful())) {
        return Double.NaN;
      }
      long most = takers.stream().mapToLong(t -> sums.getOrDefault(t, 0L)).max().orElseThrow();
      return (double) most * takers.size() / all;
    }

    double retried() {
      return own.proxies().stream()
          .map(p -> own.of(p, Optional.empty(), OwnCounters.RETRIED))
          .mapToDouble(Repetition::known)
          .sum();
    }

    double refused() {
      return own.proxies().stream()
          .flatMap(p ->
              own.pods(p).stream().map(pod -> own.of(p, Optional.of(pod), OwnCounters.REFUSED)))
          .mapToDouble(Repetition::known)
          .sum();
    }

    private static double known(OptionalLong count) {
      return count.isPresent() ? count.getAsLong() : Double.NaN;
    }
  }
}
