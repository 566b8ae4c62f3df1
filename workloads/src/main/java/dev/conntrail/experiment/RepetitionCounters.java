package dev.conntrail.experiment;

import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Phases;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What everybody counted in a repetition. */
final class RepetitionCounters {
  private static final double MS_PER_S = 1000;

  private RepetitionCounters() {}

  /** A row a counter. */
  static List<CounterRow> of(Witnessed seen, ClientRows load, List<ConnectionRow> ledger) {
    List<EchoCount> echo = seen.echo().connections();
    List<CounterRow> counters = new ArrayList<>();
    counters.add(count(seen, "ledger", "connections_count", ledger.size()));
    counters.add(
        count(
            seen,
            "ledger",
            "requests_count",
            ledger.stream().mapToLong(ConnectionRow::requestsCount).sum()));
    counters.add(counter(seen, "ledger", "opened_per_s", openedPerS(seen, ledger)));
    openedBeforePerS(ledger)
        .ifPresent(n -> counters.add(counter(seen, "ledger", "opened_before_per_s", n)));
    counters.add(count(seen, "pods", "connections_count", echo.size()));
    counters.add(
        count(
            seen,
            "pods",
            "requests_count",
            echo.stream().mapToLong(EchoCount::requestsCount).sum()));
    seen.kernel()
        .ifPresent(view ->
            counters.add(
                count(seen, "kernel", "connections_count", view.listing().lines().count())));
    seen.ipvs().ifPresent(view -> counters.addAll(view.counters(seen.at())));
    counters.addAll(seen.helpers().counters(seen.at()));
    counters.add(counter(seen, "load", "start_spread_ms", seen.load().startSpreadMs()));
    List<LoadTotals> totals = load.totals();
    for (int i = 0; i < totals.size(); i++) {
      counters.addAll(own(seen, seen.clients().get(i).name(), totals.get(i)));
    }
    return counters;
  }

  /** Connections that were made in the measure phase, a second. */
  private static double openedPerS(Witnessed seen, List<ConnectionRow> ledger) {
    Phases phases = seen.cell().course().phases();
    double fromMs = phases.beforeMeasure().toMillis();
    double toMs = fromMs + phases.measure().toMillis();
    long opened = ledger.stream().filter(c -> c.bornMs() >= fromMs && c.bornMs() < toMs).count();
    return opened * MS_PER_S / (toMs - fromMs);
  }

  /** Connections that were made before the first phase, a second, while they were. */
  private static OptionalDouble openedBeforePerS(List<ConnectionRow> ledger) {
    DoubleSummaryStatistics births =
        ledger.stream().mapToDouble(ConnectionRow::bornMs).filter(ms -> ms < 0).summaryStatistics();
    double spanMs = births.getMax() - births.getMin();
    return spanMs > 0
        ? OptionalDouble.of(births.getCount() * MS_PER_S / spanMs)
        : OptionalDouble.empty();
  }

  /** What tells whether a client was short of CPU, and what many connections held. */
  private static List<CounterRow> own(Witnessed seen, String client, LoadTotals totals) {
    Stream<CounterRow> held =
        totals.heldBytes().stream().map(bytes -> counter(seen, client, "held_bytes", bytes));
    Stream<CounterRow> cpu =
        Stream.of(
            count(seen, client, "cpu_ns", totals.cpu().processNs()),
            counter(seen, client, "run_queue_ns", totals.cpu().runQueueNs()),
            count(seen, client, "cpus_count", totals.cpu().cpus()),
            count(seen, client, "measured_ns", totals.measuredNs()),
            count(seen, client, "gc_count", totals.cpu().gcCount()),
            count(seen, client, "gc_ms", totals.cpu().gcMs()),
            count(seen, client, "gc_pause_ms", totals.cpu().gcPauseMs()),
            counter(seen, client, "pacing_lag_p99_ns", totals.pacingLagP99Ns().orElse(Double.NaN)));
    return Stream.concat(cpu, held).toList();
  }

  private static CounterRow count(Witnessed seen, String source, String name, long value) {
    return counter(seen, source, name, (double) value);
  }

  private static CounterRow counter(Witnessed seen, String source, String name, double value) {
    return new CounterRow(seen.at(), source, name, value);
  }
}
