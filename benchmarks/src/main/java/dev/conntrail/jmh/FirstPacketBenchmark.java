package dev.conntrail.jmh;

import dev.conntrail.model.RuleList;
import java.util.Random;
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
 * What the first packet of a connection pays in iptables mode: the walk of KUBE-SERVICES to the
 * rule of its Service. Cluster IPs are drawn from a seed, so that neither the compare nor the
 * branch predictor sees a pattern; the target is the same in every call, as it is for a client that
 * connects to one Service.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FirstPacketBenchmark {
  private static final long SEED = 42;
  private static final int TCP = 6;
  private static final int PORT = 80;

  /** Services with a ClusterIP; each is a rule. */
  @Param({"1", "100", "1000", "10000"})
  public int services;

  private RuleList rules;
  private int last;
  private int unknown;

  /** Draws distinct cluster IPs of 10.96.0.0/12. */
  @Setup
  public void draw() {
    int[] addresses =
        new Random(SEED)
            .ints(0, 1 << 20)
            .distinct()
            .limit(services + 1L)
            .map(i -> 0x0A600000 | i)
            .toArray();
    unknown = addresses[services];
    rules = new RuleList(java.util.Arrays.copyOf(addresses, services));
    last = addresses[services - 1];
  }

  /** The Service whose rule is the last. */
  @Benchmark
  public int lastService() {
    return rules.match(last, TCP, PORT);
  }

  /** An address that no rule names, such as a pod's own: it pays the whole list too. */
  @Benchmark
  public int miss() {
    return rules.match(unknown, TCP, PORT);
  }

  /** What an empty benchmark costs: the harness itself. */
  @Benchmark
  public int baseline() {
    return last;
  }
}
