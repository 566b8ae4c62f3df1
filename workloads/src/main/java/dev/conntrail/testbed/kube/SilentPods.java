package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pods to and from which packets vanish on their nodes, as of a machine without power: neither a
 * reset nor an ICMP error says so. Of nodes that the run has made.
 */
public final class SilentPods implements AutoCloseable {
  private final NodeLook look;
  private final List<Place> silent = new ArrayList<>();

  public SilentPods(NodeLook look) {
    this.look = look;
  }

  /** They are silent from now on. */
  public synchronized void add(List<Place> pods) {
    for (Place pod : pods) {
      silent.add(pod);
      rules("-I", pod);
    }
  }

  /** After the address was translated, so that it is the pod's; and before anything answers. */
  private void rules(String what, Place pod) {
    for (List<String> rule :
        List.of(List.of("raw", "PREROUTING", "-s"), List.of("mangle", "POSTROUTING", "-d"))) {
      Programs.Done done =
          look.attempt(
              pod.node(),
              List.of(
                  "iptables",
                  "-w",
                  "-t",
                  rule.get(0),
                  what,
                  rule.get(1),
                  rule.get(2),
                  pod.address(),
                  "-j",
                  "DROP"));
      if (done.exitCode() != 0) {
        throw new TestbedException(
            "cannot silence pod " + pod.name() + " on its node: " + done.err().strip());
      }
    }
  }

  /** Those that are silent now. */
  public synchronized List<Place> pods() {
    return List.copyOf(silent);
  }

  /** They are heard again. */
  @Override
  public synchronized void close() {
    silent.forEach(pod -> rules("-D", pod));
    silent.clear();
  }
}
