package dev.conntrail.load.loop;

import dev.conntrail.load.codec.Body;
import dev.conntrail.record.Death;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Replies;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A connection's row of the ledger, as its loop writes it: its life, who answers on it, and how
 * often. A reply of an echo that names the same pod and node as the first one did, which is nearly
 * every one, is told by its bytes; only another is made text.
 */
final class Answerer {
  private static final byte[] NOBODY = {};
  private static final int LINE_FIELD = 0x0a;

  private final Teller teller;
  private InetSocketAddress local;
  private InetSocketAddress remote;
  private long bornNs;
  private long connectNs;
  private long diedNs;
  private Death death = Death.OPEN;
  private Death leaving;
  private byte[] home = NOBODY;
  private EchoLine first;
  private Replies.OfPod counters;
  private long strays;
  private long requests;
  private long measuredRequests;
  private long lastSentNs;
  private long lastReplyNs;

  /** One that is told in a way. */
  Answerer(Teller teller) {
    this.teller = teller;
  }

  /** The connection is there. */
  void born(InetSocketAddress here, InetSocketAddress there, long atNs, long tookNs) {
    local = here;
    remote = there;
    bornNs = atNs;
    connectNs = tookNs;
  }

  /** Whether it was ever there. */
  boolean there() {
    return local != null;
  }

  /** The peer wants it to end. */
  void leaving() {
    leaving = Death.GOODBYE;
  }

  /** It has ended, if it ever was there; the first cause stays. */
  void died(Death cause) {
    if (death == Death.OPEN) {
      death = cause.of(leaving);
      diedNs = System.nanoTime();
      home = NOBODY;
    }
  }

  /** It as it is now, not numbered yet. */
  LedgerRow row() {
    return new LedgerRow(
        0,
        local,
        remote,
        bornNs,
        connectNs,
        diedNs,
        death,
        first == null ? "" : first.pod(),
        first == null ? "" : first.node(),
        requests,
        measuredRequests,
        strays,
        lastSentNs,
        lastReplyNs);
  }

  /** Counts a reply: to a request that is measured, 1, or is not, 0. */
  void counts(int measured, long sentNs, long atNs) {
    requests++;
    lastSentNs = sentNs;
    lastReplyNs = atNs;
    measuredRequests += measured;
  }

  /**
   * A reply came.
   *
   * @param message whether it is a message of gRPC
   * @param seen the value of the watched field
   * @return the name of the pod, if it is another than the first; null if it is that
   * @throws IllegalArgumentException if it does not say who sent it, and should
   */
  String heard(Body body, boolean message, String seen) {
    return teller.echo() ? echo(body, message) : heard(teller.pod(seen, body));
  }

  private String heard(String pod) {
    if (first == null) {
      first = new EchoLine(pod, "", 1, 1);
      return null;
    }
    return other(pod);
  }

  private String other(String pod) {
    if (pod.equals(first.pod())) {
      return null;
    }
    strays++;
    return pod;
  }

  private String echo(Body body, boolean message) {
    int skip = message ? prefix(body) : 0;
    int from = body.from() + skip;
    int length = body.length() - skip;
    int end = from + home.length;
    if (first != null
        && length > home.length
        && Arrays.equals(body.array(), from, end, home, 0, home.length)) {
      return null;
    }
    EchoLine line =
        EchoLine.parse(
            new String(body.array(), from, Math.max(0, length), StandardCharsets.ISO_8859_1));
    if (first == null) {
      first = line;
      home = (line.pod() + " " + line.node() + " ").getBytes(StandardCharsets.ISO_8859_1);
      return null;
    }
    return other(line.pod());
  }

  /** The first field of a message, which is a string, comes after its key and its length. */
  private static int prefix(Body body) {
    if (body.length() < 2 || body.array()[body.from()] != LINE_FIELD) {
      throw EchoLine.refusal(body.toString());
    }
    return body.array()[body.from() + 1] >= 0 ? 2 : 3;
  }

  /** Where the replies of its pod are counted. */
  Replies.OfPod counters(Replies replies) {
    if (counters == null) {
      counters = replies.of(first.pod());
    }
    return counters;
  }
}
