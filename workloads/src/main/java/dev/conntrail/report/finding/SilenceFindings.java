package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Setting;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * What tells clients that a pod has fallen silent: the kernel, when it has sent data again as often
 * as it may, or their pings. Of cells in which nothing else happens, by protocol and testbed.
 */
final class SilenceFindings implements FindingSource {
  private static final int LISTED = 8;
  private static final List<EventKind> ONLY = List.of(EventKind.POWER_OFF);

  private record Clients(Protocol protocol, TestbedKind testbed) {}

  /** What clients have against silence. */
  private record Means(KeepAlive keepAlive, int everyS, Optional<Integer> retries) {
    static Means of(Cell cell) {
      boolean none = cell.keepAlive() == KeepAlive.NONE;
      return new Means(
          cell.keepAlive(),
          none ? 0 : cell.get(Setting.KEEP_ALIVE_INTERVAL),
          cell.find(Setting.TCP_RETRIES));
    }

    boolean none() {
      return keepAlive == KeepAlive.NONE && retries.isEmpty();
    }

    boolean kernelAlone() {
      return keepAlive == KeepAlive.NONE && retries.isPresent();
    }

    boolean pingsAlone() {
      return keepAlive == KeepAlive.PING && retries.isEmpty();
    }

    String words() {
      List<String> words = new ArrayList<>();
      if (keepAlive != KeepAlive.NONE) {
        words.add(
            "keep-alive "
                + keepAlive.word()
                + " every "
                + Setting.KEEP_ALIVE_INTERVAL.text(everyS));
      }
      retries.ifPresent(n -> words.add(Setting.TCP_RETRIES.word() + " " + n));
      return words.isEmpty() ? "nothing" : String.join(" and ", words);
    }
  }

  /** Those with the same means; connections were open on the pods that fell silent. */
  private record Told(Means means, List<Occurrence> some) {
    long struck() {
      return some.stream()
          .flatMap(o -> o.each().stream())
          .flatMap(e -> e.effect().openStruckCount().stream())
          .mapToLong(n -> n)
          .sum();
    }

    long broken() {
      return some.stream().mapToLong(Occurrence::broken).sum();
    }

    /** When, from when the pod fell silent: each repetition's median, milliseconds. */
    Optional<Span> after() {
      return Span.of(
          some.stream().flatMap(o -> o.each().stream()).map(Occurrence.Of::effect).toList(),
          EffectRow::noticeP50Ms);
    }

    boolean all() {
      return broken() == struck();
    }

    Sentence sentence() {
      return Sentence.of("{means}: {broken} ({struck} on it){after}")
          .withName("means", means.words())
          .withAny("broken", broken())
          .with("struck", struck())
          .with(
              "after",
              after().map(s -> Sentence.of(", seen after {after}").withMillis("after", s)));
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    Map<Clients, Map<Means, List<Occurrence>>> found = new LinkedHashMap<>();
    for (CellResults c : run.results().measured()) {
      if (c.cell().course().events().stream().map(Event::kind).toList().equals(ONLY)) {
        for (Occurrence o : Occurrence.of(c)) {
          if (o.cause().event().equals(Optional.of(EventKind.POWER_OFF))) {
            found
                .computeIfAbsent(
                    new Clients(c.cell().protocol(), c.testbed()), _ -> new LinkedHashMap<>())
                .computeIfAbsent(Means.of(c.cell()), _ -> new ArrayList<>())
                .add(o);
          }
        }
      }
    }
    return found.entrySet().stream()
        .flatMap(e -> finding(e.getKey(), told(e.getValue())).stream())
        .toList();
  }

  private static List<Told> told(Map<Means, List<Occurrence>> by) {
    return by.entrySet().stream()
        .map(e -> new Told(e.getKey(), e.getValue()))
        .filter(t -> t.struck() > 0)
        .toList();
  }

  /** None where clients had nothing against it, or no connection was on a pod that fell silent. */
  private static Optional<Finding> finding(Clients clients, List<Told> told) {
    if (told.stream().allMatch(t -> t.means().none())) {
      return Optional.empty();
    }
    List<Occurrence> all = told.stream().flatMap(t -> t.some().stream()).toList();
    return Optional.of(
        Rank.SILENCE.finding(
            "silence-" + all.getFirst().cell().id(),
            Tone.PLAIN,
            Sentence.of(
                    "Open connections that broke when a pod fell silent ({protocol}, {testbed}), by what"
                        + " clients have against it: {each}.{verdict}")
                .with("protocol", clients.protocol().word())
                .with("testbed", clients.testbed().word())
                .withSome("each", told.stream().map(Told::sentence).toList(), LISTED)
                .with("verdict", verdict(told)),
            Evidence.of(
                    "effects.csv, cells.csv",
                    "open_struck_count, open_reset_count, open_closed_count, notice_p50_ms; keep_alive,"
                        + " settings",
                    "sums over cells that differ in their data plane, and repetitions; times from when"
                        + " the pod fell silent, each repetition's median, lowest to highest; compared"
                        + " where all that were on it broke, and no others",
                    Numbers.counted(
                        all.stream().mapToLong(o -> o.each().size()).sum(), "repetition"))
                .at(CellLink.to(all.getFirst().cell()))));
  }

  /** Whether pings told sooner than the kernel, where both told of all. */
  private static String verdict(List<Told> told) {
    Optional<Span> kernel = after(told, Means::kernelAlone);
    Optional<Span> pings = after(told, Means::pingsAlone);
    if (kernel.isEmpty() || pings.isEmpty()) {
      return "";
    }
    if (pings.get().high() < kernel.get().low()) {
      return " Pings told of it before the kernel had sent data again for the last time.";
    }
    return pings.get().low() > kernel.get().high()
        ? " Pings told of it after the kernel had sent data again for the last time."
        : " Pings told of it when the kernel did, which had sent data again for the last time.";
  }

  private static Optional<Span> after(List<Told> told, Predicate<Means> which) {
    List<Told> some = told.stream().filter(t -> which.test(t.means())).toList();
    return some.stream().allMatch(Told::all)
        ? Span.of(
            some.stream()
                .flatMap(t -> t.after().stream())
                .flatMapToDouble(s -> DoubleStream.of(s.low(), s.high())))
        : Optional.empty();
  }
}
