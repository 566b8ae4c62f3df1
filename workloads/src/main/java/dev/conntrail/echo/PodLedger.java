package dev.conntrail.echo;

import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Spoken;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What one pod counts by itself: its connections, and the requests on each. */
public final class PodLedger {
  /** A connection as the pod sees it. */
  public static final class Connection {
    private final long number;
    private final InetSocketAddress client;
    private final AtomicLong requests = new AtomicLong();
    private final byte[] line;
    private final AtomicReference<ClosedBy> closedBy = new AtomicReference<>(ClosedBy.OPEN);
    private volatile Spoken spoken;

    private Connection(EchoPod pod, long number, InetSocketAddress client, Spoken spoken) {
      this.number = number;
      this.client = client;
      this.spoken = spoken;
      String prefix = pod.name() + " " + pod.node() + " " + number + " ";
      this.line = prefix.getBytes(StandardCharsets.US_ASCII);
    }

    /** Counts a request and gives the line that answers it. */
    String answer() {
      return new String(line, StandardCharsets.US_ASCII) + counts();
    }

    /** Counts a request; its number, which ends the line that answers it. */
    long counts() {
      return requests.incrementAndGet();
    }

    /** How long the line is that answers a request. */
    int length(long request) {
      return line.length + Decimals.digits(request);
    }

    /** Writes the line that answers a request. */
    void write(long request, ByteBuf out) {
      out.writeBytes(line);
      Decimals.write(request, out);
    }

    void speaks(Spoken found) {
      spoken = found;
    }

    /** Closed by someone; the first counts. */
    void closed(ClosedBy by) {
      closedBy.compareAndSet(ClosedBy.OPEN, by);
    }

    /** Who closed it so far. */
    public ClosedBy closedBy() {
      return closedBy.get();
    }

    /** Its number on this pod, from 1. */
    public long number() {
      return number;
    }

    /** The client's address as the pod sees it. */
    public InetSocketAddress client() {
      return client;
    }

    /** Requests so far. */
    public long requests() {
      return requests.get();
    }

    /** What is spoken on it. */
    public Spoken spoken() {
      return spoken;
    }
  }

  private final EchoPod pod;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentLinkedQueue<Connection> connections = new ConcurrentLinkedQueue<>();

  PodLedger(EchoPod pod) {
    this.pod = pod;
  }

  /** The pod. */
  public EchoPod pod() {
    return pod;
  }

  Connection opened(InetSocketAddress client, Spoken spoken) {
    Connection connection = new Connection(pod, numbers.incrementAndGet(), client, spoken);
    connections.add(connection);
    return connection;
  }

  /** Every connection since the last call. */
  public List<Connection> take() {
    List<Connection> taken = new ArrayList<>();
    for (Connection c = connections.poll(); c != null; c = connections.poll()) {
      taken.add(c);
    }
    return taken;
  }
}
