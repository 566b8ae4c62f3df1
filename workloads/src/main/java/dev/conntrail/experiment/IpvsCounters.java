package dev.conntrail.experiment;

import dev.conntrail.result.Rows;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What ipvs itself holds. Its entries are there at once; its counters ({@code --stats}) are copied
 * every two seconds only.
 */
final class IpvsCounters {
  private static final Pattern ENTRY =
      Pattern.compile("^TCP +\\S+ +\\S+ +\\S+ +\\S+ +(\\d+\\.\\d+\\.\\d+\\.\\d+):\\d+");

  private IpvsCounters() {}

  /**
   * Entries of a node for each pod, over all virtual servers, closed ones included until they
   * expire.
   *
   * @param entries as {@code ipvsadm -Lnc} prints them
   */
  static List<Rows.Counter> of(Place node, String entries, List<Place> pods) {
    Map<String, String> names =
        pods.stream().collect(Collectors.toMap(Place::address, Place::name));
    Map<String, Double> sums = new TreeMap<>();
    entries
        .lines()
        .forEach(line -> {
          Matcher m = ENTRY.matcher(line);
          if (m.find()) {
            sums.merge(names.getOrDefault(m.group(1), m.group(1)), 1.0, Double::sum);
          }
        });
    return sums.entrySet().stream()
        .map(e -> new Rows.Counter(node.name(), "ipvs_entries_count " + e.getKey(), e.getValue()))
        .toList();
  }
}
