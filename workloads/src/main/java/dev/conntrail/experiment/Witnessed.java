package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.result.row.At;
import dev.conntrail.spec.Cell;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Optional;

/**
 * Everything that was seen of one repetition.
 *
 * @param at which
 * @param pods as they were when it ended
 * @param allClients of the stage, of which the cell takes the first
 * @param kernel empty where none can be had
 * @param ipvs empty in other modes
 * @param proxied what a proxy in the middle saw; empty where none is
 * @param echo what the pods counted
 */
record Witnessed(
    Cell cell,
    At at,
    List<Place> pods,
    List<Place> allClients,
    Load.Outcome load,
    Optional<Stage.KernelView> kernel,
    Optional<Stage.IpvsView> ipvs,
    Optional<Stage.ProxyView> proxied,
    Echo.Counted echo) {
  /** Clients that took part and were not lost. */
  List<Place> clients() {
    return allClients.stream()
        .limit(cell.clients())
        .filter(c -> !load.lost().containsKey(c))
        .toList();
  }

  /** How many pods ended though no event was to end one, or without a word of what they counted. */
  int lostPods() {
    int unasked = cell.course().events().isEmpty() ? echo.ended().size() : 0;
    return echo.lost().size() + unasked;
  }

  /** Whether clients know each pod's own address. */
  boolean direct() {
    return cell.route().direct();
  }
}
