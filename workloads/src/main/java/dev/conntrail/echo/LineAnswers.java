package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** A head and the line, once the client has said all, whatever that was. */
final class LineAnswers implements Http2Answers {
  /** {@code :status: 200}, {@code content-type: text/plain}, and the name of content-length. */
  private static final byte[] HEAD =
      "\210\017\020\012text/plain\017\015".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] NO_TRAILERS = {};

  private final Gate gate;
  private final Http2Streams streams;

  LineAnswers(Gate gate, Http2Streams streams) {
    this.gate = gate;
    this.streams = streams;
  }

  @Override
  public void begun(Http2Stream stream, String path) {
    // it is answered when all was said
  }

  @Override
  public void came(Http2Stream stream, ByteBuf in, int from, int to) {
    // it is let go
  }

  @Override
  public void asked(Http2Stream stream) {
    long number = gate.connection().counts();
    if (gate.answers().none()) {
      say(stream, number);
    } else {
      gate.answers().say(streams.late(stream, () -> say(stream, number)));
    }
    gate.answered();
  }

  private void say(Http2Stream stream, long number) {
    int length = gate.connection().length(number);
    int digits = Decimals.digits(length);
    ByteBuf head = streams.out().headers(HEAD.length + 1 + digits, 0, stream.id());
    head.writeBytes(HEAD).writeByte(digits);
    Decimals.write(length, head);
    gate.connection().write(number, streams.body(stream, length, true));
    streams.end(stream, NO_TRAILERS);
  }
}
