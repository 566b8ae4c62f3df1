package dev.conntrail.experiment;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.PodSightings;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells those who balance (clients, or a proxy) which endpoints a cluster's Service has, as soon as
 * its EndpointSlices say so, for as long as it is open.
 */
final class ToldEndpoints implements AutoCloseable {
  private final PodSightings sightings;
  private final Consumer<List<Place>> told;
  private final Tasks watching = new Tasks();

  /**
   * Begins to watch.
   *
   * @param sightings open for longer than this
   * @param known those that they have from the first
   * @param told tells them, of all that there are
   */
  ToldEndpoints(PodSightings sightings, List<Place> known, Consumer<List<Place>> told) {
    this.sightings = sightings;
    this.told = told;
    watching.start(() -> watch(Set.copyOf(known)));
  }

  private void watch(Set<Place> known) throws InterruptedException {
    Set<Place> last = known;
    while (true) {
      last = sightings.awaitServing(last);
      told.accept(List.copyOf(last));
    }
  }

  /**
   * Tells nobody any more.
   *
   * @throws TestbedException if somebody could not be told
   */
  void end() {
    watching.end();
  }

  @Override
  public void close() {
    watching.close();
  }
}
