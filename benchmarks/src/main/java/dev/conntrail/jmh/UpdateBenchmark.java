package dev.conntrail.jmh;

import dev.conntrail.model.Service;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.Programmed;
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
 * What a change costs: the endpoints of one Service, and all Services anew. In iptables mode each
 * change writes a rule for every Service, and ip_tables compiles and copies the whole table
 * besides.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final int ENDPOINTS = 3;

  /** The data plane; the words of {@link dev.conntrail.state.Mode}. */
  @Param({"iptables-legacy", "iptables-nft", "nftables", "nftables-1.37", "ipvs"})
  public String mode;

  /** Services with a ClusterIP. */
  @Param({"10", "100", "1000", "10000"})
  public int services;

  private List<Service> drawn;
  private Programmed programmed;
  private Service[] turns;
  private int turn;

  /** Programs the data plane. */
  @Setup
  public void program() {
    drawn = DrawnServices.draw(services, ENDPOINTS, FirstPacketBenchmark.SEED);
    programmed = plane().program(drawn, FirstPacketBenchmark.SEED);
    Service middle = drawn.get(services / 2);
    turns =
        new Service[] {
          middle.with(DrawnServices.endpoints(services * ENDPOINTS, ENDPOINTS)), middle
        };
  }

  private dev.conntrail.state.Mode plane() {
    return dev.conntrail.state.Mode.of(mode);
  }

  /** Other endpoints for the Service in the middle. */
  @Benchmark
  public int oneService() {
    turn ^= 1;
    return programmed.update(services / 2, turns[turn]);
  }

  /** Everything from nothing, as after a restart of kube-proxy. */
  @Benchmark
  public Programmed fullSync() {
    return plane().program(drawn, FirstPacketBenchmark.SEED);
  }
}
