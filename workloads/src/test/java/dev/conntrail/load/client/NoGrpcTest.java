package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

/** From literal ends of calls, as grpc-java has them. */
class NoGrpcTest {
  private static final String MEND = "; mend: a port where it does, or another --protocol";

  @Test
  void whoSaysSomethingElseThanSettings() {
    Status status =
        Status.INTERNAL
            .withDescription("http2 exception")
            .withCause(
                new IllegalStateException(
                    "First received frame was not SETTINGS. Hex dump for first 5 bytes:"
                        + " 485454502f"));
    assertThat(NoGrpc.seen(status))
        .hasValue(
            "HTTP/2: the server's settings are not first, it says 'HTTP/', so the server may not"
                + " speak HTTP/2"
                + MEND);
  }

  @Test
  void whoSaysNothing() {
    assertThat(NoGrpc.seen(Status.UNAVAILABLE.withDescription("Network closed for unknown reason")))
        .hasValue(
            "the server closed the connection without a word, so the server may not speak gRPC"
                + MEND);
  }

  @Test
  void whoAnswersAsAServerOfHttp() {
    assertThat(
            NoGrpc.seen(
                Status.UNKNOWN.withDescription(
                    "HTTP status code 200\ninvalid content-type: text/plain\nheaders: ...")))
        .hasValue("HTTP status 200 without one of gRPC, so the server may not speak gRPC" + MEND);
  }

  /** A proxy without a server, a pod that ends, a server that refuses. */
  @Test
  void nothingIsSeenOfThatInOtherEnds() {
    assertThat(
            NoGrpc.seen(
                Status.UNAVAILABLE.withDescription(
                    "HTTP status code 503\ninvalid content-type: text/plain")))
        .isEmpty();
    assertThat(NoGrpc.seen(Status.UNAVAILABLE.withDescription("io exception"))).isEmpty();
    assertThat(NoGrpc.seen(Status.CANCELLED)).isEmpty();
  }
}
