package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The testbed of a stage, and the processes that are held there.
 *
 * @param proxies in the order of their places; none where no route leads through one
 */
record StageProcesses(Testbed testbed, Echo echo, Load load, List<HeldProxy> proxies)
    implements AutoCloseable {
  /** Starts the pods' echo, or takes hold of it. */
  @FunctionalInterface
  interface Pods {
    Echo serve() throws IOException;
  }

  /**
   * Starts all of them, or takes hold of them.
   *
   * @param testbed closed with this, or at once if that fails
   * @param folder where their logs go
   */
  static StageProcesses of(Testbed testbed, Transport transport, Pods pods, Path folder)
      throws IOException {
    Echo echo = null;
    Load load = null;
    List<HeldProxy> proxies = new ArrayList<>();
    try {
      echo = pods.serve();
      load = new Load(testbed.clients(), transport, folder);
      for (Place place : testbed.proxies()) {
        proxies.add(new HeldProxy(place, transport, folder));
      }
      return new StageProcesses(testbed, echo, load, List.copyOf(proxies));
    } catch (IOException | RuntimeException e) {
      // what is interrupted cannot ask an API to delete anything
      boolean interrupted = Thread.interrupted();
      close(testbed, echo, load, proxies);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    close(testbed, echo, load, proxies);
  }

  /** All of it, whatever fails. */
  private static void close(Testbed testbed, Echo echo, Load load, List<HeldProxy> proxies) {
    try (testbed;
        echo;
        load) {
      proxies.forEach(HeldProxy::close); // the others in the reverse order
    }
  }
}
