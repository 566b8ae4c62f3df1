package dev.conntrail.result;

import dev.conntrail.analysis.Effects;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Death;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.RepetitionStatus;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * A repetition of a {@link TestRun}. Unless a test says otherwise: each connection takes its pod as
 * the cell's choice has it; the requests of the rate (in a closed loop ten a connection) are spread
 * evenly and answered, in 1.2 ms; the witnesses agree, the kernel too; nothing fails, without mark.
 */
public final class TestRepetition {
  static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

  private static final long NS_PER_MS = 1_000_000;

  private final Cell cell;
  private final int number;
  private final At at;
  private final long[][] byClient;
  private long[] requests;
  private List<Mark> marks = List.of();
  private long answered = -1;
  private long due = -1;
  private long failed;
  private long unanswered;
  private long retried;
  private boolean kernel = true;
  private SummaryRow.Cpu cpu = new SummaryRow.Cpu(20, 2, 30, 0);
  private String rules = "";
  private UnaryOperator<ConnectionRow> ledger = UnaryOperator.identity();
  private final Map<Metric, Histogram> times = new EnumMap<>(Metric.class);
  private final List<DisagreementRow> disagreements = new ArrayList<>();
  private final List<EventRow> events = new ArrayList<>();
  private final List<EffectRow> effects = new ArrayList<>();
  private boolean effectsOfLedger;
  private Optional<Long> struck = Optional.empty();
  private double noticeMs = 100;
  private final List<CounterRow> counters = new ArrayList<>();
  private final List<PodsOverTimeRow> bins = new ArrayList<>();
  private final List<DueRow> byDue = new ArrayList<>();

  TestRepetition(Cell cell, int number) {
    this.cell = cell;
    this.number = number;
    this.at = new At(TestRun.RUN, cell.id(), number);
    this.byClient = new long[cell.clients()][cell.everPods()];
    deal();
  }

  /** Of which cell. */
  public Cell cell() {
    return cell;
  }

  /** Which it is. */
  public At at() {
    return at;
  }

  /** Connections by pod, all clients together, who take turns in opening them. */
  public TestRepetition connections(long... byPod) {
    for (long[] mine : byClient) {
      Arrays.fill(mine, 0);
    }
    int turn = 0;
    for (int pod = 0; pod < byPod.length; pod++) {
      for (long i = 0; i < byPod[pod]; i++) {
        byClient[turn++ % byClient.length][pod]++;
      }
    }
    requests = null;
    return this;
  }

  /** Connections of one client, from 1, by pod. */
  public TestRepetition connectionsOf(int client, long... byPod) {
    Arrays.fill(byClient[client - 1], 0);
    System.arraycopy(byPod, 0, byClient[client - 1], 0, byPod.length);
    requests = null;
    return this;
  }

  /** Requests by pod that were due in the measure phase and answered. */
  public TestRepetition requests(long... byPod) {
    requests = Arrays.copyOf(byPod, cell.everPods());
    return this;
  }

  /** What makes it doubtful. */
  public TestRepetition marks(Mark... what) {
    marks = List.of(what);
    return this;
  }

  /** Requests due in the measure phase; else those answered, failed and unanswered. */
  public TestRepetition due(long count) {
    due = count;
    return this;
  }

  /** Requests answered of those due; else the sum over pods. */
  public TestRepetition answered(long count) {
    answered = count;
    return this;
  }

  /** Requests and connects that failed, after a second. */
  public TestRepetition failed(long count) {
    failed = count;
    return this;
  }

  /** How often the library sent a request again, all phases. */
  public TestRepetition retried(long count) {
    retried = count;
    return this;
  }

  /** Requests without an answer when the drain ended. */
  public TestRepetition unanswered(long count) {
    unanswered = count;
    return this;
  }

  /** The kernel was no witness. */
  public TestRepetition withoutKernel() {
    kernel = false;
    return this;
  }

