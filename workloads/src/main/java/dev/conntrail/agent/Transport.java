package dev.conntrail.agent;

import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import java.io.IOException;
import java.nio.file.Path;

/** How the agents of a testbed are had. */
public sealed interface Transport {
  /** An agent, and where it is. */
  record Reached(Place place, Wire wire) {}

  /**
   * Starts an agent, or gets hold of the one that is there.
   *
   * @param again whether it takes the place of one that has ended
   * @param log gets its standard error
   */
  Reached reach(Role role, Place place, boolean again, Path log) throws IOException;

  /** Child processes of this one, in the places of a testbed of this machine. */
  record Children(LocalTestbed testbed) implements Transport {
    @Override
    public Reached reach(Role role, Place place, boolean again, Path log) throws IOException {
      return new Reached(
          place, new ProcessWire(testbed.start(place, JavaProcesses.command(role), log), log));
    }
  }

  /** The main processes of pods, through the API's {@code attach}. */
  record Pods(KubernetesTestbed testbed) implements Transport {
    @Override
    public Reached reach(Role role, Place place, boolean again, Path log) {
      Place there = again ? testbed.replacement(place) : place;
      return new Reached(there, new ProcessWire(testbed.attach(there, log), log));
    }
  }
}
