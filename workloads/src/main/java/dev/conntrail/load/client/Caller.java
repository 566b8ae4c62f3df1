package dev.conntrail.load.client;

import java.util.function.IntConsumer;

/** One caller: sends one request at a time. */
public interface Caller extends AutoCloseable {
  /**
   * Brings up what the first request needs, by a first request where the library has no other way
   * to connect. Blocks.
   *
   * @param statuses told the status of HTTP of that request's reply, where it has one
   * @throws Exception if there is no connection
   */
  void connect(IntConsumer statuses) throws Exception;

  /**
   * Sends a request. Returns soon; calls back exactly once, on any thread, never before it has been
   * handed to the library. Not called while a request is outstanding.
   */
  void send(Reply reply);

  /** Closes what is this caller's own. Outstanding requests may fail. */
  @Override
  void close();
}