  /** A connection on which the witnesses differ. */
  public TestRepetition disagreement(Difference... differences) {
    disagreements.add(
        new DisagreementRow(
            at,
            "10.244.200.1",
            30_000 + disagreements.size(),
            Optional.of("pod-1"),
            Optional.of("pod-2"),
            Optional.empty(),
            Optional.of(1L),
            Optional.of(1L),
            List.of(differences)));
    return this;
  }

  /** Use of CPUs, per cent. */
  public TestRepetition cpu(double clientPct, double hostBusyPct, double hostStealPct) {
    cpu = new SummaryRow.Cpu(clientPct, 2, hostBusyPct, hostStealPct);
    return this;
  }

  /** The rules as they were loaded. */
  public TestRepetition rules(String text) {
    rules = text;
    return this;
  }

  /** Changes every row of the ledger. */
  public TestRepetition ledger(UnaryOperator<ConnectionRow> change) {
    ledger = change;
    return this;
  }

  /** Adds values to a histogram; the first ones replace what would be there. */
  public TestRepetition times(Metric metric, double ms, long count) {
    times
        .computeIfAbsent(metric, _ -> empty())
        .recordValueWithCount(Math.round(ms * NS_PER_MS), count);
    return this;
  }

  /** Something happened to the Service, within ten milliseconds. */
  public TestRepetition event(EventKind kind, double atMs, int endpoints, String... pods) {
    EventStep step = kind == EventKind.ADD_ENDPOINTS ? EventStep.JOINED : EventStep.LEFT;
    return step(kind, step, new double[] {atMs, atMs}, endpoints, pods);
  }

  /**
   * A step of an event, done within ten milliseconds.
   *
   * @param ms when the event was due, and when the step began
   */
  public TestRepetition step(
      EventKind kind, EventStep step, double[] ms, int endpoints, String... pods) {
    events.add(
        new EventRow(
            at, kind, step, pods.length, ms[0], ms[1], ms[1] + 10, List.of(pods), endpoints));
    return this;
  }

  /** What a pod, numbered from 1, answered in a bin, and how many connections it held then. */
  public TestRepetition bin(double atMs, int pod, long answered, long connections) {
    bins.add(
        new PodsOverTimeRow(
            at, atMs, Optional.of(pod), Optional.of(pod(pod - 1)), answered, 0, 0, connections));
    return this;
  }

  /** What became of requests that were due in a bin. */
  public TestRepetition due(double atMs, long ok, long broke, long without) {
    byDue.add(new DueRow(at, atMs, ok + broke + without, ok, broke, without));
    return this;
  }

  /** Requests that failed in a bin, whose pods are not known. */
  public TestRepetition failedBin(double atMs, long failed) {
    return failedBin(atMs, failed, 0);
  }

  /** The same, and how often libraries sent a request again in it. */
  public TestRepetition failedBin(double atMs, long failed, long retried) {
    bins.add(
        new PodsOverTimeRow(at, atMs, Optional.empty(), Optional.empty(), 0, failed, retried, 0));
    return this;
  }

  /** A counter more, or, of a proxy, one that says other than it would. */
  public TestRepetition counter(String source, String counter, double value) {
    counters.add(new CounterRow(at, source, counter, value));
    return this;
  }

  /** On pods that events struck so many connections were open. */
  public TestRepetition struck(long count) {
    struck = Optional.of(count);
    return this;
  }

  /** So long after an event clients saw that connections had broken: the median, milliseconds. */
  public TestRepetition noticed(double afterMs) {
    noticeMs = afterMs;
    return this;
  }

  /** What that, or idleness, did. */
  public TestRepetition effect(
      Cause cause,
      EffectRow.Fate open,
      EffectRow.Leaving leaving,
      EffectRow.New opened,
      EffectRow.Ports ports) {
    double from = cause.equals(Cause.IDLE) ? 0 : events.getLast().begunMs();
    boolean broken = open.resetCount() + open.closedCount() > 0;
    effects.add(
        new EffectRow(
            at,
            cause,
            from,
            from + 10,
            open,
            struck,
            broken ? noticeMs : Double.NaN,
            broken ? 2 * noticeMs : Double.NaN,
            leaving,
            opened,
            failed,
            Optional.empty(),
            ports));
    return this;
  }

