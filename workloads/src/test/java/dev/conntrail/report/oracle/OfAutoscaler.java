package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a mean hides: counted anew in bins of 100 ms, by who was an endpoint when. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfAutoscaler(Facts facts) {
  private static final Set<String> SCALES =
      Set.of("scale", "add-endpoints", "remove-endpoints", "delete-endpoints");

  /** Of one second after an event. */
  private record Chosen(double pods, double times, double byMean, double byHottest) {
    boolean alike() {
      return byMean == byHottest;
    }
  }

  /** Where the hottest pod changes no choice. */
  void alike(String text) {
    Filled f =
        Phrase.read(
            "By the hottest pod an HPA would choose as many as by the mean in the second after [n]"
                + " event[s]: [*].",
            text);
    List<String> all =
        OfFreeEvents.occurrences(facts).stream()
            .filter(o -> {
              List<Chosen> of =
                  o.rows().stream().flatMap(r -> chosen(o.cell(), r).stream()).toList();
              return !of.isEmpty() && of.stream().allMatch(Chosen::alike);
            })
            .map(OfFreeEvents.Happened::name)
            .toList();
    f.is(0, all.size());
    assertThat(all).as(text).containsAll(OfVerdicts.items(f.words(1), all.size()));
  }

  void check(String text, Map<Cell, List<Map<String, String>>> side) {
    Map<Cell, List<Chosen>> chosen = new LinkedHashMap<>();
    side.forEach(
        (c, rows) -> chosen.put(c, rows.stream().flatMap(r -> chosen(c, r).stream()).toList()));
    chosen.values().removeIf(of -> of.isEmpty() || of.stream().allMatch(Chosen::alike));
    Filled f = Phrase.read("What an autoscaler's mean hides in the second after ([*]): [*].", text);
    List<Cell> cells = List.copyOf(chosen.keySet());
    cells.forEach(c -> assertThat(f.words(0)).isEqualTo(c.workload() + "; " + c.is("testbed")));
    List<String> items = OfVerdicts.items(f.words(1), cells.size());
    for (int i = 0; i < items.size(); i++) {
      List<Chosen> of = chosen.get(cells.get(i));
      Filled item =
          Phrase.read(
              "[*]: the hottest of [r] pod[s] answered [r] times the mean, and an HPA would choose [r] by the"
                  + " mean, [r] by the hottest",
              items.get(i));
      assertThat(item.words(0)).isEqualTo(cells.get(i).variant());
      item.spans(1, of.stream().map(Chosen::pods).toList());
      item.spans(2, of.stream().map(Chosen::times).toList());
      item.spans(3, of.stream().map(Chosen::byMean).toList());
      item.spans(4, of.stream().map(Chosen::byHottest).toList());
    }
  }

  private Optional<Chosen> chosen(Cell c, Map<String, String> effect) {
    String repetition = effect.get("repetition");
    List<Map<String, String>> steps = c.steps(repetition);
    Optional<Map<String, String>> first =
        steps.stream()
            .filter(e -> e.get("event").equals(effect.get("cause")))
            .filter(e -> number(e, "begun_ms") == number(effect, "from_ms"))
            .findFirst();
    if (first.isEmpty() || !SCALES.contains(effect.get("cause")) || !facts.watched(c, repetition)) {
      return Optional.empty();
    }
    List<Map<String, String>> own =
        steps.stream()
            .filter(e -> e.get("event").equals(first.get().get("event")))
            .filter(e -> e.get("asked_ms").equals(first.get().get("asked_ms")))
            .toList();
    double from = own.stream().mapToDouble(e -> number(e, "begun_ms")).min().orElseThrow();
    double to = own.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
    long begin = (long) Math.floor(from / 100) * 100;
    long end = Math.max(begin + 100, (long) Math.ceil(to / 100) * 100);
    long last = Math.min(until(c, from, steps), end + 1000);
    double target = mean(rates(c, repetition, begin - 1000, begin));
    List<Double> rates = rates(c, repetition, end, last);
    double hottest = rates.stream().mapToDouble(r -> r).max().orElse(0);
    boolean grows = c.is("opening").equals("spread");
    if (end >= last || grows || !(target > 0) || hottest == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Chosen(
            rates.size(),
            hottest / mean(rates),
            replicas(rates.size(), mean(rates) / target),
            replicas(rates.size(), hottest / target)));
  }

  /** When the next event begins, or the measure phase ends; then the bin is over that it is in. */
  private static long until(Cell c, double from, List<Map<String, String>> steps) {
    return (long) Math.ceil(Math.min(OfEvents.lengthMs(c), next(from, steps)) / 100) * 100;
  }

  /** When the next event begins, of the steps of a repetition; infinite if none does. */
  static double next(double from, List<Map<String, String>> steps) {
    return steps.stream()
        .collect(
            Collectors.groupingBy(
                e -> e.get("event") + e.get("asked_ms"),
                Collectors.mapping(e -> number(e, "begun_ms"), Collectors.minBy(Double::compare))))
        .values()
        .stream()
        .flatMap(Optional::stream)
        .filter(ms -> ms > from)
        .min(Double::compare)
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** The hottest pod's requests over the mean in the second after each event of a cell. */
  List<Double> hottestOverMean(Cell c) {
    List<Double> ratios = new ArrayList<>();
    for (Map<String, String> s : c.summaries()) {
      String repetition = s.get("repetition");
      List<Map<String, String>> steps = c.steps(repetition);
      if (!facts.watched(c, repetition)) {
        continue;
      }
      steps.stream()
          .collect(Collectors.groupingBy(e -> e.get("event") + e.get("asked_ms")))
          .values()
          .forEach(own -> {
            double from = own.stream().mapToDouble(e -> number(e, "begun_ms")).min().orElseThrow();
            double to = own.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
            long begin = (long) Math.floor(from / 100) * 100;
            long end = Math.max(begin + 100, (long) Math.ceil(to / 100) * 100);
            long last = Math.min(until(c, from, steps), end + 1000);
            List<Double> rates = end < last ? rates(c, repetition, end, last) : List.of();
            ratios.add(rates.stream().mapToDouble(r -> r).max().orElse(0) / mean(rates));
          });
    }
    return ratios;
  }

  private static double mean(List<Double> rates) {
    return rates.stream().mapToDouble(r -> r).average().orElse(Double.NaN);
  }

  private static double replicas(int pods, double ratio) {
    return Math.abs(ratio - 1) <= 0.1 ? pods : Math.ceil(pods * ratio);
  }

  /** Requests a second of each pod that is an endpoint when the time is over. */
  private static List<Double> rates(Cell c, String repetition, long from, long to) {
    double seconds = (to - Math.max(0, from)) / 1e3;
    List<Double> rates = new ArrayList<>();
    for (String pod : c.endpoints(repetition, to)) {
      long answered =
          c.bins(repetition, from, to)
              .filter(bin -> bin.get(Facts.POD).equals(pod))
              .mapToLong(bin -> Long.parseLong(bin.get(Facts.ANSWERED)))
              .sum();
      rates.add(answered / seconds);
    }
    return rates;
  }
}
