package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;

/** How a stream of HTTP/2 is answered, which is told of all that comes on it. */
interface Http2Answers {
  /** A stream is there, that asks for this. */
  void begun(Http2Stream stream, String path);

  /** More of its body, from here to there. */
  void came(Http2Stream stream, ByteBuf in, int from, int to);

  /** The client has said all on it. */
  void asked(Http2Stream stream);
}
