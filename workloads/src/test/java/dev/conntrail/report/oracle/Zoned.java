package dev.conntrail.report.oracle;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Draws within zones, each node being one, read anew from the ledger's text. */
final class Zoned {
  /** What a zone's clients drew, a row a repetition. */
  record Draw(List<long[]> counts) {
    int pods() {
      return counts.getFirst().length;
    }

    long[] sums() {
      long[] sums = new long[pods()];
      counts.forEach(c -> IntStream.range(0, sums.length).forEach(i -> sums[i] += c[i]));
      return sums;
    }
  }

  private Zoned() {}

  /** The places of the pods that a node's rules have, in a repetition. */
  static List<Integer> among(Cell c, String repetition, String zone) {
    List<String> nodes = c.pods(repetition).stream().map(p -> p.get("node")).toList();
    List<Integer> all = IntStream.range(0, nodes.size()).boxed().toList();
    List<Integer> own = all.stream().filter(i -> nodes.get(i).equals(zone)).toList();
    return !c.sameZone() || own.isEmpty() ? all : own;
  }

  /**
   * Whether a connection of a cell that prefers zones went to a pod that no rule of its node has.
   */
  static boolean outside(Cell c) {
    return c.connections().stream()
        .filter(r -> !r.get("client_node").equals("NA"))
        .anyMatch(r -> {
          int place = place(c, r);
          return place >= 0 && !among(c, r.get("repetition"), r.get("client_node")).contains(place);
        });
  }

  private static int place(Cell c, Map<String, String> row) {
    return c.pods(row.get("repetition")).stream()
        .map(p -> p.get("pod"))
        .toList()
        .indexOf(row.get("pod"));
  }

  /** Draws among more than one pod. */
  static List<Draw> draws(Cell c) {
    Map<String, Map<String, long[]>> zones = new TreeMap<>();
    for (Map<String, String> row : c.connections()) {
      String zone = row.get("client_node");
      if (zone.equals("NA")) {
        continue;
      }
      List<Integer> among = among(c, row.get("repetition"), zone);
      long[] counts =
          zones
              .computeIfAbsent(zone + " " + among, _ -> new TreeMap<>())
              .computeIfAbsent(row.get("repetition"), _ -> new long[among.size()]);
      int place = among.indexOf(place(c, row));
      if (place >= 0) {
        counts[place]++;
      }
    }
    return zones.values().stream()
        .map(Map::values)
        .map(Zoned::draw)
        .filter(d -> d.pods() > 1)
        .toList();
  }

  private static Draw draw(Collection<long[]> counts) {
    return new Draw(new ArrayList<>(counts));
  }
}
