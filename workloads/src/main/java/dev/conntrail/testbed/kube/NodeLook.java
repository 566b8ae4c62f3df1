package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Programs;
import java.util.List;

/** Runs programs on a node, as its administrator. */
public interface NodeLook {
  /**
   * Runs a program on a node, whatever its exit code.
   *
   * @param node the node's name in the cluster
   */
  Programs.Done attempt(String node, List<String> command);

  /** The nodes of kind are containers. */
  static NodeLook docker() {
    return (node, command) -> {
      List<String> exec = new java.util.ArrayList<>(List.of("docker", "exec", node));
      exec.addAll(command);
      return Programs.attempt(exec, "", Programs.SHORT);
    };
  }
}
