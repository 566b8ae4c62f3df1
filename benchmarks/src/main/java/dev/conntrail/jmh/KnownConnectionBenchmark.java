package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.RealServer;
import dev.conntrail.state.KnownConnections;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
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
 * What finding a known connection costs in each table that a packet may be looked up in, by the
 * number of connections: conntrack's with an entry a bucket, ipvs's own with the 4096 buckets that
 * it keeps up to Linux 6.18, and as it grows from Linux 7 on. Packets are drawn at random over all
 * connections, so a table larger than the caches is met as such.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KnownConnectionBenchmark {
  private static final int SPARE = 1024;
  private static final int TIMEOUT_S = 900;
  private static final int MOST_BITS = dev.conntrail.state.Mode.MOST_IPVS_BITS;

  /** Which packet of a connection; see {@link FirstPacketBenchmark#packet}. */
  @Param("established")
  public String packet;

  /** The table: conntrack's, or ipvs's, growing or with 4096 buckets. */
  @Param({"conntrack", "ipvs", "ipvs-4096"})
  public String table;

  /** Connections in the table. */
  @Param({"1000", "10000", "100000", "1000000"})
  public int connections;

  private KnownConnections known;
  private ToIntFunction<Packet> lookup;

  /** Fills the table. */
  @Setup
  public void fill() {
    known = ConntrackBenchmark.connections(connections);
    lookup =
        switch (table) {
          case "conntrack" -> conntrack();
          case "ipvs" -> ipvs(new ConnectionTable(true, MOST_BITS, FirstPacketBenchmark.SEED));
          case "ipvs-4096" ->
              ipvs(
                  new ConnectionTable(
                      false, ConnectionTable.DEFAULT_BITS, FirstPacketBenchmark.SEED));
          default ->
              throw new IllegalArgumentException(
                  "table: found " + table + "; allowed: conntrack, ipvs, ipvs-4096");
        };
  }

  private ToIntFunction<Packet> conntrack() {
    ConntrackTable entries = ConntrackBenchmark.table(connections, 1, connections + SPARE);
    ConntrackBenchmark.fill(entries, known, ConntrackTable.ASSURED);
    return p -> {
      int node = entries.find(p, 0, 0);
      entries.put(node);
      return node;
    };
  }

  private ToIntFunction<Packet> ipvs(ConnectionTable entries) {
    RealServer server = new RealServer(0x0A800001, 8080, 1);
    for (int i = 0; i < connections; i++) {
      Packet p = known.packet(i);
      entries.add(
          p.source, p.sourcePort, p.destination, p.destinationPort, p.protocol, server, TIMEOUT_S);
    }
    return entries::find;
  }

  /** The next packet of a known connection. */
  @Benchmark
  public int lookup() {
    return lookup.applyAsInt(known.next());
  }
}
