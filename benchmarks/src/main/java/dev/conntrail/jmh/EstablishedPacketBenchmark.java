package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Service;
import dev.conntrail.model.ServicePath;
import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.KnownConnections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a packet of a known connection pays, by data plane and number of Services: it does not meet
 * the rules, so the Services must not matter. In ipvs mode it is looked up twice.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EstablishedPacketBenchmark {
  /** Which packet of a connection; see {@link FirstPacketBenchmark#packet}. */
  @Param("established")
  public String packet;

  /** The data plane; the words of {@link dev.conntrail.state.Mode}. */
  @Param({"iptables-legacy", "iptables-nft", "nftables", "nftables-1.37", "ipvs", "ipvs-256"})
  public String mode;

  /** Services with a ClusterIP. */
  @Param({"1", "100", "1000", "5000", "10000"})
  public int services;

  /** Connections, over all Services. */
  @Param({"1000", "100000"})
  public int connections;

  private ServicePath path;
  private KnownConnections known;

  /** Programs the data plane and makes the connections through it. */
  @Setup
  public void connect() {
    List<Service> drawn = DrawnServices.draw(services, 3, FirstPacketBenchmark.SEED);
    ConntrackTable table = ConntrackBenchmark.table(connections, 1, connections + 1);
    path = dev.conntrail.state.Mode.of(mode).path(table, drawn, FirstPacketBenchmark.SEED);
    int[] addresses = drawn.stream().mapToInt(Service::address).toArray();
    known = new KnownConnections(addresses, connections, FirstPacketBenchmark.SEED);
    for (int i = 0; i < connections; i++) {
      path.take(known.packet(i));
    }
  }

  /** Takes one packet through connection tracking. */
  @Benchmark
  public int take() {
    Packet next = known.next();
    return path.take(next) + next.endpoint;
  }
}
