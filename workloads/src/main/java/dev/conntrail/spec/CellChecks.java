package dev.conntrail.spec;

import java.util.List;

/** Which cells can be, and where; refuses the others with the place of their block. */
final class CellChecks {
  private final YamlMap block;

  CellChecks(YamlMap block) {
    this.block = block;
  }

  /** Refuses what can be nowhere. */
  void check(Cell cell) {
    for (Axis<?> axis : Axes.ALL) {
      axis.refusal(cell)
          .ifPresent(r -> {
            throw block.refuse(axis.word(), r.found(), r.allowed());
          });
    }
    checkEvents(cell);
  }

  private void checkEvents(Cell cell) {
    List<Event> events = cell.course().events();
    if (!events.isEmpty() && cell.dataPlane() == DataPlane.DIRECT) {
      throw block.refuse(
          "events", "found them with data plane direct", "events only with a Service");
    }
    PodNumbers pods = new PodNumbers(cell.pods(), cell.pods());
    DataPlane mode = cell.dataPlane();
    for (Event event : events) {
      String found = "found " + event.text();
      pods = event.after(pods);
      if (pods.now() < 1 || pods.now() > Limits.PODS) {
        throw block.refuse(
            "events",
            found + ", which leaves " + pods.now() + " pods",
            "1 to " + Limits.PODS + " at any time");
      }
      if (pods.ever() > Limits.PODS) {
        throw block.refuse(
            "events",
            found + ", which takes " + pods.ever() + " pods, one after the other",
            "at most " + Limits.PODS);
      }
      if (event instanceof Event.DrainNode(int node, _, _) && node > cell.nodes()) {
        throw block.refuse("events", found + " with " + cell.nodes() + " nodes", "one of these");
      }
      if (event instanceof Event.DrainNode && cell.nodes() == 1) {
        throw block.refuse("events", found + " with one node", "nodes: 2 or more there");
      }
      if (event instanceof Event.ChangeMode change) {
        checkMode(cell, mode, change);
        mode = change.to();
      }
    }
  }

  private void checkMode(Cell cell, DataPlane mode, Event.ChangeMode change) {
    if (change.to() == mode) {
      throw block.refuse(
          "events", "found " + change.text() + " in mode " + mode.word(), "another mode");
    }
    if (change.to() == DataPlane.IPVS && cell.backend() == IptablesBackend.NFT) {
      throw block.refuse(
          Axes.IPTABLES_BACKEND.word(),
          "found 'nft' with the event " + change.text(),
          "legacy or auto there: a kube-proxy has one backend, and with ipvs it is legacy");
    }
  }

  /** What is said of a cell that cannot be on a testbed. */
  SpecException refusal(Need need, TestbedKind testbed) {
    return block.refuse(
        need.key(),
        "found '" + need.value() + "' on testbed " + testbed.word(),
        need.ability().allowed());
  }
}
