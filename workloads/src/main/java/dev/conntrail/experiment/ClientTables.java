package dev.conntrail.experiment;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.kube.NodeLook;
import java.util.List;
import java.util.stream.Collectors;

/** What the kernels of a cluster's nodes have of the clients' connections. */
record ClientTables(NodeLook look, List<Place> clients) {
  /** The connections that clients opened, as their nodes' kernels list them. */
  String listing() {
    return clients.stream().map(this::tableOf).collect(Collectors.joining());
  }

  /** Makes the nodes forget them, so that a repetition begins without any. */
  void forget() {
    for (Place client : clients) {
      look.attempt(client.node(), List.of("conntrack", "-D", "-p", "tcp", "-s", client.address()));
    }
  }

  private String tableOf(Place client) {
    Programs.Done done =
        look.attempt(
            client.node(), List.of("conntrack", "-L", "-p", "tcp", "-s", client.address()));
    if (done.exitCode() == 0) {
      return done.out();
    }
    List<String> command = List.of("cat", "/proc/net/nf_conntrack");
    return look.attempt(client.node(), command)
        .orThrow(command)
        .lines()
        .filter(l -> l.contains("src=" + client.address() + " "))
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }
}
