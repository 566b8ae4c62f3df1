package dev.conntrail.calibration;

import dev.conntrail.agent.TimerPlan;
import dev.conntrail.posix.Posix;
import dev.conntrail.record.Quantiles;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Times connect(), and one byte on an open connection, as the kernel does them. Veths are
 * synchronous: SYN, translation and SYN-ACK all run within the caller's connect() on the caller's
 * CPU, so its time is the kernel's own work. Client and listening sockets belong to one thread on
 * one CPU; nobody waits, and nobody is woken.
 *
 * <p>Targets take turns in an order that is drawn each time, and the median of the differences to
 * the first is taken sample by sample: what drifts (the CPU's speed, the caches) meets both alike.
 * Where a target has many addresses, one is drawn before the clock is read. Every connection has a
 * local port of its own and is closed by a reset.
 */
final class ConnectTimer {
  private static final int FIRST_PORT = 2000;
  private static final int LAST_PORT = 64_999;
  private static final int BACKLOG = 4096;
  private static final int DRAIN_EVERY = 500;
  private static final int CLOCK_READINGS = 1000;

  private final TimerPlan plan;
  private final Posix posix;
  private final MemorySegment[] targets;
  private final int[][] addresses;
  private final List<Integer> listeners = new ArrayList<>();
  private final List<TimerPlan.Timed> timed = new ArrayList<>();
  private final SplittableRandom random;
  private final double clock = clock();
  private int port = FIRST_PORT;

  private ConnectTimer(TimerPlan plan, Arena arena) {
    this.plan = plan;
    this.posix = new Posix(arena);
    this.random = new SplittableRandom(plan.seed());
    this.targets =
        plan.targets().stream()
            .map(t -> Posix.address(arena, ip(t.addresses().getFirst()), t.port()))
            .toArray(MemorySegment[]::new);
    this.addresses =
        plan.targets().stream()
            .map(t -> t.addresses().stream().mapToInt(ConnectTimer::ip).toArray())
            .toArray(int[][]::new);
  }

  /** Measures on the calling thread, which stays in the client's namespace: give it one to lose. */
  static List<TimerPlan.Timed> run(TimerPlan plan) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ConnectTimer timer = new ConnectTimer(plan, arena);
      try {
        timer.measure(arena);
      } finally {
        for (int listener : timer.listeners) {
          timer.posix.close(listener);
        }
      }
      return timer.timed;
    }
  }

  private void measure(Arena arena) throws IOException {
    for (TimerPlan.Server server : plan.servers()) {
      Posix.enter(server.netns());
      listeners.add(
          posix.listen(Posix.address(arena, ip(server.address()), server.port()), BACKLOG));
    }
    Posix.enter(plan.clientNetns());
    Posix.pin(plan.cpu());
    connects(plan.warmup(), -1);
    for (int round = 0; round < plan.rounds(); round++) {
      connects(plan.connects(), round);
    }
    established();
  }

  private static int ip(String text) {
    return ByteBuffer.wrap(InetAddress.ofLiteral(text).getAddress()).getInt();
  }

  /** The smallest step that the clock was seen to make. */
  private static double clock() {
    long least = Long.MAX_VALUE;
    long last = System.nanoTime();
    for (int i = 0; i < CLOCK_READINGS; i++) {
      long now = System.nanoTime();
      if (now > last) {
        least = Math.min(least, now - last);
      }
      last = now;
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** One round; a negative number is a warm-up and says nothing. */
  private void connects(int count, int round) throws IOException {
    long[][] times = new long[targets.length][count];
    int[] order = IntStream.range(0, targets.length).toArray();
    for (int i = 0; i < count; i++) {
      for (int target : shuffled(order)) {
        int fd = posix.socket();
        posix.prepare(fd, nextPort());
        int[] choice = addresses[target];
        Posix.point(targets[target], choice[random.nextInt(choice.length)]);
        long start = System.nanoTime();
        int error = posix.connect(fd, targets[target]);
        times[target][i] = System.nanoTime() - start;
        posix.close(fd);
        if (error != 0) {
          throw new IOException(
              "cannot connect to " + plan.targets().get(target).name() + ": errno " + error);
        }
      }
      if (i % DRAIN_EVERY == DRAIN_EVERY - 1) {
        drain();
      }
    }
    drain();
    if (round >= 0) {
      report(round, Packet.FIRST, IntStream.range(0, targets.length).toArray(), times);
    }
  }

  /** Targets in an order drawn anew: what one leaves in the caches meets all others alike. */
  private int[] shuffled(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  private int nextPort() {
    port = port == LAST_PORT ? FIRST_PORT : port + 1;
    return port;
  }

  /** Takes from the listeners what clients have reset. */
  private void drain() throws IOException {
    for (int listener : listeners) {
      int fd;
      while ((fd = posix.accept(listener)) >= 0) {
        posix.close(fd);
      }
    }
  }

  /** One byte from client to server, on a connection to each target that is one Service or pod. */
  private void established() throws IOException {
    int[] those =
        IntStream.range(0, targets.length)
            .filter(k -> plan.targets().get(k).name() != Target.ANY)
            .toArray();
    int[] clients = new int[those.length];
    int[] servers = new int[those.length];
    for (int k = 0; k < those.length; k++) {
      clients[k] = posix.socket();
      posix.prepare(clients[k], nextPort());
      int error = posix.connect(clients[k], targets[those[k]]);
      if (error != 0) {
        throw new IOException(
            "cannot connect to " + plan.targets().get(those[k]).name() + ": errno " + error);
      }
      servers[k] = accepted();
    }
    int[] order = IntStream.range(0, those.length).toArray();
    for (int round = -1; round < plan.rounds(); round++) {
      long[][] times = new long[those.length][plan.connects()];
      for (int i = 0; i < plan.connects(); i++) {
        for (int k : shuffled(order)) {
          long start = System.nanoTime();
          posix.sendByte(clients[k]);
          times[k][i] = System.nanoTime() - start;
          posix.receiveByte(servers[k]);
        }
      }
      if (round >= 0) {
        report(round, Packet.ESTABLISHED, those, times);
      }
    }
    for (int k = 0; k < those.length; k++) {
      posix.close(clients[k]);
      posix.close(servers[k]);
    }
  }

  private int accepted() throws IOException {
    for (int listener : listeners) {
      int fd = posix.accept(listener);
      if (fd >= 0) {
        return fd;
      }
    }
    throw new IOException("a connection was made, but no server has it");
  }

  /** Figures of a round; times are those of these targets, of which the first is the first. */
  private void report(int round, Packet packet, int[] those, long[][] times) {
    for (int k = 0; k < those.length; k++) {
      double[] differences = new double[times[k].length];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = times[k][i] - times[0][i];
      }
      double[] ns = Arrays.stream(times[k]).asDoubleStream().toArray();
      timed.add(
          new TimerPlan.Timed(
              round + 1,
              packet,
              plan.targets().get(those[k]).name(),
              ns.length,
              clock,
              Arrays.stream(ns).min().orElse(Double.NaN),
              Quantiles.percentile(ns, 25),
              Quantiles.median(ns),
              Quantiles.median(differences)));
    }
  }
}
