package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Http2Frames.check;

import java.net.ProtocolException;

/** The streams of a client that has one open at a time: which there were, and which there is. */
final class Http2Streams {
  private int next = 1;
  private int current;
  private int ended;

  /** The one that is open; 0 if none is. */
  int current() {
    return current;
  }

  /** Whether there are no numbers left. */
  boolean used() {
    return next < 0;
  }

  /** Begins one. */
  int open() {
    current = next;
    next += 2;
    return current;
  }

  /** The open one is over. */
  void close() {
    current = 0;
  }

  /** The open one is over, for the server has said all. */
  void end() {
    ended = current;
    current = 0;
  }

  /** A frame is on a stream: this client has begun that, at any time. */
  void known(int id) throws ProtocolException {
    check((id & 1) == 1 && (next < 0 || id < next), "a frame on a stream that nobody opened");
  }

  /** The same, and the server may still speak on it, as far as that is remembered. */
  void speaks(int id) throws ProtocolException {
    known(id);
    if (id == ended) {
      throw new Http2Exception(
          Http2Frames.STREAM_CLOSED, "HTTP/2: a frame on a stream that the server has ended");
    }
  }
}
