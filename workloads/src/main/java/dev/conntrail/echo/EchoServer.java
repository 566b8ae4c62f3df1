package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Recycling;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Serves all protocols for many pods from a few event loops; each pod can be changed by itself. */
public final class EchoServer implements AutoCloseable {
  private final NamespaceSockets sockets = new NamespaceSockets();
  private final EventLoopGroup loops;
  private final Map<String, PodServer> pods = new LinkedHashMap<>();

  /**
   * Listens for all pods.
   *
   * @throws IOException naming the pod that cannot listen
   */
  public EchoServer(List<EchoPod> asked, int threads) throws IOException {
    this.loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    try {
      serve(asked);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Listens for more pods.
   *
   * @throws IOException naming the pod that cannot listen
   */
  public void serve(List<EchoPod> more) throws IOException {
    for (EchoPod pod : more) {
      pods.put(pod.name(), new PodServer(pod, sockets, loops));
    }
  }

  /** The pods with the ports they listen on. */
  public List<EchoPod> pods() {
    return pods.values().stream().map(PodServer::pod).toList();
  }

  /**
   * What each pod counts. On a machine short of CPU connections may wait in the kernel for pods to
   * take them: they are taken first, unless a pod is paused.
   */
  public List<PodLedger> ledgers() {
    Listening.await(pods.values().stream().flatMap(p -> p.tookAll().stream()).toList());
    Listening.settle(loops);
    return pods.values().stream().map(PodServer::ledger).toList();
  }

  /**
   * Stalls pods for a time, as a stop-the-world pause does: they read, accept and write nothing,
   * while the kernel goes on; then they go on where they were. Other pods do not notice.
   */
  public void pause(Collection<String> names, Duration time) {
    find(names).forEach(p -> p.pause(time));
  }

  /**
   * Makes each answer of pods so much later from now on, beside the delay that they began with.
   * Answers keep their order on a connection.
   *
   * @param delay zero takes it away
   * @param cpu that each answer takes of the pod's one processor, so that answers wait for each
   *     other; zero takes it away
   */
  public void slow(Collection<String> names, Duration delay, Duration cpu) {
    find(names).forEach(p -> p.pace().slow(delay, cpu));
  }

  /**
   * Ends the processes of pods.
   *
   * @throws IllegalArgumentException if one has ended, and is to end in another way than at once
   */
  public void stop(Collection<String> names, PodEnding ending) {
    find(names).forEach(p -> p.stop(ending));
  }

  /**
   * Starts pods as new processes: they listen, and are neither paused nor slow. The numbers of
   * their connections go on.
   *
   * @throws IOException naming the pod that cannot listen
   */
  public void start(Collection<String> names) throws IOException {
    for (PodServer pod : find(names)) {
      pod.start();
    }
  }

  /**
   * Starts pods as new processes that have clients make new connections from time to time; with
   * WebSocket and gRPC streams a request that crosses the pod's word is lost.
   *
   * @param when empty for never
   * @throws IOException naming the pod that cannot listen
   */
  public void recycle(Collection<String> names, Optional<Recycling> when) throws IOException {
    for (PodServer pod : find(names)) {
      pod.recycle(when);
    }
  }

  /** How many connections pods have open, by their names. */
  public Map<String, Integer> open(Collection<String> names) {
    Map<String, Integer> open = new LinkedHashMap<>();
    find(names).forEach(p -> open.put(p.pod().name(), p.open()));
    return open;
  }

  private List<PodServer> find(Collection<String> names) {
    List<PodServer> found = new ArrayList<>();
    for (String name : names) {
      PodServer pod = pods.get(name);
      if (pod == null) {
        throw new IllegalArgumentException(
            "found the pod " + name + "; allowed: " + String.join(", ", pods.keySet()));
      }
      found.add(pod);
    }
    return found;
  }

  /**
   * Stops all event loops for a while, so that every pod stalls: for tests of latency measurement.
   */
  public void stall(long ms) {
    for (EventExecutor loop : loops) {
      loop.execute(() -> {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(end - System.nanoTime());
        }
      });
    }
  }

  @Override
  public void close() {
    pods.values().forEach(PodServer::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    sockets.close();
  }
}
