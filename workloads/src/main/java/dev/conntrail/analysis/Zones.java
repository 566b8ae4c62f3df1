package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.DrawsAmong;
import dev.conntrail.analysis.chance.Method;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.spec.PodChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the Service prefers pods of the client's zone, each node being a zone of its own: what the
 * clients of each zone drew, in each repetition. A zone without pods has all of them, as its rules
 * do ({@code topologyModeFromHints}, {@code pkg/proxy/topology.go}).
 *
 * @param pods of a repetition
 * @param draws a draw for each zone with clients, and each repetition
 */
record Zones(int pods, List<Draw> draws) {
  /** The zones of all cells that prefer none, in which nothing was drawn. */
  static final Zones NONE = new Zones(0, List.of());

  /**
   * What the clients of a zone opened in a repetition.
   *
   * @param among pods that are theirs to draw from, from 0
   * @param counts by pod of these
   * @param outside connections to others
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Draw(
      String zone, RepetitionResults repetition, List<Integer> among, long[] counts, long outside) {
    private DrawsAmong.Part part() {
      return new DrawsAmong.Part(Arrays.stream(counts).sum(), among);
    }
  }

  /** Draws of a zone among the same pods. */
  private record Alike(String zone, List<Integer> among) {}

  /** Those of a cell; {@link #NONE} where its connections draw no pod of their zone. */
  static Zones of(CellResults cell, List<ConnectionRow> ledger) {
    if (cell.cell().choice() != PodChoice.ZONE_DRAW) {
      return NONE;
    }
    List<Draw> draws = new ArrayList<>();
    for (RepetitionResults r : cell.judged()) {
      Map<String, List<ConnectionRow>> byZone =
          ledger.stream()
              .filter(c -> c.at().equals(r.summary().at()) && c.clientNode().isPresent())
              .collect(
                  Collectors.groupingBy(
                      c -> c.clientNode().orElseThrow(), TreeMap::new, Collectors.toList()));
      byZone.forEach((zone, opened) -> draws.add(draw(zone, r, opened)));
    }
    return new Zones(cell.judged().isEmpty() ? 0 : cell.judged().getFirst().pods().size(), draws);
  }

  /** The pods that rules on a node have: those of its zone, or all, by their places. */
  static List<Integer> among(String zone, List<DistributionRow> pods) {
    List<Integer> own =
        IntStream.range(0, pods.size())
            .filter(i -> pods.get(i).node().equals(zone))
            .boxed()
            .toList();
    return own.isEmpty() ? IntStream.range(0, pods.size()).boxed().toList() : own;
  }

  private static Draw draw(String zone, RepetitionResults r, List<ConnectionRow> opened) {
    List<Integer> among = among(zone, r.pods());
    List<String> names = r.pods().stream().map(DistributionRow::pod).toList();
    long[] counts = new long[among.size()];
    long outside = 0;
    for (String pod : opened.stream().flatMap(c -> c.pod().stream()).toList()) {
      int place = among.indexOf(names.indexOf(pod));
      if (place >= 0) {
        counts[place]++;
      } else if (names.contains(pod)) {
        outside++;
      }
    }
    return new Draw(zone, r, among, counts, outside);
  }

  /** Draws of zones that have more than one pod, all repetitions of each together. */
  List<List<Draw>> drawn() {
    return draws.stream()
        .filter(d -> d.among().size() > 1)
        .collect(
            Collectors.groupingBy(
                d -> new Alike(d.zone(), d.among()), LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .toList();
  }

  /** Whether there is anything to test. */
  boolean tells() {
    return outside() > 0 || !drawn().isEmpty();
  }

  private long outside() {
    return draws.stream().mapToLong(Draw::outside).sum();
  }

  /**
   * A test of each zone, in both forms; where a connection went elsewhere, which no draw of these
   * lets it, that alone.
   */
  Stream<Tested> tests() {
    return outside() > 0
        ? Stream.of(new Tested(Form.POOLED, new TestResult(Double.NaN, 0, 1, new Method.Exact())))
        : drawn().stream()
            .flatMap(zone ->
                Uniformity.test(zone.stream().map(Draw::counts).toArray(long[][]::new))
                    .tests()
                    .stream());
  }

  /** All that zones drew, all repetitions together. */
  DrawsAmong together() {
    Map<Alike, Long> sums =
        draws.stream()
            .collect(
                Collectors.groupingBy(
                    d -> new Alike(d.zone(), d.among()),
                    LinkedHashMap::new,
                    Collectors.summingLong(d -> d.part().connections())));
    return new DrawsAmong(
        pods,
        sums.entrySet().stream()
            .map(e -> new DrawsAmong.Part(e.getValue(), e.getKey().among()))
            .toList());
  }

  /** What they drew in each repetition. */
  List<DrawsAmong> each() {
    return draws.stream()
        .collect(
            Collectors.groupingBy(
                d -> d.repetition().number(),
                TreeMap::new,
                Collectors.mapping(Draw::part, Collectors.toList())))
        .values()
        .stream()
        .map(parts -> new DrawsAmong(pods, parts))
        .toList();
  }
}
