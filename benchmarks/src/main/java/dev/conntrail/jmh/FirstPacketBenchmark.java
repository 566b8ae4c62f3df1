package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.Mode;
import dev.conntrail.state.PacketRing;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the first packet of a connection pays for its Service: finding it, choosing an endpoint, the
 * translation. Connection tracking comes on top; see {@link ConntrackBenchmark}.
 *
 * <p>ClusterIPs and packets are drawn from a seed; packets come out of a {@link PacketRing}, whose
 * own cost is {@link HarnessBenchmark#nextPacket}. Targets first, middle and last are one Service
 * at that place, as a client has it that connects to one Service: where rules are walked in order
 * the place decides, where they are hashed it means nothing. Target any draws from all Services:
 * each lookup then meets memory that was not touched for a while, and branches that were taken
 * otherwise the last time, which is what the caches and the predictor do to a node with many
 * Services.
 */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FirstPacketBenchmark {
  static final long SEED = 42;

  /** Which packet of a connection: what results are sorted by, whatever this class is called. */
  @Param("first")
  public String packet;

  /** The data plane; the words of {@link Mode}. */
  @Param({"iptables-legacy", "iptables-nft", "nftables", "nftables-1.37", "ipvs", "ipvs-256"})
  public String mode;

  /** Services with a ClusterIP. */
  @Param({"1", "10", "100", "1000", "5000", "10000", "30000"})
  public int services;

  /** Endpoints of each. */
  @Param("3")
  public int endpoints;

  /** Which Service: first, middle, last, any, or none (miss). */
  @Param({"first", "middle", "last", "any", "miss"})
  public String target;

  private Router router;
  private PacketRing ring;

  /** Programs the data plane and draws the packets. */
  @Setup
  public void program() {
    List<Service> drawn = DrawnServices.draw(services, endpoints, SEED);
    router = Mode.of(mode).router(drawn, SEED);
    ring = new PacketRing(destinations(drawn), SEED);
  }

  private int[] destinations(List<Service> drawn) {
    return switch (target) {
      case "first" -> new int[] {drawn.getFirst().address()};
      case "middle" -> new int[] {drawn.get(services / 2).address()};
      case "last" -> new int[] {drawn.getLast().address()};
      case "any" -> drawn.stream().mapToInt(Service::address).toArray();
      case "miss" -> new int[] {DrawnServices.unknown(services, SEED)};
      default ->
          throw new IllegalArgumentException(
              "target: found " + target + "; allowed: first, middle, last, any, miss");
    };
  }

  /** Takes one packet through the rules. */
  @Benchmark
  public int route() {
    Packet next = ring.next();
    return router.route(next) + next.endpoint;
  }
}