  /** Its events did what its ledger says. */
  public TestRepetition effectsOfLedger() {
    effectsOfLedger = true;
    return this;
  }

  void write(RunFolder folder) throws IOException {
    List<ConnectionRow> rows = rows();
    Map<Metric, Histogram> histograms = histograms(rows.size());
    if (effectsOfLedger) {
      effects.addAll(
          Effects.of(cell, events, new Effects.Seen(at, rows, List.of(interval(histograms)))));
    }
    folder.append(Tables.CONNECTIONS, rows);
    folder.append(Tables.DISTRIBUTION, distribution());
    folder.append(Tables.DISAGREEMENTS, disagreements);
    folder.append(Tables.EVENTS, events);
    folder.append(Tables.EFFECTS, effects);
    folder.append(Tables.SUMMARY, List.of(summary(rows, histograms)));
    RepetitionFolder files = folder.repetition(cell.id(), number);
    files.write(Tables.INTERVALS, List.of(interval(histograms)));
    files.write(Tables.ERRORS, List.of());
    TestProxies proxies = new TestProxies(cell, at, rows);
    files.write(Tables.ECHO, proxies.echo());
    files.write(Tables.COUNTERS, Stream.concat(proxies.counters(), counters.stream()).toList());
    if (!cell.route().pins()) {
      files.write(Tables.PROXIED, proxies.rows());
    }
    files.write(Tables.PODS_OVER_TIME, bins);
    files.write(Tables.PROCESSES, processes());
    if (!byDue.isEmpty()) {
      files.write(Tables.DUE, byDue);
    }
    long start = STARTED.toEpochMilli();
    Latencies.write(
        files.latency(),
        List.of(Recording.Interval.of(start, start + lengthMs(), histograms, failed)),
        new Latencies.ByPod(List.of(), start, lengthMs()),
        "literal");
    if (!rules.isEmpty()) {
      Files.writeString(files.rules(), rules);
    }
  }

  /** Of a request a client takes 200 µs, a proxy 50, the pods 100. */
  private List<ProcessRow> processes() {
    List<ProcessRow> rows = new ArrayList<>();
    for (int client = 1; client <= cell.clients(); client++) {
      rows.add(process(ProcessRole.CLIENT, "client-" + client, 0, 200_000.0 / cell.clients()));
    }
    if (!cell.route().pins()) {
      rows.add(process(ProcessRole.PROXY, "proxy-1", 0, 50_000));
    }
    rows.add(process(ProcessRole.PODS, "pods", cell.everPods(), 100_000));
    return rows;
  }

  private ProcessRow process(ProcessRole role, String name, int pods, double nsEach) {
    return new ProcessRow(at, role, name, pods, nsEach * answers(), 50e6, 60e6);
  }

  /** Deals connections as a data plane would that keeps its promise. */
  private void deal() {
    Random random = new Random(31L * cell.id().word().hashCode() + number);
    long opened =
        cell.protocol().longLived()
            ? multiplexed() ? cell.clients() : cell.connections()
            : requestsInAll();
    int[] turns = new int[Math.max(cell.nodes(), cell.clients())];
    for (int i = 0; i < opened; i++) {
      int client = i % cell.clients();
      int pod =
          switch (cell.choice()) {
            case DRAW -> random.nextInt(cell.pods());
            case ZONE_DRAW -> inZone(client % cell.nodes(), random.nextInt(5040));
            case CLIENT_IN_TURN, CLIENT_BALANCED, PROXY -> turns[client]++ % cell.pods();
            case NODE_IN_TURN, LEAST_CONNECTIONS, LEAST_ACTIVE ->
                inZone(client % cell.nodes(), turns[client % cell.nodes()]++);
            case CLIENT_HASH, CLIENT_PINNED -> inZone(client % cell.nodes(), client);
            case SERVICE_HASH, CLIENT_FIRST -> inZone(client % cell.nodes(), 0);
          };
      byClient[client][pod]++;
    }
  }

