package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogReader;

/**
 * What {@code cures.csv} says that cures take, read anew from processes, counters and histograms of
 * each repetition.
 *
 * @param folder of the run
 */
record OfCureCosts(Facts facts, Path folder) {
  private static final double SAME = 1e-5;
  private static final int BEYOND = 5;

  /** A time that was recorded. */
  private record Recorded(long low, long high, boolean answered) {}

  /** Every row says what was measured. */
  void areWhatWasMeasured() {
    OfProcesses taken = new OfProcesses(facts);
    List<Map<String, String>> rows = facts.text().rows("cures");
    assertThat(rows).isNotEmpty();
    for (Map<String, String> row : rows) {
      Cell cell = facts.cell(row);
      is(row, "opened_per_s", mean(opened(cell)));
      for (String role : List.of("client", "proxy", "pods")) {
        is(row, role + "_cpu_ns", taken.cpu(cell, role));
        is(row, role + "_resident_bytes", mean(taken.memory(cell, role)));
      }
      is(row, "response_p999_ns", exceeded(times(cell, "response", "censored"), 1));
      is(row, "connect_p99_ns", exceeded(times(cell, "connect"), 10));
      is(row, "connect_max_ns", longest(times(cell, "connect")));
    }
  }

  private static void is(Map<String, String> row, String column, double own) {
    double said = number(row, column);
    if (Double.isNaN(own)) {
      assertThat(said).as(column).isNaN();
    } else {
      assertThat(said).as(column).isCloseTo(own, within(SAME * own));
    }
  }

  private static double mean(DoubleStream figures) {
    return figures.average().orElse(Double.NaN);
  }

  private DoubleStream opened(Cell cell) {
    return cell.summaries().stream()
        .flatMap(s -> cell.raw(s, "counters"))
        .filter(r -> r[3].equals("ledger") && r[4].equals("opened_per_s"))
        .mapToDouble(r -> Double.parseDouble(r[5]));
  }

  /** All that was recorded under a tag, and under one of requests that had no answer. */
  private List<Recorded> times(Cell cell, String tag, String... unanswered) {
    List<Recorded> all = new ArrayList<>();
    for (Map<String, String> s : cell.summaries()) {
      Path log =
          folder.resolve(
              "cells/%s/rep-%02d/latency.hlog".formatted(cell.id(), count(s, "repetition")));
      try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(log))) {
        while (reader.hasNext()) {
          Histogram h = (Histogram) reader.nextIntervalHistogram();
          String own = h.getTag();
          if (tag.equals(own) || List.of(unanswered).contains(own)) {
            for (HistogramIterationValue v : h.recordedValues()) {
              long low = h.lowestEquivalentValue(v.getValueIteratedTo());
              long high = h.highestEquivalentValue(v.getValueIteratedTo());
              for (long i = 0; i < v.getCountAtValueIteratedTo(); i++) {
                all.add(new Recorded(low, high, tag.equals(own)));
              }
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  private static double longest(List<Recorded> all) {
    return all.stream().mapToDouble(Recorded::high).max().orElse(Double.NaN);
  }

  /**
   * What so many in a thousand exceed: where it may be of one that had no answer, at least that;
   * not a number where fewer than five are beyond.
   */
  private static double exceeded(List<Recorded> all, int inThousand) {
    if ((long) all.size() * inThousand < 1000L * BEYOND) {
      return Double.NaN;
    }
    int place = (int) (((long) all.size() * (1000 - inThousand) + 999) / 1000) - 1;
    Recorded[] soonest = sorted(all, _ -> true);
    Recorded[] known = sorted(all, Recorded::answered);
    boolean exact = place < known.length && known[place].low() == soonest[place].low();
    return exact ? soonest[place].high() : soonest[place].low();
  }

  private static Recorded[] sorted(List<Recorded> all, Predicate<Recorded> which) {
    Recorded[] some = all.stream().filter(which).toArray(Recorded[]::new);
    Arrays.sort(some, (a, b) -> Long.compare(a.low(), b.low()));
    return some;
  }
}
