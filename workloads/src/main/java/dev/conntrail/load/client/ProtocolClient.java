package dev.conntrail.load.client;

import java.net.InetSocketAddress;

/** A client library at work. Reports every connection that it opens to the ledger. */
public interface ProtocolClient extends AutoCloseable {
  /** A new caller; {@code target} is where it connects to. */
  Caller caller(InetSocketAddress target);

  /** Closes what callers share. */
  @Override
  void close();
}
