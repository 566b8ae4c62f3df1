package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The testbed of a stage, and the processes that are held there.
 *
 * @param proxy empty where no route leads through one
 */
record StageProcesses(Testbed testbed, Echo echo, Load load, Optional<HeldProxy> proxy)
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
    try {
      echo = pods.serve();
      load = new Load(testbed.clients(), transport, folder);
      List<Place> proxies = testbed.proxies();
      Optional<HeldProxy> proxy =
          proxies.isEmpty()
              ? Optional.empty()
              : Optional.of(new HeldProxy(proxies.getFirst(), transport, folder));
      return new StageProcesses(testbed, echo, load, proxy);
    } catch (IOException | RuntimeException e) {
      // what is interrupted cannot ask an API to delete anything
      boolean interrupted = Thread.interrupted();
      close(testbed, echo, load, null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    close(testbed, echo, load, proxy.orElse(null));
  }

  /** All of it, whatever fails. */
  private static void close(Testbed testbed, Echo echo, Load load, HeldProxy proxy) {
    try (testbed;
        echo;
        load;
        proxy) {
      // in the reverse order
    }
  }
}
