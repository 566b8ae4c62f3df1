package dev.conntrail.experiment;

import dev.conntrail.agent.Load;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.testbed.kube.PodSightings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells clients that balance for themselves which endpoints a cluster's Service has, as soon as its
 * EndpointSlices say so, for as long as it is open.
 */
final class ToldClients implements AutoCloseable {
  private final PodSightings sightings;
  private final Load load;
  private final EchoPort port;
  private final Tasks watching = new Tasks();

  /**
   * Begins to watch.
   *
   * @param sightings closed with this
   * @param port on which pods speak the protocol
   * @param known the addresses of pods that clients are given at first
   */
  ToldClients(PodSightings sightings, Load load, EchoPort port, Set<String> known) {
    this.sightings = sightings;
    this.load = load;
    this.port = port;
    watching.start(() -> watch(known));
  }

  private void watch(Set<String> known) throws InterruptedException {
    Set<String> told = known;
    while (true) {
      Set<String> last = told;
      // none are there when the watch begins, and a client without any could do nothing
      sightings.await(
          () -> !sightings.endpoints().isEmpty() && !sightings.endpoints().equals(last));
      told = sightings.endpoints();
      load.endpoints(addresses(told));
    }
  }

  private List<String> addresses(Set<String> endpoints) {
    return new TreeSet<>(endpoints).stream().map(ip -> ip + ":" + port.ofPods()).toList();
  }

  @Override
  public void close() {
    try (sightings;
        watching) {
      // in the reverse order
    }
  }
}
