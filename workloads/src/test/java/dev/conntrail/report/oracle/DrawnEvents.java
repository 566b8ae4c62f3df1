package dev.conntrail.report.oracle;

import dev.conntrail.record.Death;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * A run of nothing but events, all of it drawn: when pods come, go and are lost, when connections
 * open and how they end, what is answered, and what of it was recorded.
 */
final class DrawnEvents {
  private static final String YAML =
      """
      experiment: drawn
      question: Is every sentence true, whatever happened?
      repetitions: 2
      phases: {warmup: 500ms, measure: 2s, drain: 1s}
      matrix:
        - {data-plane: [iptables, nftables, ipvs], protocol: [http1, grpc], connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, kill-pod: 1}]}
        - {data-plane: [iptables, nftables], protocol: [http2, websocket, short-lived], connections: 8, pods: 3,
           rate: 60, events: [{at: 300ms, scale: 5}, {at: 900ms, rolling-update: goodbye, pre-stop: 90ms}]}
        - {data-plane: [iptables, ipvs], connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, change-mode: nftables}, {at: 800ms, power-off: 1, rules-after: 300ms}]}
        - {data-plane: nftables, protocol: http2, keep-alive: [none, ping], connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, power-off: 1}]}
        - {data-plane: nftables, protocol: [http1, http2], tcp-retries: 3, connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, power-off: 1}]}
        - {data-plane: [iptables, nftables], protocol: [http1, grpc], retries: [off, library], connections: 8, pods: 3,
           rate: 60, events: [{at: 400ms, kill-pod: 1}, {at: 900ms, pause: 1, for: 100ms}]}
        - {data-plane: [iptables, nftables], protocol: [http1, http2, grpc, websocket], connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, rolling-update: drain}, {at: 900ms, pause: 1, for: 100ms}]}
        - {data-plane: [iptables, nftables], protocol: [http1, http2, grpc, websocket], connections: 8, pods: 3, rate: 60,
           events: [{at: 400ms, rolling-update: drain, pre-stop: 90ms}, {at: 900ms, pause: 1, for: 100ms}]}
        - {data-plane: nftables, connections: 8, pods: 3, rate: 60, events: [{at: 400ms, add-endpoints: 2}]}
        - {data-plane: nftables, connections: 8, pods: 3, rate: 60, phases: {idle: 1s},
           events: [{at: 400ms, pause: 1, for: 100ms}, {at: 700ms, pause: 1, for: 100ms}]}
      """;

  private static final int MS_PER_BIN = 100;
  private static final Death[] DEATHS = Death.values();

  private final Random random;

  private DrawnEvents(long seed) {
    this.random = new Random(seed);
  }

  /** Writes one into a folder. */
  static RunFolder write(Path folder, long seed) throws IOException {
    DrawnEvents drawn = new DrawnEvents(seed);
    TestRun run = TestRun.of(folder, YAML);
    for (Cell cell : run.cells()) {
      for (int i = 1; i <= 2; i++) {
        drawn.repetition(run.repetition(cell), cell);
      }
    }
    return run.write();
  }

  private boolean mostly() {
    return random.nextInt(5) > 0;
  }

  private void repetition(TestRepetition r, Cell cell) {
    int length = (int) cell.course().phases().length().toMillis();
    long[] connections = new long[cell.everPods()];
    long[] requests = new long[cell.everPods()];
    for (int pod = 0; pod < connections.length; pod++) {
      connections[pod] = random.nextInt(5);
      requests[pod] = connections[pod] * random.nextInt(12);
    }
    r.connections(connections).requests(requests);
    if (!mostly()) {
      r.failed(random.nextInt(40)).unanswered(random.nextInt(9));
    }
    r.ledger(c -> lived(c, length));
    if (mostly()) {
      cell.course().events().forEach(event -> event(r, cell, event));
    }
    if (!mostly()) {
      Event last = cell.course().events().getLast();
      r.step(last.kind(), EventStep.CUT_SHORT, new double[] {due(cell, last), length}, cell.pods())
          .marks(Mark.EVENT_CUT_SHORT);
    }
    for (int ms = 0; mostly() && ms < length; ms += MS_PER_BIN) {
      r.bin(ms, 1 + random.nextInt(connections.length), random.nextInt(7), random.nextInt(4));
      if (random.nextBoolean()) {
        r.failedBin(ms, random.nextInt(3), random.nextInt(3));
      }
    }
    for (int ms = 0; ms == 0 || (mostly() && ms < length); ms += MS_PER_BIN) {
      r.due(ms, random.nextInt(9), random.nextInt(3), random.nextInt(3));
    }
    r.effectsOfLedger();
  }

  private ConnectionRow lived(ConnectionRow c, int length) {
    double born = random.nextBoolean() ? -10 : random.nextInt(length);
    Death death = mostly() ? DEATHS[random.nextInt(DEATHS.length)] : Death.CLIENT;
    double lived = 2 + random.nextInt((int) (length - born + 100));
    double replied = born + 1 + random.nextInt((int) lived);
    boolean silent = c.requestsCount() == 0;
    return TestRows.lived(
        c,
        death,
        born,
        death == Death.OPEN ? Double.NaN : lived,
        silent ? Double.NaN : replied,
        silent ? Double.NaN : replied - 1);
  }

  private static int due(Cell cell, Event event) {
    return (int) cell.course().phases().beforeMeasure().plus(event.at()).toMillis();
  }

  /** First what was done, then how endpoints followed; not always all of it. */
  private void event(TestRepetition r, Cell cell, Event event) {
    int due = due(cell, event);
    int at = due + random.nextInt(20);
    EventKind kind = event.kind();
    r.step(kind, firstStep(kind), new double[] {due, at}, cell.pods(), "pod-1");
    if (changes(kind)) {
      for (int pod = cell.pods() + 1; pod <= cell.everPods(); pod++) {
        at += 1 + random.nextInt(150);
        if (mostly()) {
          r.step(kind, EventStep.JOINED, new double[] {due, at}, cell.pods(), "pod-" + pod);
        }
        if (random.nextBoolean()) {
          at += 1 + random.nextInt(90);
          String left = "pod-" + (1 + random.nextInt(cell.pods()));
          r.step(kind, EventStep.LEFT, new double[] {due, at}, cell.pods(), left);
        }
      }
    }
  }

  private static boolean changes(EventKind kind) {
    return kind != EventKind.PAUSE && kind != EventKind.CHANGE_MODE;
  }

  private static EventStep firstStep(EventKind kind) {
    return switch (kind) {
      case KILL_POD -> EventStep.KILLED;
      case POWER_OFF -> EventStep.SILENCED;
      case PAUSE -> EventStep.PAUSED;
      case CHANGE_MODE -> EventStep.RULES_REMOVED;
      case ADD_ENDPOINTS -> EventStep.JOINED;
      default -> EventStep.MADE;
    };
  }
}
