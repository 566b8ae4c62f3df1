package dev.conntrail.spec;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which cells can be, and where; refuses the others with the place of their block. */
final class CellChecks {
  /** grpc-java raises shorter ones to it ({@code KeepAliveManager}, gRFC A8). */
  private static final int GRPC_PING_S = 10;

  private final YamlMap block;

  CellChecks(YamlMap block) {
    this.block = block;
  }

  /** Refuses what can be nowhere. */
  void check(Cell cell) {
    if (cell.pooling() == Pooling.SHARED && !cell.protocol().shareable()) {
      throw block.refuse(
          "pooling",
          "found 'shared' with protocol " + cell.protocol().word(),
          "dedicated there; shared with http1, http2, grpc, grpc-stream");
    }
    if (cell.pooling() == Pooling.SHARED && cell.dataPlane() == DataPlane.DIRECT) {
      throw block.refuse(
          "pooling",
          "found 'shared' with data plane direct",
          "shared only with a Service, for one client has one address");
    }
    if (cell.clients() > cell.connections()) {
      throw block.refuse(
          "clients",
          "found " + cell.clients() + " clients for " + cell.connections() + " connections",
          "at most as many clients as connections");
    }
    if (cell.nodes() > cell.clients()) {
      throw block.refuse(
          "nodes",
          "found " + cell.nodes() + " nodes for " + cell.clients() + " clients",
          "at most as many nodes as clients, for each is to have one");
    }
    if (cell.traffic().opening() == Opening.SPREAD
        && (!cell.protocol().longLived() || cell.pooling() == Pooling.SHARED)) {
      throw block.refuse(
          "opening",
          "found 'spread' with " + cell.protocol().word() + " and pooling " + cell.pooling().word(),
          "spread only with long-lived connections, pooling dedicated");
    }
    checkSettings(cell);
    checkEvents(cell);
    if (!cell.protocol().longLived()) {
      checkShortLived(cell);
    }
  }

  private void checkSettings(Cell cell) {
    KeepAlive keepAlive = cell.traffic().keepAlive();
    boolean none =
        !cell.protocol().longLived()
            || (keepAlive == KeepAlive.PING && cell.protocol() == Protocol.HTTP1);
    if (keepAlive != KeepAlive.NONE && none) {
      throw block.refuse(
          "keep-alive",
          "found '" + keepAlive.word() + "' with protocol " + cell.protocol().word(),
          "tcp with long-lived connections; ping with http2, grpc, grpc-stream, websocket");
    }
    boolean grpc = cell.protocol() == Protocol.GRPC || cell.protocol() == Protocol.GRPC_STREAM;
    int interval =
        cell.settings().number(Setting.KEEP_ALIVE_INTERVAL).orElse(LoadPlan.KEEP_ALIVE_S);
    if (grpc && keepAlive == KeepAlive.PING && interval < GRPC_PING_S) {
      throw block.refuse(
          "keep-alive",
          "found 'ping' every " + interval + " s with protocol " + cell.protocol().word(),
          "keep-alive-interval: "
              + GRPC_PING_S
              + "s or longer there, for gRPC's clients send no pings more often");
    }
    if (cell.settings().number(Setting.LOCAL_PORTS).isPresent() && grpc) {
      throw block.refuse(
          Setting.LOCAL_PORTS.word(),
          "found it with protocol " + cell.protocol().word(),
          "it with http1, http2, websocket and short-lived");
    }
    if (cell.settings().number(Setting.KEEP_ALIVE_INTERVAL).isPresent()
        && keepAlive == KeepAlive.NONE) {
      throw block.refuse(
          Setting.KEEP_ALIVE_INTERVAL.word(),
          "found it without keep-alive",
          "the key only beside keep-alive: tcp or ping");
    }
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
      if (event instanceof Event.ChangeMode(DataPlane to, _)) {
        if (to == mode) {
          throw block.refuse("events", found + " in mode " + mode.word(), "another mode");
        }
        mode = to;
      }
    }
  }

  private void checkShortLived(Cell cell) {
    Phases phases = cell.course().phases();
    switch (cell.load()) {
      case LoadModel.Closed() ->
          throw block.refuse(
              "rate",
              "found 'closed' with protocol short-lived",
              "a rate in requests a second, for a closed loop would run out of local ports");
      case LoadModel.Open(int rate) -> {
        long opened = rate * phases.sending().toMillis() / 1000;
        long ports = (long) Limits.PORTS_PER_CLIENT * cell.clients();
        if (opened > ports) {
          throw block.refuse(
              "rate",
              "found "
                  + rate
                  + " a second for "
                  + phases.sending().toSeconds()
                  + " s, which opens "
                  + opened
                  + " connections",
              "at most "
                  + ports
                  + " (the local ports of "
                  + cell.clients()
                  + " clients): lower the rate, shorten measure, or raise clients");
        }
      }
    }
  }

  /** Why a cell cannot be on a testbed; empty if it can. */
  Optional<SpecException> impossible(Cell cell, TestbedKind testbed) {
    return switch (testbed) {
      case UML, AUTO -> Optional.empty();
      case NETNS ->
          setting(cell, s -> s == Setting.CONNTRACK_MAX)
              .map(key ->
                  refusal(key, testbed, "testbed: uml, for the number is the whole kernel's"));
      case LOOPBACK ->
          cell.dataPlane() != DataPlane.DIRECT
              ? Optional.of(
                  refusal(
                      "data-plane",
                      cell.dataPlane().word(),
                      testbed,
                      "direct there, for loopback has no rules; or testbed: netns"))
              : notMadeByTheRun(cell)
                  .map(key -> refusal(key, testbed, "testbed: netns, uml or auto"))
                  .or(() -> events(cell, testbed));
      case KIND, CLUSTER ->
          cell.backend() != IptablesBackend.AUTO
              ? Optional.of(
                  refusal(
                      "iptables-backend",
                      testbed,
                      "none there: kube-proxy chooses, and the run records which"))
              : notMadeByTheRun(cell)
                  .map(key ->
                      refusal(
                          key,
                          testbed,
                          "testbed: netns, uml or auto, where the run makes nodes and rules"))
                  .or(() -> events(cell, testbed));
    };
  }

  private Optional<SpecException> events(Cell cell, TestbedKind testbed) {
    List<Event> events = cell.course().events();
    return ClusterLife.unfit(events, testbed)
        .map(unfit ->
            block.refuse(
                "events",
                "found '"
                    + Event.text(events)
                    + "' on testbed "
                    + testbed.word()
                    + ", for "
                    + unfit.why(),
                unfit.mend()));
  }

  private SpecException refusal(String key, TestbedKind testbed, String allowed) {
    return refusal(key, block.text(key), testbed, allowed);
  }

  private SpecException refusal(String key, String found, TestbedKind testbed, String allowed) {
    return block.refuse(key, "found '" + found + "' on testbed " + testbed.word(), allowed);
  }

  /** The first key that asks for what only a run does that makes nodes and rules itself. */
  private static Optional<String> notMadeByTheRun(Cell cell) {
    if (cell.scheduler() != IpvsScheduler.RR) {
      return Optional.of("ipvs-scheduler");
    }
    if (cell.nodes() > 1) {
      return Optional.of("nodes");
    }
    return setting(cell, s -> s.place() != Setting.Place.LOAD);
  }

  private static Optional<String> setting(Cell cell, Predicate<Setting> which) {
    return cell.settings().numbers().keySet().stream().filter(which).findFirst().map(Setting::word);
  }
}
