package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.conntrail.echo.EchoPods;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From a request's due time to its reply in the histograms the loop makes no garbage, over real
 * sockets to an echo: counted by its threads, in bytes.
 */
@Timeout(240)
class LoopGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLERS = 64;

  /**
   * Of 10,000 requests: those that made a histogram, or a longer one, for others' sake too, and
   * those whose reply came in pieces, as on a busy machine many do; all, if each made garbage.
   */
  private static final int MOST_TURNS = 2000;

  /**
   * How often it is tried: code that is not compiled yet makes objects that the compiler leaves
   * out, and the compilers of a busy machine take a while.
   */
  private static final int ROUNDS = 40;

  private final List<Watched> nets = new CopyOnWriteArrayList<>();
  private volatile long measuredFromNs = Long.MAX_VALUE;
  private EchoServer server;

  @BeforeEach
  void serve() throws IOException {
    server = EchoPods.serve(2);
  }

  @AfterEach
  void end() {
    server.close();
  }

  /** Looks at what its thread has allocated, at each wait from the measure phase on. */
  private final class Watched implements Net {
    private final Net net = Net.open();
    private long first = -1;
    private long last;
    private int turns;

    Watched() throws IOException {
      nets.add(this);
    }

    long bytes() {
      return last - first;
    }

    /** How many of its turns allocated anything. */
    int turns() {
      return turns;
    }

    private void look() {
      long now = THREADS.getCurrentThreadAllocatedBytes();
      if (first >= 0) {
        turns += now > last ? 1 : 0;
        last = now;
      } else if (System.nanoTime() - measuredFromNs >= 0) {
        first = now;
        last = now;
      }
    }

    @Override
    public Link connect(LoopConnection owner, InetSocketAddress remote, Options options)
        throws IOException {
      return net.connect(owner, remote, options);
    }

    @Override
    public int await(long timeoutNs) throws IOException {
      look();
      return net.await(timeoutNs);
    }

    @Override
    public Link link(int i) {
      return net.link(i);
    }

    @Override
    public int ready(int i) {
      return net.ready(i);
    }

    @Override
    public void prepare() {
      net.prepare();
    }

    @Override
    public void wake() {
      net.wake();
    }

    @Override
    public void close() {
      net.close();
    }
  }

  /** Runs so many requests a second for so long, after as long a warm-up. */
  private void run(Protocol protocol, int rate, int ms) throws InterruptedException {
    nets.clear();
    measuredFromNs = Long.MAX_VALUE;
    List<String> targets =
        server.pods().stream()
            .map(p -> "127.0.0.1:" + (protocol.grpc() ? p.grpcPort() : p.httpPort()))
            .toList();
    LoadPlan plan =
        new LoadPlan(
            new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
            LoadPlan.Callers.plain(CALLERS, targets, protocol, Pooling.DEDICATED),
            new LoadModel.Constant(rate),
            new Phases(
                Duration.ofMillis(ms), Duration.ZERO, Duration.ofMillis(ms), Duration.ofMinutes(3)),
            ClientKind.LOOP);
    LoadOutcome outcome =
        new LoopEngine(Watched::new)
            .run(
                plan,
                new RunSignals(
                    new CountDownLatch(1),
                    () -> {
                      long now = System.nanoTime();
                      measuredFromNs = now + Duration.ofMillis(ms).toNanos();
                      return now;
                    }));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(rate / 1000L * ms);
    assertThat(nets).allSatisfy(n -> assertThat(n.bytes()).isPositive());
  }

  private int turns() {
    return nets.stream().mapToInt(Watched::turns).sum();
  }

  /** Each is sent when it is due, if the machine keeps up. */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP1", "HTTP2", "GRPC", "GRPC_STREAM", "WEBSOCKET"})
  void mostTurnsAllocateNothing(Protocol protocol) throws InterruptedException {
    List<Integer> turns = new ArrayList<>();
    do {
      run(protocol, 20_000, 500);
      turns.add(turns());
    } while (turns.getLast() >= MOST_TURNS && turns.size() < ROUNDS);
    assertThat(turns.getLast())
        .as("turns of 10,000 requests that allocated, round by round: %s", turns)
        .isLessThan(MOST_TURNS);
  }
}
