package dev.conntrail.experiment;

import dev.conntrail.record.OpenConnections;
import dev.conntrail.record.OpenConnections.Life;
import dev.conntrail.record.Replies;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.PodBin;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.testbed.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each pod answered and held over time: the bins of all clients, and the ledger's lives. */
final class PodsOverTime {
  /** Length of a bin, as the clients count ({@code record.Replies}). */
  private static final double BIN_MS = Replies.BIN_MS;

  private final Witnessed seen;
  private final SortedMap<Double, Map<Optional<String>, PodBin>> bins = new TreeMap<>();

  private PodsOverTime(Witnessed seen) {
    this.seen = seen;
  }

  static List<PodsOverTimeRow> of(
      Witnessed seen, List<PodBin> counted, List<ConnectionRow> ledger) {
    PodsOverTime time = new PodsOverTime(seen);
    counted.forEach(time::add);
    return time.rows(ledger);
  }

  private void add(PodBin bin) {
    bins.computeIfAbsent(bin.atMs(), _ -> new LinkedHashMap<>())
        .merge(bin.pod(), bin, PodBin::plus);
  }

  private List<PodsOverTimeRow> rows(List<ConnectionRow> ledger) {
    int last = bins.isEmpty() ? 0 : (int) Math.round(bins.lastKey() / BIN_MS) + 1;
    SortedMap<String, List<Long>> open =
        OpenConnections.byPod(
            ledger.stream()
                .filter(c -> c.pod().isPresent())
                .map(c -> new Life(c.pod().get(), c.bornMs(), c.diedMs()))
                .toList(),
            BIN_MS,
            last);
    List<PodsOverTimeRow> rows = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      Map<Optional<String>, PodBin> here = bins.getOrDefault(i * BIN_MS, Map.of());
      Optional.ofNullable(here.get(Optional.<String>empty()))
          .ifPresent(failed ->
              rows.add(row(failed.atMs(), Optional.empty(), Optional.empty(), failed, 0)));
      for (int pod = 0; pod < seen.pods().size(); pod++) {
        Place place = seen.pods().get(pod);
        long connections =
            open.getOrDefault(place.name(), List.of()).isEmpty()
                ? 0
                : open.get(place.name()).get(i);
        PodBin bin =
            here.getOrDefault(
                Optional.of(place.name()),
                new PodBin(i * BIN_MS, Optional.of(place.name()), 0, 0, 0));
        if (bin.answeredCount() > 0 || connections > 0) {
          rows.add(row(i * BIN_MS, Optional.of(pod + 1), bin.pod(), bin, connections));
        }
      }
    }
    return rows;
  }

  private PodsOverTimeRow row(
      double atMs, Optional<Integer> index, Optional<String> pod, PodBin bin, long connections) {
    return new PodsOverTimeRow(
        seen.at(),
        atMs,
        index,
        pod,
        bin.answeredCount(),
        bin.failedCount(),
        bin.retriedCount(),
        connections);
  }
}
