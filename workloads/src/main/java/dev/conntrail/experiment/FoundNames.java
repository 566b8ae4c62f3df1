package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The name of the echo pods in a cluster's DNS, as clients find it: CoreDNS follows the API by
 * itself, and may be told to keep answers for 30 s ({@code cache 30} of a Corefile).
 */
final class FoundNames {
  private static final Duration LIMIT = Duration.ofSeconds(75);
  private static final Duration LOOK = Duration.ofMillis(200);

  private FoundNames() {}

  /**
   * Where a cell's clients ask for the name, waits until it has all pods for each of them, and no
   * others: those of the repetition before may be gone.
   *
   * @throws TestbedException if it has not in time, with what it has
   */
  static void await(HeldCluster held, Cell cell) {
    if (!cell.route().named()) {
      return;
    }
    String name = held.testbed().name();
    Set<String> pods =
        held.endpoints(cell).stream().map(Place::address).collect(Collectors.toSet());
    if (!Polling.until(
        "the cluster's DNS",
        LIMIT,
        LOOK,
        () -> found(held, cell).stream().allMatch(pods::equals))) {
      throw new TestbedException(
          "waited %d s for the cluster's DNS to have the addresses of all pods for %s; it has, by client: %s"
              .formatted(LIMIT.toSeconds(), name, found(held, cell)));
    }
  }

  private static List<Set<String>> found(HeldCluster held, Cell cell) {
    return held.load().addresses(cell.clients(), held.testbed().name());
  }
}
