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
      checkStruck(event, pods.now());
      checkScale(event, pods.now());
      checkHook(event);
      pods = event.after(pods);
      checkPods(event, pods);
      if (event instanceof Event.DrainNode drain) {
        checkNode(cell, drain);
      }
      if (event instanceof Event.ChangeMode change) {
        checkMode(cell, mode, change);
        mode = change.to();
      }
    }
  }

  private static String found(Event event) {
    return "found " + event.kind().word() + ": " + event.object();
  }

  private void checkStruck(Event event, int there) {
    int struck =
        switch (event) {
          case Event.KillPod e -> e.pods();
          case Event.PowerOff e -> e.pods();
          case Event.Pause e -> e.pods();
          case Event.SlowPod e -> e.pods();
          default -> 0;
        };
    if (struck > there) {
      throw block.refuse("events", found(event) + " of " + there + " pods", "1 to " + there);
    }
  }

  private void checkScale(Event event, int there) {
    if (event instanceof Event.Scale scale && scale.pods() == there) {
      throw block.refuse(
          "events",
          found(event) + " of " + there + " pods, which changes nothing",
          "another number than are there then");
    }
  }

  /** When the grace period ends kubelet breaks the hook off, and the server is hardly asked. */
  private void checkHook(Event event) {
    ClusterLife.life(event)
        .filter(l -> l.preStop().compareTo(l.grace()) >= 0)
        .ifPresent(l -> {
          throw block.refuse(
              "events",
              found(event)
                  + " with pre-stop "
                  + l.preStop().toMillis()
                  + "ms and grace "
                  + l.grace().toMillis()
                  + "ms, which ends before the hook does",
              "a pre-stop shorter than grace (usually 5s), in which the hook is");
        });
  }

  private void checkPods(Event event, PodNumbers after) {
    if (after.now() < 1 || after.now() > Limits.PODS) {
      throw block.refuse(
          "events",
          found(event) + ", which leaves " + after.now() + " pods",
          "1 to " + Limits.PODS + " at any time");
    }
    if (after.ever() > Limits.PODS) {
      throw block.refuse(
          "events",
          found(event) + ", which takes " + after.ever() + " pods, one after the other",
          "at most " + Limits.PODS);
    }
  }

  private void checkNode(Cell cell, Event.DrainNode drain) {
    if (cell.nodes() == 1) {
      throw block.refuse("events", found(drain) + " with one node", "nodes: 2 or more there");
    }
    if (drain.node() > cell.nodes()) {
      throw block.refuse(
          "events", found(drain) + " with " + cell.nodes() + " nodes", "1 to " + cell.nodes());
    }
  }

  private void checkMode(Cell cell, DataPlane mode, Event.ChangeMode change) {
    if (change.to() == mode) {
      throw block.refuse("events", found(change) + " in mode " + mode.word(), "another mode");
    }
    if (change.to().legacyIptables() && cell.backend() == IptablesBackend.NFT) {
      throw block.refuse(
          Axes.IPTABLES_BACKEND.word(),
          "found 'nft' with the event change-mode: " + change.object(),
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
