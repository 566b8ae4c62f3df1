package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.KnownConnections;
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
 * What connection tracking costs, by the number of connections and how full the table is. Packets
 * are drawn at random over all connections, so a table larger than the caches is met as such; the
 * heap is on huge pages where the system has them, as the kernel's own memory is, or the misses of
 * the TLB would be the harness's own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConntrackBenchmark {
  private static final int SERVICES = 100;
  private static final int SPARE = 1024;

  /** Connections in the table; each has two entries. */
  @Param({"1000", "10000", "100000", "1000000"})
  public int connections;

  /** Entries for each bucket. */
  @Param({"0.5", "1", "2", "4", "8"})
  public double load;

  private ConntrackTable table;
  private KnownConnections known;

  /** Fills the table. */
  @Setup
  public void fill() {
    table = table(connections, load, connections + SPARE);
    known = connections(connections);
    fill(table, known, ConntrackTable.ASSURED);
  }

  static ConntrackTable table(int connections, double load, int max) {
    return new ConntrackTable(
        Math.max(1, (int) (2 * connections / load)), max, FirstPacketBenchmark.SEED);
  }

  static KnownConnections connections(int count) {
    int[] services =
        DrawnServices.draw(SERVICES, 1, FirstPacketBenchmark.SEED).stream()
            .mapToInt(s -> s.address())
            .toArray();
    return new KnownConnections(services, count, FirstPacketBenchmark.SEED);
  }

  /** Inserts all connections. */
  static void fill(ConntrackTable table, KnownConnections known, int status) {
    for (int i = 0; i < known.count(); i++) {
      insert(table, known.packet(i), status);
    }
  }

  static int insert(ConntrackTable table, Packet packet, int status) {
    return table.insert(packet, 0, 0, 1 << 20, status, 29);
  }

  /** The next packet of a known connection: hash, chain, one reference taken and given back. */
  @Benchmark
  public int lookup() {
    int node = table.find(known.next(), 0, 0);
    table.put(node);
    return node;
  }

  /** A packet of no known connection: the whole chain. */
  @Benchmark
  public int miss() {
    return table.find(known.unknown(), 0, 0);
  }

  /** A connection that is made and then expires. */
  @Benchmark
  public boolean insertAndExpire() {
    return table.delete(insert(table, known.unknown(), ConntrackTable.ASSURED));
  }
}
