package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Recycling;
import dev.conntrail.spec.Spoken;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** One pod: its listeners, its connections, and how it is just now. */
final class PodServer {
  private final NamespaceSockets sockets;
  private final EventLoopGroup loops;
  private final PodLedger ledger;
  private final Set<Gate> gates = ConcurrentHashMap.newKeySet();
  private final Map<SocketAddress, Gate> grpcGates = new ConcurrentHashMap<>();
  private final Pace pace;
  private Listening listening;
  private long pauses;
  private volatile boolean paused;
  private volatile boolean leaving;
  private volatile Optional<Recycling> recycling = Optional.empty();

  /**
   * Listens.
   *
   * @throws IOException naming the pod if it cannot
   */
  PodServer(EchoPod asked, NamespaceSockets sockets, EventLoopGroup loops) throws IOException {
    this.sockets = sockets;
    this.loops = loops;
    this.ledger = new PodLedger(asked);
    this.pace = new Pace(asked.delay());
    this.listening = Listening.open(this, asked, sockets, loops);
  }

  /** The pod with the ports it listens on. */
  synchronized EchoPod pod() {
    return listening.at();
  }

  PodLedger ledger() {
    return ledger;
  }

  /** Done when it has taken what waits for that in the kernel. */
  synchronized List<Future<?>> tookAll() {
    return listening.tookAll();
  }

  /** When its answers are due. */
  Pace pace() {
    return pace;
  }

  boolean paused() {
    return paused;
  }

  /** Whether it tells clients to leave. */
  boolean leaving() {
    return leaving;
  }

  /** When it has clients make new connections; empty for never. */
  Optional<Recycling> recycling() {
    return recycling;
  }

  /** The age that a connection is to reach, drawn. */
  long drawAgeNs() {
    return recycling.orElseThrow().ageNs(ThreadLocalRandom.current());
  }

  /**
   * Is, as a new process, one that has clients make new connections; what was open ends. One that
   * is so already goes on.
   *
   * @param when empty for never
   * @throws IOException if it cannot listen
   */
  synchronized void recycle(Optional<Recycling> when) throws IOException {
    if (!when.equals(recycling)) {
      recycling = when;
      exit();
      start();
    }
  }

  /** How many connections are open. */
  int open() {
    return gates.size();
  }

  /** That of a connection that was just accepted. */
  Gate gate(PodListener.Socket accepted, Spoken spoken) {
    Gate gate = new Gate(this, accepted, spoken);
    gates.add(gate);
    accepted.closeFuture().addListener(_ -> gate.ended());
    return gate;
  }

  /** That of a client of gRPC. */
  Gate grpcGate(SocketAddress client) {
    return grpcGates.get(client);
  }

  void opened(Gate gate) {
    if (gate.connection().spoken() == Spoken.GRPC) {
      grpcGates.put(gate.connection().client(), gate);
    }
  }

  void closed(Gate gate) {
    gates.remove(gate);
    grpcGates.remove(gate.connection().client(), gate);
  }

  /** Stalls for a time; once this returns, nothing passes. */
  synchronized void pause(Duration time) {
    long number = ++pauses;
    pass(false);
    loops.schedule(
        () -> Thread.ofVirtual().start(() -> resume(number)), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A later pause, or a new process, has made this end void. */
  private synchronized void resume(long number) {
    if (number == pauses) {
      pass(true);
    }
  }

  private void pass(boolean on) {
    paused = !on;
    listening.accept(on);
    Listening.await(gates.stream().map(Gate::changed).toList());
  }

  /**
   * Ends its process.
   *
   * @throws IllegalArgumentException if it has ended, and is to end in another way than at once
   */
  synchronized void stop(PodEnding ending) {
    if (ending != PodEnding.EXIT && !listening.on()) {
      throw new IllegalArgumentException(
          "pod "
              + listening.at().name()
              + ": found "
              + ending.word()
              + ", but it has stopped; allowed: exit");
    }
    switch (ending) {
      case EXIT -> exit();
      case DRAIN -> listening.close();
      case GOODBYE -> {
        leaving = true;
        Listening.await(gates.stream().map(Gate::goodbye).toList());
        listening.leave();
        listening.close();
      }
    }
  }

  private void exit() {
    listening.close();
    Listening.await(gates.stream().map(Gate::exit).toList());
    Listening.settle(loops);
    listening.forget();
    pauses++;
    paused = false;
  }

  /**
   * Is as a new process would be: listens, and is neither paused nor slow; what a process before it
   * has left open ends with it. One that has not stopped goes on with its connections.
   *
   * @throws IOException if it cannot listen
   */
  synchronized void start() throws IOException {
    pace.slow(Duration.ZERO, Duration.ZERO);
    pauses++;
    if (listening.on()) {
      pass(true);
      return;
    }
    exit();
    leaving = false;
    listening = Listening.open(this, listening.at(), sockets, loops);
  }

  /** Ends it for good. */
  synchronized void close() {
    exit();
  }
}
