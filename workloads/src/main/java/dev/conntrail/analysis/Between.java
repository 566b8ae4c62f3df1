package dev.conntrail.analysis;

import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.EchoCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares neighbouring legs: as many requests leave a place between them as come to it. */
final class Between {
  /** Stands where a connection's port would: what differs is of a place. */
  private static final int NO_PORT = 0;

  private Between() {}

  /** A row for each place at which they differ by more than requests without an answer explain. */
  static List<DisagreementRow> of(Witnesses witnesses) {
    List<DisagreementRow> rows = new ArrayList<>();
    for (int i = 1; i < witnesses.legs().size(); i++) {
      Leg in = witnesses.legs().get(i - 1);
      Leg out = witnesses.legs().get(i);
      TreeMap<String, Long> came =
          in.to().stream()
              .collect(
                  Collectors.groupingBy(
                      EchoCount::pod,
                      TreeMap::new,
                      Collectors.summingLong(EchoCount::requestsCount)));
      TreeMap<String, Long> went =
          out.from().stream()
              .collect(
                  Collectors.groupingBy(
                      ConnectionRow::client,
                      TreeMap::new,
                      Collectors.summingLong(ConnectionRow::requestsCount)));
      went.keySet().forEach(place -> came.putIfAbsent(place, 0L));
      came.forEach((place, n) -> {
        long m = went.getOrDefault(place, 0L);
        if (Math.abs(n - m) > Math.max(in.unanswered(), out.unanswered())) {
          rows.add(row(witnesses, place, n, m));
        }
      });
    }
    return rows;
  }

  private static DisagreementRow row(Witnesses witnesses, String place, long came, long went) {
    return new DisagreementRow(
        witnesses.at(),
        place,
        NO_PORT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(went),
        Optional.of(came),
        List.of(Difference.REQUESTS));
  }
}
