package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the echo says to bytes that no library sends: RFC 9112, and RFC 9113 from a server's side.
 */
class EchoWireTest {
  private static final String GET = "GET /echo HTTP/1.1\r\nhost: a\r\n\r\n";

  /** GET, http, /, and a field that is added to the table. */
  private static final String ADDING = "000008 01 05 00000001 828684 400178 0179";

  private static final String HEAD = "880f100a746578742f706c61696e0f0d02";

  @RegisterExtension static final ServedEcho ECHO = new ServedEcho();

  private static String line(int request) {
    return "\r\n\r\npod-1 node-1 \\d+ " + request;
  }

  /** The connection's number is one of its own; the rest is the same. */
  private static String answer(String heard) {
    return heard
        .substring(heard.lastIndexOf("\r\n\r\n") + 4)
        .replaceAll("pod-1 node-1 \\d+ ", "pod ");
  }

  private static String answers(RawClient client, int first, int last) throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = first; i <= last; i++) {
      all.append(answer(client.until(line(i)))).append(',');
    }
    return all.toString();
  }

  @Test
  void requestsThatAreRepeatedAreAnsweredAsTheFirst() throws IOException {
    try (RawClient client = new RawClient(ECHO.server())) {
      String first = client.says(GET).until(line(1));
      String second = client.says(GET).until(line(2));
      assertThat(second.replaceFirst("2$", "1")).isEqualTo(first).startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(answers(client.says(GET + GET + GET), 3, 5)).isEqualTo("pod 3,pod 4,pod 5,");
      client.says(GET + GET.substring(0, 9));
      assertThat(answers(client, 6, 6)).isEqualTo("pod 6,");
      client.says(GET.substring(9) + GET);
      assertThat(answers(client, 7, 8)).isEqualTo("pod 7,pod 8,");
      assertThat(answers(client.says(GET), 9, 9)).isEqualTo("pod 9,");
    }
  }

  @Test
  void aRequestLikeTheLastIsNoneWithinAnother() throws IOException {
    String post = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: " + GET.length() + "\r\n\r\n";
    try (RawClient client = new RawClient(ECHO.server())) {
      assertThat(answers(client.says(GET), 1, 1)).isEqualTo("pod 1,");
      client.says(post).says(GET); // the second is a body
      assertThat(answers(client, 2, 2)).isEqualTo("pod 2,");
      assertThat(answers(client.says(post + GET), 3, 3)).isEqualTo("pod 3,");
      assertThat(answers(client.says(post + GET), 4, 4)).isEqualTo("pod 4,");
      assertThat(answers(client.says(GET), 5, 5)).isEqualTo("pod 5,");
    }
  }

  @Test
  void aHeadHasNoBodyHoweverOften() throws IOException {
    String head = GET.replace("GET", "HEAD");
    try (RawClient client = new RawClient(ECHO.server())) {
      for (int i = 0; i < 3; i++) {
        String heard = client.says(head).until("\r\n\r\n");
        assertThat(heard).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("pod-1");
      }
    }
  }

  @Test
  void theLastRequestEndsTheConnectionThoughItsLikeWasAnswered() throws IOException {
    try (RawClient client = new RawClient(ECHO.server())) {
      client.says(GET).until(line(1));
      client.says(GET).until(line(2));
      client.says("GET /echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
      assertThat(answer(client.toTheEnd())).isEqualTo("pod 3");
    }
    try (RawClient old = new RawClient(ECHO.server())) {
      String kept = "GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
      for (int i = 1; i <= 3; i++) {
        assertThat(old.says(kept).until(line(i))).startsWith("HTTP/1.1 200 OK\r\n");
      }
    }
  }

  private static String data(RawClient client) throws IOException {
    assertThat(client.frame()).matches("1/4/\\d+ " + HEAD + "\\w{4}");
    return client.frame().replaceAll("pod-1 node-1 \\d+ ", "pod ");
  }

  @Test
  void blocksAreReadWholeOrInPartsAndOnce() throws IOException {
    try (RawClient client = RawClient.http2(ECHO.server(), RawClient.SETTINGS)) {
      assertThat(data(client.hex(ADDING))).isEqualTo("0/1/1 pod 1");
      for (int stream = 3; stream <= 7; stream += 2) {
        client.hex("000004 01 05 0000000" + stream + " 828684 be");
        assertThat(data(client)).isEqualTo("0/1/" + stream + " pod " + (stream + 1) / 2);
      }
      client.hex("00000a 01 01 00000009 828684 400178 017a be be 000001 09 04 00000009 be");
      assertThat(data(client)).isEqualTo("0/1/9 pod 5");
      client.hex("00000b 01 2d 0000000b 01 0000000000 828684 be 00"); // padding, priority
      assertThat(data(client)).isEqualTo("0/1/11 pod 6");
      client.hex("000003 01 04 0000000d 838684 000003 00 00 0000000d 616263");
      client.hex("000004 03 00 0000000d 00000008"); // given up
      client.hex("000003 01 04 0000000f 838684 000005 00 09 0000000f 01 616263 00");
      assertThat(data(client)).isEqualTo("0/1/15 pod 7");
      client.hex("000003 01 04 00000011 838684 000000 01 05 00000011"); // ends with trailers
      assertThat(data(client)).isEqualTo("0/1/17 pod 8");
    }
  }

  /** As much as the client's windows let through: none, then a part, then all. */
  @Test
  void anAnswerWaitsForTheWindows() throws IOException {
    try (RawClient client =
        RawClient.http2(ECHO.server(), "00000c 04 00 00000000 0004 00000000 0001 00000000")) {
      client.hex("000003 01 05 00000001 828684");
      assertThat(client.frame()).as("its table is not used").startsWith("1/4/1 20" + HEAD);
      client.hex("000004 08 00 00000001 00000004");
      assertThat(client.frame()).isEqualTo("0/0/1 pod-");
      client.hex("000006 04 00 00000000 0004 00000002");
      assertThat(client.frame()).isEqualTo("0/0/1 1 ");
      assertThat(client.frame()).isEqualTo("4/1/0 ");
      client.hex("000004 08 00 00000001 00010000");
      assertThat(client.frame()).matches("0/1/1 node-1 \\d+ 1");
      client.hex("000008 06 00 00000000 0102030405060708");
      assertThat(client.frame()).isEqualTo("6/1/0 0102030405060708");
    }
  }

  @Test
  void bodiesAreLetThrough() throws IOException {
    try (RawClient client = RawClient.http2(ECHO.server(), RawClient.SETTINGS)) {
      client.hex("000003 01 04 00000001 838684");
      for (int i = 0; i < 3; i++) {
        client.hex("004000 00 00 00000001" + "00".repeat(0x4000));
      }
      assertThat(client.frame()).isEqualTo("8/0/0 0000c000");
      assertThat(client.frame()).isEqualTo("8/0/1 0000c000");
      client.hex("000000 00 01 00000001");
      assertThat(data(client)).isEqualTo("0/1/1 pod 1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "004001 00 00 00000001                                 | 6", // FRAME_SIZE_ERROR
        "000003 08 00 00000000 000001                          | 6",
        "000007 06 00 00000000 00000000000000                  | 6",
        "000005 04 00 00000000 0001000000                      | 6",
        "000001 00 00 00000001 61                              | 1", // PROTOCOL_ERROR
        "000003 01 05 00000002 828684                          | 1",
        "000004 03 00 00000001 00000000                        | 1",
        "000004 08 00 00000000 00000000                        | 1",
        "000001 09 04 00000001 82                              | 1",
        "000003 01 01 00000001 828684 000000 00 01 00000001    | 1",
        "000002 01 0d 00000001 05 82                           | 1",
        "000006 04 00 00000000 0004 80000000                   | 3", // FLOW_CONTROL_ERROR
        "000004 08 00 00000000 7fffffff                        | 3",
        "000001 01 05 00000001 ff                              | 9", // COMPRESSION_ERROR
        "000001 01 05 00000001 be                              | 9",
        "000003 01 05 00000001 828684 000001 00 01 00000001 61 | 5", // STREAM_CLOSED
      })
  void whatBreaksARuleEndsTheConnectionWithItsCode(String frames, int code) throws IOException {
    try (RawClient client = RawClient.http2(ECHO.server(), RawClient.SETTINGS)) {
      client.hex(frames);
      String last = "";
      for (String next = client.frame(); !next.isEmpty(); next = client.frame()) {
        last = next;
      }
      assertThat(last).startsWith("7/0/0 ").endsWith("0000000" + code);
    }
  }
}
