package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.util.List;

/** The processes of containers, on their nodes. */
public final class NodeProcesses {
  private NodeProcesses() {}

  /**
   * Sends a signal to all processes of a container: its name is in the path of their control group,
   * whatever the runtime.
   *
   * @param container its name, as the runtime knows it
   * @param signal {@code KILL}, {@code STOP}, {@code CONT}
   * @throws TestbedException if it has no process there
   */
  public static void signal(NodeLook look, String node, String container, String signal) {
    Programs.Done done =
        look.attempt(
            node,
            List.of(
                "sh",
                "-c",
                "kill -s \"$1\" $(grep -ls \"$2\" /proc/[0-9]*/cgroup | cut -d/ -f3)",
                "sh",
                signal,
                container));
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "cannot send SIG"
              + signal
              + " to the container "
              + container
              + " on node "
              + node
              + ": "
              + done.err().strip());
    }
  }
}
