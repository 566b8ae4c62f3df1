package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112, as a server's bytes have it. */
class Http1WireTest {
  private static final Http1Request GET =
      Http1Request.of("GET", "127.0.0.1:80", "/echo", List.of(), new byte[0], false);

  private static Wire wire(Wire.Listener listener) {
    return new Http1Wire(GET, "x-pod", listener);
  }

  private static List<String> heard(String bytes) {
    return Talk.heard(Http1WireTest::wire, ascii(bytes));
  }

  @Test
  void bodiesOfALength() {
    assertThat(
            heard(
                String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "content-type: text/plain",
                    "Content-Length: 7",
                    "",
                    "pod-1 1HTTP/1.1 404 Not Found",
                    "CONTENT-LENGTH:0  ",
                    "",
                    "HTTP/1.1 503",
                    "content-length: 2, 2",
                    "")))
        .containsExactly("200 pod-1 1", "404 ", "broken: a number is none");
  }

  private static String cut(String bytes) {
    Talk talk = Talk.of(Http1WireTest::wire);
    talk.comes(ascii(bytes));
    return talk.wire.cut(talk.waiting());
  }

  @Test
  void howMuchCameOfAReplyThatIsNotWhole() {
    String ok = "HTTP/1.1 200 OK\r\n";
    assertThat(cut("")).isEmpty();
    assertThat(cut("H")).isEqualTo("1 byte of its head");
    assertThat(cut(ok + "content-length: 40\r\n\r\n")).isEqualTo("0 of 40 bytes of its body");
    assertThat(cut(ok + "content-length: 40\r\n\r\npod-1 node-1"))
        .isEqualTo("12 of 40 bytes of its body");
    assertThat(cut(ok + "transfer-encoding: chunked\r\n\r\n9\r\npod"))
        .isEqualTo("3 bytes of its chunked body");
    assertThat(cut(ok + "content-length: 1\r\n\r\nx")).isEmpty();
  }

  /** Settings, as a server of HTTP/2 begins, and a GOAWAY. */
  @ParameterizedTest
  @ValueSource(strings = {"000000040000000000", "00000607000000000000"})
  void aServerThatBeginsAsOneOfHttp2IsNamed(String frame) {
    assertThat(Talk.heard(Http1WireTest::wire, Talk.hex(frame)))
        .containsExactly("broken: " + OtherPort.http2().getMessage());
  }

  @Test
  void chunksWithExtensionsAndTrailers() {
    String chunks = "4;a=b\r\npod-\r\n0a \r\n1234567890\r\n0\r\nx: y\r\n\r\n";
    String bare = "transfer-encoding: Chunked\ncontent-length: 3\n\n1\na\n0\n\n";
    assertThat(
            heard(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%sHTTP/1.1 200 OK\n%s"
                    .formatted(chunks, bare)))
        .containsExactly("200 pod-1234567890", "200 a");
  }

  @Test
  void interimRepliesAndRepliesWithoutABody() {
    assertThat(
            heard(
                "HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
                    + "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\ncontent-length: 9"
                    + "\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"))
        .containsExactly("204 ", "304 ", "200 x");
  }

  @Test
  void theServerSaysWhenTheConnectionEnds() {
    assertThat(heard("HTTP/1.1 200 OK\r\nConnection: x, Close\r\ncontent-length: 1\r\n\r\na"))
        .containsExactly("leaving", "200 a");
    assertThat(heard("HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na"))
        .containsExactly("leaving", "200 a");
    assertThat(
            heard(
                "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\na"
                    + "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb"))
        .containsExactly("200 a", "200 b");
  }

  @Test
  void aBodyMayLastUntilTheEnd() {
    Talk talk = Talk.of(Http1WireTest::wire);
    talk.comes(ascii("HTTP/1.1 200 OK\r\n\r\npod"));
    talk.comes(ascii("-1"));
    assertThat(talk.heard).isEmpty();
    assertThat(talk.ends().heard).containsExactly("leaving", "200 pod-1");
    assertThat(talk.wire.spent()).isTrue();
  }

  /** It is not read again, and what it said holds, but for what trailers said behind it. */
  @Test
  void theHeadOfTheLastReplyOnceMore() {
    Talk talk = Talk.of(Http1WireTest::wire).again();
    String fixed = "HTTP/1.1 200 OK\r\nx-pod: a\r\ncontent-length: 1\r\n\r\n";
    String chunked = "HTTP/1.1 201 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n";
    assertThat(seenAfter(talk, fixed + "x")).isEqualTo("a");
    assertThat(seenAfter(talk, fixed + "y")).isEqualTo("a");
    assertThat(seenAfter(talk, fixed.replace(": a", ": b") + "y")).isEqualTo("b");
    assertThat(seenAfter(talk, chunked + "x-pod: c\r\n\r\n")).isEqualTo("c");
    assertThat(seenAfter(talk, chunked + "\r\n")).isEmpty();
    assertThat(seenAfter(talk, chunked + "\r\n" + fixed + "v")).isEqualTo("a");
    assertThat(talk.heard)
        .containsExactly("200 x", "200 y", "200 y", "201 z", "201 z", "201 z", "200 v");
  }

  private static String seenAfter(Talk talk, String bytes) {
    talk.comes(ascii(bytes));
    return talk.wire.seen();
  }

  private static final Http1Request EXPECTING =
      Http1Request.of(
          "POST",
          "a:1",
          "/",
          List.of(new Http1Request.Field("Expect", "100-continue")),
          ascii("body"),
          false);

  private static String said(Talk talk) {
    String said = new String(talk.out.toBytes(), StandardCharsets.US_ASCII);
    talk.out.clear();
    return said;
  }

  /** RFC 9110, section 8.6. */
  @ParameterizedTest
  @CsvSource({"POST, true", "PUT, true", "PATCH, true", "GET, false", "DELETE, false"})
  void aRequestThatMayHaveABodySaysThatItHasNone(String method, boolean says) {
    Http1Request request = Http1Request.of(method, "a:1", "/", List.of(), new byte[0], false);
    String head = new String(request.head(), StandardCharsets.US_ASCII);
    assertThat(head.contains("\r\nContent-Length: 0\r\n")).isEqualTo(says);
  }

  @Test
  void aBodyWaitsForTheServersLeave() {
    Talk talk = Talk.of(l -> new Http1Wire(EXPECTING, "", l));
    assertThat(said(talk))
        .isEqualTo(
            "POST / HTTP/1.1\r\nHost: a:1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    assertThat(talk.wire.withholds()).isTrue();
    talk.comes(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
    assertThat(said(talk)).isEqualTo("body");
    assertThat(talk.wire.withholds()).isFalse();
    talk.comes(ascii("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    assertThat(talk.wire.spent()).isFalse();
    Talk refused = Talk.of(l -> new Http1Wire(EXPECTING, "", l));
    refused.comes(ascii("HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n"));
    assertThat(refused.heard).containsExactly("leaving", "417 ");
    assertThat(refused.wire.spent()).as("the body was never sent").isTrue();
  }

  /** The leave may come late, or a refusal: the body is sent once, and all of the request is. */
  @Test
  void aBodyMayBeSentWithoutTheServersLeave() {
    Talk talk = Talk.of(l -> new Http1Wire(EXPECTING, "", l));
    talk.out.clear();
    talk.wire.insist(talk.out);
    assertThat(said(talk)).isEqualTo("body");
    talk.wire.insist(talk.out);
    talk.comes(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
    assertThat(said(talk)).isEmpty();
    talk.comes(ascii("HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n"));
    assertThat(talk.heard).containsExactly("417 ");
    assertThat(talk.wire.spent()).isFalse();
  }

  @Test
  void aFieldMayBeWatched() {
    Talk talk = Talk.of(Http1WireTest::wire);
    talk.comes(ascii("HTTP/1.1 200 OK\r\nX-Pod:  web-7 \r\ncontent-length: 0\r\n\r\n"));
    assertThat(((Http1Wire) talk.wire).seen()).isEqualTo("web-7");
  }

  @Test
  void longBodiesAreCountedAndNotKept() {
    String body = "x".repeat(10_000);
    Talk talk = Talk.of(Http1WireTest::wire);
    byte[] all = ascii("HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n" + body);
    for (byte b : all) {
      talk.comes(new byte[] {b});
    }
    assertThat(talk.heard).containsExactly("200 " + "x".repeat(Body.KEPT) + " of 10000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nx"
      })
  void whatIsNoReplyIsRefused(String bytes) {
    Talk talk = Talk.of(Http1WireTest::wire);
    talk.comes(ascii(bytes));
    assertThat(talk.heard.getLast()).startsWith("broken: ");
  }

  @Test
  void headsAndLinesAreBounded() {
    Talk head = Talk.of(Http1WireTest::wire);
    assertThat(head.comes(ascii("HTTP/1.1 200 OK\r\nx: " + "y".repeat(40_000)))).isFalse();
    Talk line = Talk.of(Http1WireTest::wire);
    assertThat(
            line.comes(
                ascii(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;" + "y".repeat(9000))))
        .isFalse();
  }

  /** Damaged replies, in pieces: an end, whatever it is, and never another exception. */
  @Test
  void damageNeverCrashes() {
    byte[] well =
        ascii(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
                + "4\r\npod-\r\n2\r\n12\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    Damage.of(well, 20_000, () -> Talk.of(Http1WireTest::wire).again());
    Damage.noise(5_000, new SplittableRandom(1), () -> Talk.of(Http1WireTest::wire).again());
  }
}