  /** The n-th pod of those that rules on a node have, again from the first after the last. */
  private int inZone(int node, int n) {
    int[] own = IntStream.range(0, cell.pods()).filter(pod -> pod % cell.nodes() == node).toArray();
    return cell.cure().sameZone() && own.length > 0 ? own[n % own.length] : n % cell.pods();
  }

  /** All callers of a client on one connection. */
  private boolean multiplexed() {
    return cell.pooling() == Pooling.SHARED && cell.protocol() != Protocol.HTTP1;
  }

  private long requestsInAll() {
    return switch (cell.load()) {
      case LoadModel.Closed() -> 10L * cell.connections();
      case LoadModel.Open rate ->
          (long) (rate.mean() * cell.course().phases().measure().toMillis() / 1000);
    };
  }

  private long[] connectionsByPod() {
    return IntStream.range(0, cell.everPods())
        .mapToLong(pod -> Arrays.stream(byClient).mapToLong(mine -> mine[pod]).sum())
        .toArray();
  }

  private long[] requestsByPod() {
    if (requests != null) {
      return requests;
    }
    long[] mine = connectionsByPod();
    long all = Arrays.stream(mine).sum();
    long[] shares = new long[mine.length];
    long before = 0;
    for (int pod = 0; pod < mine.length; pod++) {
      long until = before + mine[pod];
      shares[pod] = all == 0 ? 0 : requestsInAll() * until / all - requestsInAll() * before / all;
      before = until;
    }
    return shares;
  }

  /** Behind a proxy no connection of a client has a pod. */
  private <T> Optional<T> inPod(T value) {
    return Optional.of(value).filter(_ -> cell.route().pins());
  }

  private String pod(int index) {
    return "pod-" + (index + 1);
  }

  private String podNode(int index) {
    return "node-" + (index % cell.nodes() + 1);
  }

  private List<ConnectionRow> rows() {
    List<ConnectionRow> rows = new ArrayList<>();
    long[] counts = connectionsByPod();
    long[] shares = requestsByPod();
    int[] dealt = new int[counts.length];
    int born = 0;
    for (int client = 0; client < byClient.length; client++) {
      int own = 0;
      for (int pod = 0; pod < counts.length; pod++) {
        for (long i = 0; i < byClient[client][pod]; i++) {
          long nth = dealt[pod]++;
          long served = shares[pod] * (nth + 1) / counts[pod] - shares[pod] * nth / counts[pod];
          rows.add(ledger.apply(row(client, ++own, pod, born++, served)));
        }
      }
    }
    return rows;
  }

  private ConnectionRow row(int client, int own, int pod, int born, long served) {
    boolean direct = cell.dataPlane() == DataPlane.DIRECT;
    boolean later = cell.opening() == Opening.SPREAD || !cell.protocol().longLived();
    double bornMs = later ? (double) lengthMs() * born / Math.max(1, connectionsInAll()) : -10;
    double endMs = later && !cell.protocol().longLived() ? bornMs + 2 : lengthMs();
    return new ConnectionRow(
        at,
        "client-" + (client + 1),
        Optional.of("node-" + (client % cell.nodes() + 1)),
        own,
        "10.244.200." + (client + 1),
        10_000 + own % 50_000,
        direct ? "10.244.1." + (pod + 1) : "10.96.0.10",
        direct ? 8080 : 80,
        inPod(pod + 1),
        inPod(pod(pod)),
        inPod(podNode(pod)),
        inPod(Witness.REPLY),
        bornMs,
        NS_PER_MS / 10.0,
        endMs - bornMs,
        endMs - 1,
        endMs - 2,
        Death.CLIENT,
        served,
        served,
        0,
        Optional.empty());
  }

  private long connectionsInAll() {
    return Arrays.stream(connectionsByPod()).sum();
  }

