package dev.conntrail.jmh;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import dev.conntrail.model.ipvs.Scheduler;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.PacketRing;
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

/** What each ipvs scheduler pays to choose, by the number of real servers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseTransparentHugePages")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SchedulerBenchmark {
  /** As {@code --ipvs-scheduler} names it. */
  @Param({"rr", "wrr", "lc", "wlc", "sh", "dh", "mh", "sed", "nq"})
  public String scheduler;

  /** Real servers. */
  @Param({"1", "10", "100", "1000"})
  public int endpoints;

  private Router router;
  private PacketRing ring;

  /** Programs one virtual server. */
  @Setup
  public void program() {
    List<Service> one = DrawnServices.draw(1, endpoints, FirstPacketBenchmark.SEED);
    router =
        Programmed.ipvs(one, FirstPacketBenchmark.SEED, true, Scheduler.Kind.of(scheduler))
            .router();
    ring = new PacketRing(new int[] {one.getFirst().address()}, FirstPacketBenchmark.SEED);
  }

  /** Finds the virtual server and asks its scheduler. */
  @Benchmark
  public int schedule() {
    Packet packet = ring.next();
    return router.route(packet) + packet.endpoint;
  }
}
