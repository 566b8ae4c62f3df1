package dev.conntrail.report.oracle;

import dev.conntrail.record.Metric;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A small run that has something of everything which findings speak of. */
final class WholeRun {
  private static final String YAML =
"""
      experiment: whole
      question: Is every sentence of a report true?
      repetitions: 2
      phases: {warmup: 500ms, measure: 1s, drain: 1s}
      matrix:
        - {data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 6, pods: 5, rate: 300}
        - {data-plane: direct, protocol: [http1, short-lived], connections: 10, pods: 5, rate: 300}
        - {protocol: [http1, http2], pooling: shared, connections: 20, pods: 5, rate: 300}
        - {data-plane: ipvs, ipvs-scheduler: [rr, lc, sh, mh], connections: 12, clients: 2, pods: 5, rate: 120}
        - {data-plane: [iptables, ipvs], opening: spread, connections: 12, pods: 3, rate: 120,
           events: [{at: 400ms, add-endpoints: 2}]}
        - {data-plane: [iptables, ipvs], connections: 12, pods: 3, rate: 120,
           events: [{at: 400ms, remove-endpoints: 1}]}
        - {data-plane: [iptables, ipvs], protocol: short-lived, connections: 4, pods: 3, rate: 120,
           local-ports: 60, events: [{at: 400ms, remove-endpoints: 1}]}
        - {data-plane: [iptables, ipvs], ipvs-tcp-timeout: 2s, keep-alive: [none, tcp], connections: 12, pods: 3,
           rate: 120, phases: {idle: 1s}}
        - {data-plane: [iptables, ipvs], connections: 12, clients: 2, nodes: [1, 2], pods: 4, rate: 120}
        - {data-plane: nftables, connections: 8, pods: 3}
        - {data-plane: nftables, protocol: [http1, websocket], cure: round-robin, connections: 8, pods: 4, rate: 120}
        - {data-plane: [nftables, direct], cure: ["max-age=500ms,jitter=grpc", "max-requests=20,by=server"], connections: 8, pods: 4,
           rate: 120}
        - {data-plane: nftables, protocol: [http1, websocket], cure: [envoy-least-request, "envoy-least-request,proxies=3"], connections: 8, pods: 4,
           rate: 120}
        - {data-plane: [iptables, nftables], protocol: [http1, grpc], connections: 6, pods: 3, rate: 120,
           events: [{at: 400ms, kill-pod: 1}]}
        - {data-plane: nftables, connections: 6, pods: 3, rate: 120,
           events: [{at: 300ms, scale: 5}, {at: 400ms, change-mode: iptables}]}
        - {data-plane: nftables, cure: [none, round-robin, "max-age=100ms"], connections: 8, pods: 3, rate: 120,
           events: [{at: 300ms, scale: 5}]}
        - {data-plane: nftables, protocol: grpc, cure: [none, round-robin], connections: 8, pods: 3, rate: 120,
           events: [{at: 300ms, slow-pod: 1, delay: 20ms}]}
        - {data-plane: nftables, protocol: grpc, cure: [none, round-robin], connections: 8, pods: 3, rate: 120,
           events: [{at: 300ms, rolling-update: exit}]}
        - {data-plane: nftables, protocol: http2, keep-alive: [none, ping], tcp-retries: 3, connections: 8, pods: 3, rate: 120,
           events: [{at: 300ms, power-off: 1}]}
        - {data-plane: [iptables, ipvs], cure: session-affinity, connections: 12, clients: 3, pods: 4, rate: 120}
        - {data-plane: [nftables, ipvs], cure: same-zone, connections: 60, clients: 3, nodes: 2, pods: 5, rate: 120}
        - {data-plane: nftables, cure: same-zone, connections: 12, clients: 2, nodes: 2, pods: 2, rate: 120}
        - {data-plane: nftables, protocol: grpc, cure: [pick-first, "pick-first,shuffle=no"], connections: 8, pods: 4, rate: 120}
        - {data-plane: ipvs, ipvs-scheduler: mh, conn-reuse-mode: [0, 1], protocol: short-lived, connections: 5,
           pods: 3, rate: 300, local-ports: 60}
""";

  private WholeRun() {}

  /** Writes it. */
  static CsvText write(Path folder) throws IOException {
    TestRun run = TestRun.of(folder, YAML);
    List<TestRepetition> repetitions = new ArrayList<>();
    for (Cell cell : run.cells()) {
      for (int i = 1; i <= 2; i++) {
        TestRepetition r = run.repetition(cell).rules("a rule\n".repeat(1000));
        repetitions.add(r);
        if (i == 1 && cell.proxies() > 1 && cell.protocol() == Protocol.WEBSOCKET) {
          r.counter("proxy-1", "requests_count", 3); // which is one more than its log has
        }
        cell.course().events().forEach(event -> event(r, cell, event));
        if (!cell.course().phases().idle().isZero()) {
          idle(r, cell.keepAlive() == KeepAlive.NONE);
        }
      }
    }
    RunFolder written = run.write();
    List<LogRow> log = new ArrayList<>();
    List<InstallRow> installs = new ArrayList<>();
    for (TestRepetition r : repetitions) {
      log.add(log(r, log.size() * 500, Step.LOAD_START));
      log.add(log(r, log.size() * 500, Step.LOAD_END));
      installs.add(installed(r));
    }
    written.append(Tables.LOG, log);
    written.append(Tables.INSTALLS, installs);
    return CsvText.read(folder);
  }

  private static LogRow log(TestRepetition r, double atMs, Step step) {
    At at = r.at();
    return new LogRow(
        at.run(), Optional.of(at.cellId()), at.repetition(), atMs, step, Optional.empty());
  }

