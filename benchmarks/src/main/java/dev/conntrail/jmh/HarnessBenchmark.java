package dev.conntrail.jmh;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.PacketRing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The harness itself: what remains of a benchmark when the lookup is taken out of it. The others'
 * figures hold this much that is not the model's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HarnessBenchmark {
  private static final int DESTINATIONS = 1000;

  private final Router empty = _ -> Router.PASSED;
  private final Draws draws = new Draws(FirstPacketBenchmark.SEED);
  private PacketRing ring;

  /** Draws the packets. */
  @Setup
  public void draw() {
    ring =
        new PacketRing(
            DrawnServices.draw(DESTINATIONS, 1, FirstPacketBenchmark.SEED).stream()
                .mapToInt(s -> s.address())
                .toArray(),
            FirstPacketBenchmark.SEED);
  }

  /** An empty benchmark. */
  @Benchmark
  public int nothing() {
    return 0;
  }

  /** The next packet, and a lookup that looks at nothing. */
  @Benchmark
  public int nextPacket() {
    Packet packet = ring.next();
    return empty.route(packet) + packet.endpoint;
  }

  /** One random word, as statistic and numgen draw it. */
  @Benchmark
  public int draw32() {
    return draws.next();
  }
}
