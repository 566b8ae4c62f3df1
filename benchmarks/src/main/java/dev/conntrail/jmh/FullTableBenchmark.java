package dev.conntrail.jmh;

import dev.conntrail.model.conntrack.ConntrackTable;
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
 * A new connection when the table is at {@code nf_conntrack_max}: early drop looks into eight
 * buckets for a connection that was never answered, and the packet is dropped if there is none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FullTableBenchmark {
  /** Connections in the table, which is full. */
  @Param({"10000", "100000"})
  public int connections;

  /** Whether they are assured, so that none may be dropped for another. */
  @Param({"false", "true"})
  public boolean assured;

  private ConntrackTable table;
  private KnownConnections known;
  private int next;

  /** Fills the table to its last place. */
  @Setup
  public void fill() {
    table = ConntrackBenchmark.table(connections, 1, connections);
    known = ConntrackBenchmark.connections(connections);
    next = connections;
    ConntrackBenchmark.fill(table, known, status());
  }

  private int status() {
    return assured ? ConntrackTable.ASSURED : 0;
  }

  /** One connection more. */
  @Benchmark
  public int insert() {
    return ConntrackBenchmark.insert(table, known.packet(next++ & 0x3fff_ffff), status());
  }
}
