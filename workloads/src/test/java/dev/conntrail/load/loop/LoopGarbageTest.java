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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From a request's due time to its reply in the histograms the loop makes no garbage, over real
 * sockets to an echo. Its threads have counts of their bytes: a turn in which those stay the same
 * made nothing. Some turns make a histogram, or a longer one, and some have a reply that came in
 * pieces, as on a busy machine many do; if each reply left an object, each turn with one would.
 */
@Timeout(240)
class LoopGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLERS = 64;

  private static final int RATE = 20_000;
  private static final int MEASURE_MS = 500;
  private static final int REQUESTS = RATE / 1000 * MEASURE_MS;

  /**
   * How often it is tried: code that is not compiled yet makes objects that the compiler leaves
   * out, and the compilers of a busy machine take a while.
   */
  private static final int ROUNDS = 40;

  private final List<Watched> nets = new CopyOnWriteArrayList<>();
  private volatile long measuredFromNs = Long.MAX_VALUE;
  private volatile boolean littering;
  private volatile Object litter;
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
    private boolean began;
    private long last;
    private int told;
    private int allTold;
    private int toldWithGarbage;

    Watched() throws IOException {
      nets.add(this);
    }

    private void look() {
      long now = THREADS.getCurrentThreadAllocatedBytes();
      if (began) {
        allTold += told;
        toldWithGarbage += now > last ? told : 0;
      }
      began = began || System.nanoTime() - measuredFromNs >= 0;
      last = now;
      told = 0;
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
      told++;
      if (littering) {
        litter = new byte[16];
      }
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

  /** Runs as long a warm-up, and then the requests; how many replies came in turns with garbage. */
  private int littered(Protocol protocol) throws InterruptedException {
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
            new LoadModel.Constant(RATE),
            new Phases(
                Duration.ofMillis(MEASURE_MS),
                Duration.ZERO,
                Duration.ofMillis(MEASURE_MS),
                Duration.ofMinutes(3)),
            ClientKind.LOOP);
    LoadOutcome outcome =
        new LoopEngine(Watched::new)
            .run(
                plan,
                new RunSignals(
                    new CountDownLatch(1),
                    () -> {
                      long now = System.nanoTime();
                      measuredFromNs = now + Duration.ofMillis(MEASURE_MS).toNanos();
                      return now;
                    }));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(REQUESTS);
    assertThat(nets.stream().mapToInt(n -> n.allTold).sum())
        .as("replies, but for those of each loop's first turn and last")
        .isGreaterThanOrEqualTo(REQUESTS - 2 * CALLERS);
    return nets.stream().mapToInt(n -> n.toldWithGarbage).sum();
  }

  /** Each is sent when it is due, if the machine keeps up. */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP1", "HTTP2", "GRPC", "GRPC_STREAM", "WEBSOCKET"})
  void mostRepliesComeInTurnsThatAllocateNothing(Protocol protocol) throws InterruptedException {
    List<Integer> littered = new ArrayList<>();
    do {
      littered.add(littered(protocol));
    } while (littered.getLast() >= REQUESTS / 2 && littered.size() < ROUNDS);
    assertThat(littered.getLast())
        .as("replies of %d in turns that allocated, round by round: %s", REQUESTS, littered)
        .isLessThan(REQUESTS / 2);
  }

  @Test
  void anObjectAReplyIsSeen() throws InterruptedException {
    littering = true;
    assertThat(littered(Protocol.HTTP1)).isGreaterThanOrEqualTo(REQUESTS - 2 * CALLERS);
    assertThat(litter).isNotNull();
  }
}
