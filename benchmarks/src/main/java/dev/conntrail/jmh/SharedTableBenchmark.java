package dev.conntrail.jmh;

import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.state.KnownConnections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Several CPUs on one conntrack table: readers take no lock, but each packet writes the reference
 * count of its connection; writers take two of 1024 locks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SharedTableBenchmark {
  private static final int SPARE = 4096;

  /** Connections in the table. */
  @Param({"10", "100000"})
  public int connections;

  private ConntrackTable table;

  /** Fills the table. */
  @Setup
  public void fill() {
    table = ConntrackBenchmark.table(connections, 1, connections + SPARE);
    ConntrackBenchmark.fill(
        table, ConntrackBenchmark.connections(connections), ConntrackTable.ASSURED);
  }

  /** Each thread draws for itself. */
  @State(Scope.Thread)
  public static class Drawn {
    private static final java.util.concurrent.atomic.AtomicInteger NEXT =
        new java.util.concurrent.atomic.AtomicInteger();

    private KnownConnections known;

    /** Draws from a seed of its own. */
    @Setup
    public void draw(SharedTableBenchmark shared) {
      known =
          new KnownConnections(
              dev.conntrail.state.DrawnServices.draw(100, 1, FirstPacketBenchmark.SEED).stream()
                  .mapToInt(s -> s.address())
                  .toArray(),
              shared.connections,
              FirstPacketBenchmark.SEED + NEXT.incrementAndGet());
    }
  }

  private int find(Drawn drawn) {
    int node = table.find(drawn.known.next(), 0, 0);
    table.put(node);
    return node;
  }

  /** One thread. */
  @Benchmark
  @Threads(1)
  public int lookupAlone(Drawn drawn) {
    return find(drawn);
  }

  /** As many threads as there are CPUs. */
  @Benchmark
  @Threads(Threads.MAX)
  public int lookupTogether(Drawn drawn) {
    return find(drawn);
  }

  /** A reader beside a writer. */
  @Benchmark
  @Group("readWrite")
  @GroupThreads(1)
  public int lookup(Drawn drawn) {
    return find(drawn);
  }

  /** A writer beside a reader. */
  @Benchmark
  @Group("readWrite")
  @GroupThreads(1)
  public boolean insertAndExpire(Drawn drawn) {
    int made = ConntrackBenchmark.insert(table, drawn.known.unknown(), ConntrackTable.ASSURED);
    return made >= 0 && table.delete(made);
  }
}
