package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.ProtocolException;

/**
 * The client's side of a protocol on one connection, one request outstanding at a time. Nothing is
 * assumed of the peer but the protocol's standard; what breaks it ends the connection.
 */
public abstract class Wire {
  /**
   * Hears what becomes of requests, in the midst of {@link #consume}; may send the next at once.
   */
  public interface Listener {
    /**
     * A reply came, whole.
     *
     * @param status of HTTP; 200 where the protocol has none for a message
     * @param body valid until this returns
     */
    void answered(int status, Body body);

    /** No reply will come; the connection may live on. */
    void refused(IOException why);

    /** The peer wants the connection to end. */
    void leaving();
  }

  private final Listener listener;

  Wire(Listener listener) {
    this.listener = listener;
  }

  final Listener listener() {
    return listener;
  }

  /** The connection is there: what comes before the first request. */
  public abstract void begin(Output out);

  /** Whether a request may be sent now, were none outstanding. */
  public abstract boolean ready();

  /** Whether no request may be sent any more. */
  public abstract boolean spent();

  /** Sends a request; not to be called while one is outstanding, or while it is not ready. */
  public abstract void request(Output out);

  /**
   * Whether the request that is outstanding is sent in part: the server is to allow the rest first.
   */
  public boolean withholds() {
    return false;
  }

  /** Sends what is withheld, though the server has not allowed it. */
  public void insist(Output out) {
    // most protocols withhold nothing
  }

  /**
   * Takes what came.
   *
   * @param out gets what the protocol says in return
   * @return up to where it was used; the rest is to be brought again, with more behind it
   * @throws ProtocolException if the peer broke the protocol; {@code out} may hold the last words
   */
  public abstract int consume(byte[] in, int from, int to, Output out) throws ProtocolException;

  /** The peer says nothing more; ends a body that lasts until then. */
  public void ended() throws ProtocolException {
    // most protocols say before where a reply ends
  }

  /**
   * How much has come of a reply that is not whole, in words that follow "after"; empty where there
   * is none, or it has not begun.
   *
   * @param unused bytes that came and were not used
   */
  public abstract String cut(int unused);

  /** Asks for a sign of life, where the protocol can. */
  public void ping(Output out) {
    // HTTP/1.1 has none
  }

  /** The value of the watched field in the last reply; empty if it has none, or none is watched. */
  public String seen() {
    return "";
  }

  /** The client ends the connection: what the protocol says then. */
  public void goodbye(Output out) {
    // HTTP/1.1 just closes
  }

  /**
   * Whether the client then ends its side of the connection at once, or the server does it first.
   */
  public boolean endsFirst() {
    return true;
  }
}
