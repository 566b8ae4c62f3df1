package dev.conntrail.cli;

import dev.conntrail.load.LoadOutcome;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.CpuShortage;
import dev.conntrail.record.CpuUse;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What {@code load} prints: first what went wrong, then how long the rest took. */
final class LoadSummary {
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_S = 1e9;
  private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 100.0);

  private LoadSummary() {}

  /**
   * A line each.
   *
   * @param kernel what it says of connections whose replies do not tell who sent them
   */
  static List<String> lines(LoadOutcome outcome, KernelAnswers kernel) {
    LoadOutcome.Requests requests = outcome.requests();
    Map<Metric, Histogram> all = Recording.sum(outcome.intervals());
    CensoredTimes times = CensoredTimes.of(all);
    List<String> lines = new ArrayList<>();
    lines.add(
        "requests due in the measure phase: %,d, answered: %,d%s"
            .formatted(requests.due(), requests.answered(), perSecond(outcome)));
    lines.add(
        "in all phases without an answer when the drain ended: %,d"
            .formatted(requests.unfinished()));
    lines.add(
        "in all phases failed, connects too: %,d"
            .formatted(requests.errors().values().stream().mapToLong(n -> n).sum()));
    requests.errors().forEach((kind, n) -> lines.add("  %,d  %s".formatted(n, kind)));
    if (!requests.statuses().isEmpty()) {
      lines.add(
          "in all phases replies by status, first exchanges too: " + statuses(requests.statuses()));
    }
    lines.add(
        "response time: "
            + PERCENTILES.stream()
                .map(p -> name(p) + " " + text(times.percentile(p)))
                .collect(Collectors.joining(", ")));
    times("service time", all.get(Metric.SERVICE)).ifPresent(lines::add);
    times("send lag", all.get(Metric.SEND_LAG)).ifPresent(lines::add);
    times("connect time", all.get(Metric.CONNECT)).ifPresent(lines::add);
    lines.add("connections: %,d".formatted(outcome.ledger().size()));
    byPod(outcome.ledger(), kernel).forEach((pod, n) -> lines.add("  %,d  %s".formatted(n, pod)));
    kernel.unknown().ifPresent(lines::add);
    lines.add(pauses(outcome.cpu()));
    if (shortOfCpu(outcome)) {
      lines.add("the client was short of CPU: times are partly its own");
    }
    return lines;
  }

  private static String statuses(Map<Integer, Long> byClass) {
    return byClass.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> "%dxx %,d".formatted(e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  /**
   * Those of the measure phase; empty where there were none, as of connects, or in a closed loop.
   */
  private static Optional<String> times(String what, Histogram found) {
    return Optional.ofNullable(found)
        .filter(h -> h.getTotalCount() > 0)
        .map(h ->
            PERCENTILES.stream()
                .map(p -> name(p) + " %.3f ms".formatted(Quantiles.percentile(h, p) / NS_PER_MS))
                .collect(Collectors.joining(", ", what + ": ", "")));
  }

  /** What the client's own Java did to its times. */
  private static String pauses(CpuUse cpu) {
    if (cpu.gcCount() == 0) {
      return "the client collected no garbage meanwhile";
    }
    return "the client collected garbage %,d times, for ".formatted(cpu.gcCount())
        + (cpu.gcPauseMs() == 0
            ? "how long is not known"
            : "less than %,d ms each time".formatted(cpu.gcPauseMs()));
  }

  private static String perSecond(LoadOutcome outcome) {
    long measuredNs = outcome.times().measuredNs();
    return measuredNs == 0
        ? ""
        : ", %,.0f a second".formatted(outcome.requests().answered() * NS_PER_S / measuredNs);
  }

  private static boolean shortOfCpu(LoadOutcome outcome) {
    return CpuShortage.is(outcome.pacingLagP99Ns(), outcome.cpu(), outcome.times().measuredNs());
  }

  private static Map<String, Long> byPod(List<LedgerRow> ledger, KernelAnswers kernel) {
    return ledger.stream()
        .collect(
            Collectors.groupingBy(
                e -> e.pod().isEmpty() ? kernel.words(e) : e.pod(),
                TreeMap::new,
                Collectors.counting()));
  }

  private static String name(double p) {
    return p == 100 ? "max" : "p%.0f".formatted(p);
  }

  private static String text(CensoredTimes.Time time) {
    return Double.isNaN(time.ns())
        ? "not known"
        : (time.atLeast() ? "more than " : "")
            + String.format(Locale.ROOT, "%.2f ms", time.ns() / NS_PER_MS);
  }
}