  private long lengthMs() {
    return cell.course().phases().length().toMillis();
  }

  private List<DistributionRow> distribution() {
    long[] counts = connectionsByPod();
    long[] shares = requestsByPod();
    return IntStream.range(0, counts.length)
        .mapToObj(i ->
            new DistributionRow(
                at, i + 1, pod(i), podNode(i), counts[i], shares[i], took(shares[i])))
        .toList();
  }

  private static Times took(long requests) {
    Histogram h = empty();
    h.recordValueWithCount(12 * NS_PER_MS / 10, requests);
    return Times.of(h);
  }

  private long answers() {
    return answered >= 0 ? answered : Arrays.stream(requestsByPod()).sum();
  }

  private static Histogram empty() {
    return new Histogram(Recording.LONGEST_NS, Recording.SIGNIFICANT_DIGITS);
  }

  private Map<Metric, Histogram> histograms(long opened) {
    Map<Metric, Histogram> all = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Histogram usual = empty();
      switch (metric) {
        case RESPONSE -> usual.recordValueWithCount(12 * NS_PER_MS / 10, answers());
        case SERVICE -> usual.recordValueWithCount(NS_PER_MS, answers());
        case SEND_LAG, PACING_LAG -> usual.recordValueWithCount(NS_PER_MS / 20, answers());
        case CONNECT -> usual.recordValueWithCount(NS_PER_MS / 10, opened);
        case FAILURE -> usual.recordValueWithCount(1000 * NS_PER_MS, failed);
        case CENSORED -> usual.recordValueWithCount(1000 * NS_PER_MS, failed + unanswered);
      }
      Histogram h = times.getOrDefault(metric, usual);
      h.setTag(metric.tag());
      all.put(metric, h);
    }
    return all;
  }

  private SummaryRow summary(List<ConnectionRow> rows, Map<Metric, Histogram> histograms) {
    boolean open = cell.load() instanceof LoadModel.Open;
    double seconds = cell.course().phases().measure().toMillis() / 1e3;
    return new SummaryRow(
        at,
        marks.contains(Mark.DRAINED_EARLY)
            ? RepetitionStatus.PARTIAL
            : marks.isEmpty() ? RepetitionStatus.OK : RepetitionStatus.MARKED,
        marks,
        STARTED,
        new SummaryRow.Requests(
            due >= 0 ? due : answers() + failed + unanswered,
            answers(),
            Optional.of(failed),
            Optional.of(unanswered),
            failed,
            unanswered,
            retried),
        new SummaryRow.Rate(
            cell.load() instanceof LoadModel.Open rate ? rate.mean() : Double.NaN,
            answers() / seconds),
        new SummaryRow.Connections(
            rows.size(), rows.stream().mapToLong(ConnectionRow::straysCount).sum()),
        Arrays.stream(connectionsByPod()).filter(c -> c > 0).count(),
        ResponseTimes.of(CensoredTimes.of(histograms)),
        Times.of(histograms.get(Metric.SERVICE)),
        Times.of(open ? histograms.get(Metric.SEND_LAG) : empty()),
        Times.of(open ? histograms.get(Metric.PACING_LAG) : empty()),
        Times.of(histograms.get(Metric.CONNECT)),
        Times.of(histograms.get(Metric.FAILURE)),
        cpu,
        new SummaryRow.CrossCheck(
            disagreements.isEmpty() ? Agreement.AGREE : Agreement.DIFFER,
            kernel,
            rows.size(),
            disagreements.size()));
  }

  private IntervalRow interval(Map<Metric, Histogram> histograms) {
    CensoredTimes response = CensoredTimes.of(histograms);
    return new IntervalRow(
        at,
        "client-1",
        0,
        lengthMs(),
        response.answeredCount(),
        failed,
        IntervalRow.Response.of(response),
        Quantiles.percentile(histograms.get(Metric.SEND_LAG), 99),
        Quantiles.percentile(histograms.get(Metric.CONNECT), 50));
  }
}
