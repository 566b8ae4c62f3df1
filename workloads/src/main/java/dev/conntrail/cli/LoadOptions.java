package dev.conntrail.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A load plan on the command line. */
final class LoadOptions {
  /** Files that load has open beside its connections, and more than these. */
  private static final int OTHER_FILES = 200;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--target",
      paramLabel = "ADDRESS",
      required = true,
      description =
          "Once or more, HOST:PORT of an echo, a Service or another server, in cleartext (HTTP/2 by prior knowledge); several are taken in turn. A name is looked up once, and the address that is taken is said.")
  private List<String> targets = List.of();

  private final List<TargetAddress> addresses = new ArrayList<>();

  @Option(
      names = "--protocol",
      paramLabel = "WORD",
      defaultValue = "http1",
      description =
          "http1, http2, grpc, grpc-stream, websocket or short-lived (default: ${DEFAULT-VALUE}).")
  private String protocol;

  @Option(
      names = "--pooling",
      paramLabel = "WORD",
      defaultValue = "dedicated",
      description =
          "dedicated (a client object for each connection) or shared (one for all) (default: ${DEFAULT-VALUE}).")
  private String pooling;

  @Option(
      names = "--client",
      paramLabel = "WORD",
      description =
          "loop (Conntrail's own event loop) or library (OkHttp, grpc-java, Java-WebSocket; of an echo alone; many times the CPU) (default: loop; with --pooling shared, which is how libraries pool: library).")
  private String client;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Concurrent connections, each a file of this process (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      defaultValue = "closed",
      description =
          "Requests a second over all connections: N; A..B, rising or falling evenly over the measure phase; A/B/C, steps, each an equal part of it; the warm-up goes by the first. Or closed: the next when the last is answered, or 50 ms after it failed (default: ${DEFAULT-VALUE}).")
  private String rate;

  @Option(
      names = "--arrivals",
      paramLabel = "WORD",
      defaultValue = "regular",
      description =
          "How requests at a rate follow one another: regular, or poisson, with exponential gaps (default: ${DEFAULT-VALUE}).")
  private String arrivals;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Of Poisson arrivals: the same number gives the same gaps; loads beside each other take others (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--warmup-ms",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "Warm-up (default: ${DEFAULT-VALUE}).")
  private long warmupMs;

  @Option(
      names = "--measure-ms",
      paramLabel = "MS",
      defaultValue = "5000",
      description = "Measure phase (default: ${DEFAULT-VALUE}).")
  private long measureMs;

  @Option(
      names = "--drain-ms",
      paramLabel = "MS",
      defaultValue = "2000",
      description = "Longest wait for outstanding replies (default: ${DEFAULT-VALUE}).")
  private long drainMs;

  @Mixin private ExchangeOptions exchange;

  /**
   * The plan.
   *
   * @throws ParameterException naming what is not understood, and what is allowed
   */
  LoadPlan plan() {
    Protocol p =
        Named.find(Protocol.class, protocol)
            .orElseThrow(() -> refuse("--protocol", protocol, Named.words(Protocol.class)));
    Pooling q =
        Named.find(Pooling.class, pooling)
            .orElseThrow(() -> refuse("--pooling", pooling, Named.words(Pooling.class)));
    lookUp();
    atLeast("--connections", connections, 1);
    if (q == Pooling.DEDICATED) {
      fits(connections);
    }
    atLeast("--warmup-ms", warmupMs, 0);
    atLeast("--measure-ms", measureMs, 100);
    atLeast("--drain-ms", drainMs, 0);
    Phases phases =
        new Phases(
            Duration.ofMillis(warmupMs),
            Duration.ZERO,
            Duration.ofMillis(measureMs),
            Duration.ofMillis(drainMs));
    Cell cell =
        Cell.of(new Course(phases, List.of(), 1))
            .with(Axes.DATA_PLANE, DataPlane.DIRECT)
            .with(Axes.PROTOCOL, p)
            .with(Axes.POOLING, q)
            .with(Axes.CLIENT, client(q))
            .with(Axes.CONNECTIONS, connections)
            .with(Axes.PODS, targets.size())
            .with(Axes.RATE, load())
            .with(Axes.ARRIVALS, arrivals());
    List<String> taken = addresses.stream().map(TargetAddress::address).toList();
    return LoadPlan.of("load", cell, 1, "client-1", "", 0, taken)
        .with(exchange.exchange(p, taken))
        .seeded(seed);
  }

  /** Each connection is a file of this process, of which it may have so many. */
  private void fits(int connections) {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof UnixOperatingSystemMXBean system)) {
      return;
    }
    long files = system.getMaxFileDescriptorCount();
    long most = files - OTHER_FILES;
    if (connections > most) {
      throw Refusals.of(
          spec,
          "--connections",
          Integer.toString(connections),
          "up to %d, for this process may have %d files open; mend: ulimit -n, or several of load"
              .formatted(most, files));
    }
  }

  private void atLeast(String option, long found, long least) {
    if (found < least) {
      throw refuse(option, Long.toString(found), List.of("from " + least));
    }
  }

  private void lookUp() {
    for (String target : targets) {
      addresses.add(
          TargetAddress.of(target)
              .orElseThrow(() ->
                  refuse(
                      "--target",
                      target,
                      List.of("HOST:PORT, an IP address or a name that is known here"))));
    }
  }

  /** What it connects to, once there is a plan. */
  List<TargetAddress> addresses() {
    return List.copyOf(addresses);
  }

  private LoadModel load() {
    return LoadModel.find(rate)
        .orElseThrow(() -> refuse("--rate", rate, List.of(LoadModel.ALLOWED)));
  }

  private Arrivals arrivals() {
    Arrivals found =
        Named.find(Arrivals.class, arrivals)
            .orElseThrow(() -> refuse("--arrivals", arrivals, Named.words(Arrivals.class)));
    if (found != Arrivals.REGULAR && load().closed()) {
      throw refuse(
          "--arrivals: found '" + arrivals + "' in a closed loop; allowed: it with --rate");
    }
    return found;
  }

  private ClientKind client(Pooling q) {
    ClientKind otherwise = q == Pooling.SHARED ? ClientKind.LIBRARY : ClientKind.LOOP;
    String asked = client == null ? otherwise.word() : client;
    ClientKind kind =
        Named.find(ClientKind.class, asked)
            .orElseThrow(() -> refuse("--client", asked, Named.words(ClientKind.class)));
    if (q == Pooling.SHARED && exchange.given()) {
      throw refuse("--pooling: found 'shared' with a server that is no echo; allowed: dedicated");
    }
    if (kind == ClientKind.LIBRARY && exchange.given()) {
      throw refuse("--client: found 'library' with a server that is no echo; allowed: loop there");
    }
    if (kind == ClientKind.LOOP && q == Pooling.SHARED) {
      throw refuse("--client: found 'loop' with pooling shared; allowed: library there");
    }
    return kind;
  }

  private ParameterException refuse(String option, String found, List<String> allowed) {
    return Refusals.of(spec, option, found, String.join(", ", allowed));
  }

  private ParameterException refuse(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
