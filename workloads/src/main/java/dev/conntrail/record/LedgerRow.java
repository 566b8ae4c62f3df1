package dev.conntrail.record;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A connection's life as it was when the ledger was written. Instants are {@link
 * System#nanoTime()}.
 *
 * @param number its number on this client, from 1 in order of birth
 * @param local the client's end
 * @param remote what the client connected to
 * @param bornNs when connect() returned
 * @param connectNs how long the TCP handshake took, in nanoseconds
 * @param diedNs when it ended; 0 while it lives
 * @param death why it ended
 * @param pod the pod of its first reply; empty if there was none
 * @param node the node of its first reply; empty if there was none
 * @param requests answered on it, warm-up included
 * @param measuredRequests answered on it that were due in the measure phase
 * @param strays replies that named another pod than the first did; 0 if the connection stayed where
 *     it landed
 * @param lastRequestNs when the request was sent that the last reply answers; 0 if none did
 * @param lastReplyNs when its last reply came; 0 if none did
 */
public record LedgerRow(
    int number,
    InetSocketAddress local,
    InetSocketAddress remote,
    long bornNs,
    long connectNs,
    long diedNs,
    Death death,
    String pod,
    String node,
    long requests,
    long measuredRequests,
    long strays,
    long lastRequestNs,
    long lastReplyNs) {
  private LedgerRow as(int place) {
    return new LedgerRow(
        place,
        local,
        remote,
        bornNs,
        connectNs,
        diedNs,
        death,
        pod,
        node,
        requests,
        measuredRequests,
        strays,
        lastRequestNs,
        lastReplyNs);
  }

  /** Those of several owners put together: in order of birth, and numbered by it. */
  public static List<LedgerRow> inOrder(Stream<LedgerRow> rows) {
    List<LedgerRow> ordered =
        new ArrayList<>(rows.sorted(Comparator.comparingLong(LedgerRow::bornNs)).toList());
    for (int i = 0; i < ordered.size(); i++) {
      ordered.set(i, ordered.get(i).as(i + 1));
    }
    return List.copyOf(ordered);
  }
}
