package dev.conntrail.result;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import java.util.Optional;

/** A row of the ledger like another but for what is said, and that no pod has counted. */
public final class LikeRow {
  private final ConnectionRow like;
  private String client;
  private String localAddress;
  private int localPort;
  private String remoteAddress;
  private int remotePort;
  private Optional<Integer> podIndex;
  private Optional<String> pod;
  private double bornMs;
  private double livedMs;
  private double lastReplyMs;
  private double lastRequestMs;
  private Death death;
  private long requests;
  private long measured;
  private long strays;

  private LikeRow(ConnectionRow c) {
    like = c;
    client = c.client();
    localAddress = c.localAddress();
    localPort = c.localPort();
    remoteAddress = c.remoteAddress();
    remotePort = c.remotePort();
    podIndex = c.podIndex();
    pod = c.pod();
    bornMs = c.bornMs();
    livedMs = c.livedMs();
    lastReplyMs = c.lastReplyMs();
    lastRequestMs = c.lastRequestMs();
    death = c.death();
    requests = c.requestsCount();
    measured = c.measuredRequestsCount();
    strays = c.straysCount();
  }

  /** Like this one. */
  public static LikeRow of(ConnectionRow c) {
    return new LikeRow(c);
  }

  /** Opened by another, from another end. */
  public LikeRow from(String who, String address, int port) {
    client = who;
    localAddress = address;
    localPort = port;
    return this;
  }

  /** To another end. */
  public LikeRow to(String address, int port) {
    remoteAddress = address;
    remotePort = port;
    return this;
  }

  /** On a pod that nobody knows. */
  public LikeRow onNoPod() {
    podIndex = Optional.empty();
    pod = Optional.empty();
    return this;
  }

  /** Opened at another time; it lived as long. */
  public LikeRow born(double ms) {
    bornMs = ms;
    return this;
  }

  /** It ended otherwise, after another time. */
  public LikeRow died(Death how, double afterMs) {
    death = how;
    livedMs = afterMs;
    return this;
  }

  /** When its last reply came, and when the request of that was sent. */
  public LikeRow last(double replyMs, double requestMs) {
    lastReplyMs = replyMs;
    lastRequestMs = requestMs;
    return this;
  }

  /** So many requests were answered, and so many of these measured. */
  public LikeRow answered(long all, long ofThese) {
    requests = all;
    measured = ofThese;
    return this;
  }

  /** So many replies came from another pod. */
  public LikeRow strayed(long count) {
    strays = count;
    return this;
  }

  /** The row. */
  public ConnectionRow row() {
    return new ConnectionRow(
        like.at(),
        client,
        like.clientNode(),
        like.connection(),
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
        podIndex,
        pod,
        like.node(),
        like.podBy(),
        bornMs,
        like.connectNs(),
        livedMs,
        lastReplyMs,
        lastRequestMs,
        death,
        requests,
        measured,
        strays,
        Optional.empty());
  }
}
