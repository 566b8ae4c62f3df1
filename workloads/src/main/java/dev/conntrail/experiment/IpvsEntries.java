package dev.conntrail.experiment;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many entries ipvs has on a node for a pod, over all virtual servers, closed ones included
 * until they expire. They are there at once; ipvs's counters ({@code --stats}) are copied every two
 * seconds only.
 */
record IpvsEntries(String node, String pod, long count) {
  private static final Pattern ENTRY =
      Pattern.compile("^TCP +\\S+ +\\S+ +\\S+ +\\S+ +(\\d+\\.\\d+\\.\\d+\\.\\d+):\\d+");

  /**
   * Those of a node.
   *
   * @param listing as {@code ipvsadm -Lnc} prints it
   */
  static List<IpvsEntries> of(Place node, String listing, List<Place> pods) {
    Map<String, String> names =
        pods.stream().collect(Collectors.toMap(Place::address, Place::name));
    Map<String, Long> sums = new TreeMap<>();
    listing
        .lines()
        .map(ENTRY::matcher)
        .filter(Matcher::find)
        .forEach(m -> sums.merge(names.getOrDefault(m.group(1), m.group(1)), 1L, Long::sum));
    return sums.entrySet().stream()
        .map(e -> new IpvsEntries(node.name(), e.getKey(), e.getValue()))
        .toList();
  }

  /** As a row of {@code counters.csv}. */
  CounterRow row(At at) {
    return new CounterRow(at, node, "ipvs_entries_count " + pod, (double) count);
  }
}
