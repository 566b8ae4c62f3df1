package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.ProcessReading;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that was seen of one repetition.
 *
 * @param at which
 * @param pods as they were when it ended
 * @param allClients of the stage, of which the cell takes the first
 * @param events steps of what happened meanwhile
 * @param kernel empty where none can be had
 * @param ipvs empty in other modes
 * @param helpers what programs beside clients and pods saw
 * @param processes what they had of the machine
 * @param echo what the pods counted
 */
record Witnessed(
    Cell cell,
    At at,
    List<Place> pods,
    List<Place> allClients,
    Load.Outcome load,
    List<EventRow> events,
    Optional<Stage.KernelView> kernel,
    Optional<Stage.IpvsView> ipvs,
    Stage.Helpers helpers,
    Processes processes,
    Echo.Counted echo) {
  /**
   * What processes had of the machine.
   *
   * @param measured those of pods and proxies
   * @param clients readings of clients when they were done, by name
   */
  record Processes(List<ProcessRow> measured, Map<String, ProcessReading> clients) {
    static Processes of(List<ProcessRow> measured, List<ProcessReading> clients) {
      return new Processes(
          measured, clients.stream().collect(Collectors.toMap(ProcessReading::process, r -> r)));
    }
  }

  /** Clients that took part and were not lost. */
  List<Place> clients() {
    return allClients.stream()
        .limit(cell.clients())
        .filter(c -> !load.lost().containsKey(c))
        .toList();
  }

  /** What each proxy in the middle saw. */
  List<Stage.ProxyView> proxied() {
    return helpers.proxied();
  }

  /** How many pods ended though no event was to end them. */
  int lostPods() {
    int unasked = cell.course().events().isEmpty() ? echo.heard().size() : 0;
    return echo.lost().size() - uncountedPods() + unasked;
  }

  /** How many pods that events ended took with them what they had counted. */
  int uncountedPods() {
    Set<String> ended = ended();
    return (int) echo.lost().stream().filter(ended::contains).count();
  }

  /** Names of the pods that were made meanwhile. */
  Set<String> made() {
    return events.stream()
        .filter(e -> e.step() == EventStep.MADE)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toSet());
  }

  /** Pods whose processes events had end; where one was cut short it may have been any. */
  Set<String> ended() {
    return cutShort()
        ? pods.stream().map(Place::name).collect(Collectors.toSet())
        : events.stream()
            .filter(e -> e.step().ends())
            .flatMap(e -> e.pods().stream())
            .collect(Collectors.toSet());
  }

  /** Whether an event was not over when it ended. */
  boolean cutShort() {
    return events.stream().anyMatch(e -> e.step() == EventStep.CUT_SHORT);
  }

  /** Whether clients know each pod's own address. */
  boolean direct() {
    return cell.route().direct();
  }
}
