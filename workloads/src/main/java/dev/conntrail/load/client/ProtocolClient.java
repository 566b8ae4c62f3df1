package dev.conntrail.load.client;

/** A client library at work. Reports every connection that it opens to the ledger. */
public interface ProtocolClient extends AutoCloseable {
  /** A new caller, which goes where {@code pick} says. */
  Caller caller(Pick pick);

  /** Closes what callers share. */
  @Override
  void close();
}
