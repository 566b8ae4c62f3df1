package dev.conntrail.calibration;

import dev.conntrail.posix.Posix;
import dev.conntrail.result.row.Packet;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Times connect(), and one byte on an open connection, as the kernel does them. Veths are
 * synchronous: SYN, translation and SYN-ACK all run within the caller's connect() on the caller's
 * CPU, so its time is the kernel's own work. Client and listening sockets belong to one thread on
 * one CPU; nobody waits, and nobody is woken.
 *
 * <p>Targets take turns in an order that is drawn each time, and the median of the differences to
 * the first is taken sample by sample: what drifts (the CPU's speed, the caches) meets both alike.
 * Every connection has a local port of its own and is closed by a reset.
 */
final class ConnectTimer {
  private static final int FIRST_PORT = 2000;
  private static final int LAST_PORT = 64_999;
  private static final int BACKLOG = 4096;
  private static final int DRAIN_EVERY = 500;
  private static final long SEED = 42;

  private final TimerPlan plan;
  private final Posix posix;
  private final List<MemorySegment> targets = new ArrayList<>();
  private final List<Integer> listeners = new ArrayList<>();
  private final Consumer<TimerPlan.Timed> out;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final int[] order;
  private int port = FIRST_PORT;

  private ConnectTimer(TimerPlan plan, Arena arena, Consumer<TimerPlan.Timed> out) {
    this.plan = plan;
    this.posix = new Posix(arena);
    this.out = out;
    this.order = IntStream.range(0, plan.targets().size()).toArray();
    plan.targets().forEach(t -> targets.add(address(arena, t.address(), t.port())));
  }

  /** Measures on the calling thread, which stays in the client's namespace: give it one to lose. */
  static void run(TimerPlan plan, Consumer<TimerPlan.Timed> out) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ConnectTimer timer = new ConnectTimer(plan, arena, out);
      for (TimerPlan.Server server : plan.servers()) {
        Posix.enter(server.netns());
        timer.listeners.add(
            timer.posix.listen(address(arena, server.address(), server.port()), BACKLOG));
      }
      Posix.enter(plan.clientNetns());
      Posix.pin(plan.cpu());
      timer.connects(plan.warmup(), -1);
      for (int round = 0; round < plan.rounds(); round++) {
        timer.connects(plan.connects(), round);
      }
      timer.established();
    }
  }

  private static MemorySegment address(Arena arena, String ip, int port) {
    return Posix.address(
        arena, ByteBuffer.wrap(InetAddress.ofLiteral(ip).getAddress()).getInt(), port);
  }

  /** One round; a negative number is a warm-up and says nothing. */
  private void connects(int count, int round) throws IOException {
    long[][] times = new long[targets.size()][count];
    for (int i = 0; i < count; i++) {
      for (int target : turns()) {
        int fd = posix.socket();
        posix.prepare(fd, nextPort());
        long start = System.nanoTime();
        int error = posix.connect(fd, targets.get(target));
        times[target][i] = System.nanoTime() - start;
        posix.close(fd);
        if (error != 0) {
          throw new IOException(
              "cannot connect to " + plan.targets().get(target) + ": errno " + error);
        }
      }
      if (i % DRAIN_EVERY == DRAIN_EVERY - 1) {
        drain();
      }
    }
    drain();
    if (round >= 0) {
      report(round, Packet.FIRST, times);
    }
  }

  /** Targets in an order drawn anew: what one leaves in the caches meets all others alike. */
  private int[] turns() {
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

  /** One byte from client to server, on a connection to each target. */
  private void established() throws IOException {
    int[] clients = new int[targets.size()];
    int[] servers = new int[targets.size()];
    for (int k = 0; k < clients.length; k++) {
      clients[k] = posix.socket();
      posix.prepare(clients[k], nextPort());
      int error = posix.connect(clients[k], targets.get(k));
      if (error != 0) {
        throw new IOException("cannot connect to " + plan.targets().get(k) + ": errno " + error);
      }
      servers[k] = accepted();
    }
    for (int round = -1; round < plan.rounds(); round++) {
      long[][] times = new long[clients.length][plan.connects()];
      for (int i = 0; i < plan.connects(); i++) {
        for (int target : turns()) {
          long start = System.nanoTime();
          posix.sendByte(clients[target]);
          times[target][i] = System.nanoTime() - start;
          posix.receiveByte(servers[target]);
        }
      }
      if (round >= 0) {
        report(round, Packet.ESTABLISHED, times);
      }
    }
    for (int k = 0; k < clients.length; k++) {
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

  private void report(int round, Packet packet, long[][] times) {
    for (int k = 0; k < times.length; k++) {
      long[] differences = new long[times[k].length];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = times[k][i] - times[0][i];
      }
      long[] sorted = times[k].clone();
      Arrays.sort(sorted);
      Arrays.sort(differences);
      out.accept(
          new TimerPlan.Timed(
              round + 1,
              packet,
              plan.targets().get(k).name(),
              sorted.length,
              sorted[0],
              sorted[sorted.length / 4],
              sorted[sorted.length / 2],
              differences[differences.length / 2]));
    }
  }
}
