package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.RealServer;
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
 * What is not found in ipvs's own connection table, and what is added to it: up to Linux 6.18 it
 * keeps its 4096 buckets however many connections there are. What is found: {@link
 * KnownConnectionBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IpvsConnectionBenchmark {
  /** Connections in the table. */
  @Param({"1000", "10000", "100000", "1000000"})
  public int connections;

  /** fixed: 4096 buckets, up to 6.18; growing: as from Linux 7 on. */
  @Param({"growing", "fixed"})
  public String table;

  private final RealServer server = new RealServer(0x0A800001, 8080, 1);
  private ConnectionTable entries;
  private KnownConnections known;

  /** Fills the table. */
  @Setup
  public void fill() {
    boolean grows = table.equals("growing");
    entries =
        new ConnectionTable(
            grows,
            grows ? dev.conntrail.state.Mode.MOST_IPVS_BITS : ConnectionTable.DEFAULT_BITS,
            FirstPacketBenchmark.SEED);
    known = ConntrackBenchmark.connections(connections);
    for (int i = 0; i < connections; i++) {
      add(known.packet(i));
    }
  }

  private int add(Packet p) {
    return entries.add(
        p.source, p.sourcePort, p.destination, p.destinationPort, p.protocol, server, 900);
  }

  /** A packet of no known connection. */
  @Benchmark
  public int miss() {
    return entries.find(known.unknown());
  }

  /** A connection that is made and then expires. */
  @Benchmark
  public int addAndExpire() {
    int made = add(known.unknown());
    entries.expire(made);
    return made;
  }
}
