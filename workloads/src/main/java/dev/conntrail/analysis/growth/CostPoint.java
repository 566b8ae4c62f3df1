package dev.conntrail.analysis.growth;

import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a packet costs with so many Services: the mean over independent loads, or forks, of those
 * that were not disturbed, if any was not.
 *
 * @param endpoints of each Service
 * @param ns in the kernel of the whole call
 */
public record CostPoint(
    Source source,
    Lookup lookup,
    Packet packet,
    Target target,
    Optional<Long> endpoints,
    long services,
    double ns) {
  /** All of them, each line with its numbers of Services ascending. */
  public static List<CostPoint> of(List<JmhRow> jmh, List<KernelRow> kernel) {
    List<CostPoint> points = new ArrayList<>();
    Curves.of(jmh, kernel)
        .byKey()
        .forEach((key, all) -> {
          List<Observation> quiet = all.stream().filter(o -> !o.disturbed()).toList();
          CostCurve curve = new CostCurve(quiet.isEmpty() ? all : quiet);
          curve
              .services()
              .forEach(s ->
                  points.add(
                      new CostPoint(
                          key.source(),
                          key.lookup(),
                          key.packet(),
                          key.target(),
                          key.endpoints(),
                          s,
                          curve.callAt(s))));
        });
    return points;
  }
}