  private static InstallRow installed(TestRepetition r) {
    Plane plane = r.cell().plane();
    return new InstallRow(
        r.at(),
        Optional.of("node-1"),
        plane.dataPlane(),
        plane.backend(),
        plane.scheduler(),
        Optional.of("a program"),
        plane.dataPlane() == DataPlane.DIRECT ? 0 : 30,
        12,
        3,
        "0123456789abcdef");
  }

  private static void event(TestRepetition r, Cell cell, Event event) {
    boolean adds = event.kind() == EventKind.ADD_ENDPOINTS;
    boolean longLived = cell.protocol().longLived();
    for (int pod = 1; pod <= 3; pod++) {
      r.bin(800, pod, 2, 2).bin(1200, pod, 2, 2);
    }
    if (!event.kind().ofEndpoints()) {
      step(r, event.kind());
      if (event.kind() == EventKind.SLOW_POD && !cell.cure().equals(Cure.NONE)) {
        r.bin(1000, 2, 20, 2); // it keeps away from the slow one
      }
      return;
    }
    if (!adds && cell.dataPlane() == DataPlane.IPVS) {
      r.bin(1300, 2, 6, 2); // hotter than its mean
    }
    r.event(
        event.kind(),
        900,
        adds ? 5 : 2,
        adds ? new String[] {"pod-4", "pod-5"} : new String[] {"pod-1"});
    r.effect(
        Cause.of(event.kind()),
        new EffectRow.Fate(longLived ? 6 : 0, longLived ? 6 : 0, 0, 0, 0),
        adds || !longLived ? new EffectRow.Leaving(0, 0) : new EffectRow.Leaving(3, 3),
        new EffectRow.New(longLived ? 5 : 70, adds ? 2 : 0, 0),
        adds || longLived ? new EffectRow.Ports(0, 0) : new EffectRow.Ports(40, 0));
  }

  /** What happens at its first step had the effect. */
  private static void step(TestRepetition r, EventKind kind) {
    switch (kind) {
      case KILL_POD ->
          r.step(kind, EventStep.KILLED, new double[] {900, 900}, 3, "pod-1")
              .effect(
                  Cause.of(kind),
                  new EffectRow.Fate(6, 3, 1, 1, 1),
                  new EffectRow.Leaving(0, 0),
                  new EffectRow.New(2, 1, 0),
                  new EffectRow.Ports(0, 0))
              .step(kind, EventStep.LEFT, new double[] {900, 1000}, 2, "pod-1")
              .step(kind, EventStep.JOINED, new double[] {900, 1100}, 3, "pod-4");
      case SCALE ->
          r.step(kind, EventStep.JOINED, new double[] {800, 805}, 5, "pod-4", "pod-5")
              .effect(
                  Cause.of(kind),
                  new EffectRow.Fate(6, 6, 0, 0, 0),
                  new EffectRow.Leaving(0, 0),
                  new EffectRow.New(0, 0, 0),
                  new EffectRow.Ports(0, 0));
      case CHANGE_MODE ->
          r.step(kind, EventStep.RULES_REMOVED, new double[] {900, 910}, 5)
              .effect(
                  Cause.of(kind),
                  new EffectRow.Fate(6, 2, 4, 0, 0),
                  new EffectRow.Leaving(0, 0),
                  new EffectRow.New(0, 0, 0),
                  new EffectRow.Ports(0, 0))
              .step(kind, EventStep.RULES_WRITTEN, new double[] {900, 950}, 5);
      case SLOW_POD ->
          r.step(kind, EventStep.SLOWED, new double[] {800, 801}, 3, "pod-1")
              .times(Metric.RESPONSE, 1.2, 900);
      case ROLLING_UPDATE ->
          r.step(kind, EventStep.JOINED, new double[] {800, 805}, 4, "pod-4")
              .step(kind, EventStep.LEFT, new double[] {800, 815}, 3, "pod-1")
              .failed(3);
      case POWER_OFF ->
          r.step(kind, EventStep.SILENCED, new double[] {800, 801}, 3, "pod-1")
              .effect(
                  Cause.of(kind),
                  new EffectRow.Fate(6, 4, 0, 2, 0),
                  new EffectRow.Leaving(0, 0),
                  new EffectRow.New(2, 0, 0),
                  new EffectRow.Ports(0, 0))
              .unanswered(r.cell().keepAlive() == KeepAlive.NONE ? 30 : 4);
      default -> throw new IllegalArgumentException(kind.word());
    }
  }

  private static void idle(TestRepetition r, boolean forgotten) {
    r.effect(
        Cause.IDLE,
        forgotten ? new EffectRow.Fate(12, 5, 6, 1, 0) : new EffectRow.Fate(12, 12, 0, 0, 0),
        new EffectRow.Leaving(0, 0),
        new EffectRow.New(0, 0, 0),
        new EffectRow.Ports(0, 0));
  }

  /** Kinds of findings that it has, as it is. */
  static List<String> kinds() {
    return List.of(
        "chance",
        "too-few",
        "law-kept",
        "not-judged",
        "nodes",
        "nodes-not-tested",
        "idle-pods",
        "evenness",
        "staying",
        "shared-clients",
        "hashing",
        "nodes-together",
        "port-reuse",
        "connect",
        "scatter",
        "price",
        "closed-loop",
        "scale-out",
        "event",
        "event-without-loss",
        "autoscaler",
        "autoscaler-alike",
        "removal",
        "ports-moved",
        "new-pods",
        "idle-connections",
        "lost-requests",
        "witnesses",
        "proxy-counts",
        "marks");
  }
}
