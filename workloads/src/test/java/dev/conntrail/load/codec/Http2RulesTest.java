package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server that breaks RFC 9113, a rule at a time, and one that goes to the edge of it. Where the
 * RFC asks for the end of a stream, that of the connection will do (section 5.4).
 */
class Http2RulesTest {
  private static final String SETTINGS = "000000 04 00 00000000";
  private static final String HEAD = "000001 01 04 00000001 88";
  private static final String REPLY = "000001 01 05 00000001 88";

  private static Talk talk(String method) {
    Http2Request request = Http2Request.of(method, "a:1", "/", List.of(), new byte[0]);
    Talk talk = Talk.of(l -> new Http2RequestWire(request, "x-pod", new HpackDecoder.Room(), l));
    talk.comes(hex(SETTINGS));
    talk.out.clear();
    return talk;
  }

  /** The frames are bytes in hexadecimal: length, type, flags, stream, payload. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 4.2: sizes
        "004001 00 00 00000001                            | FRAME_SIZE_ERROR",
        "000005 01 24 00000001 00000000 10                | PROTOCOL_ERROR", // and no status
        "000004 01 24 00000001 00000000                   | FRAME_SIZE_ERROR",
        "000004 02 00 00000001 00000000                   | FRAME_SIZE_ERROR",
        "000003 03 00 00000001 000000                     | FRAME_SIZE_ERROR",
        "000005 03 00 00000001 0000000000                 | FRAME_SIZE_ERROR",
        "000005 04 00 00000000 0001000000                 | FRAME_SIZE_ERROR",
        "000006 04 01 00000000 000100000000               | FRAME_SIZE_ERROR",
        "000007 06 00 00000000 00000000000000             | FRAME_SIZE_ERROR",
        "000009 06 00 00000000 000000000000000000         | FRAME_SIZE_ERROR",
        "000007 07 00 00000000 00000000000000             | FRAME_SIZE_ERROR",
        "000003 08 00 00000000 000000                     | FRAME_SIZE_ERROR",
        "000005 08 00 00000001 0000000000                 | FRAME_SIZE_ERROR",
        // 4.3: field blocks
        "000001 01 04 00000001 be                         | COMPRESSION_ERROR",
        "000004 01 04 00000001 88 3fe21f                  | COMPRESSION_ERROR",
        "000003 01 04 00000001 00 05 61                   | COMPRESSION_ERROR",
        "000001 01 00 00000001 88 000000 00 00 00000001   | PROTOCOL_ERROR",
        "000001 01 00 00000001 88 000000 01 04 00000001   | PROTOCOL_ERROR",
        "000001 01 00 00000001 88 000000 09 04 00000003   | PROTOCOL_ERROR",
        "000001 01 00 00000001 88 000000 7f 00 00000000   | PROTOCOL_ERROR",
        // 5.1: streams that are none
        "000001 00 00 00000000 61                         | PROTOCOL_ERROR",
        "000001 00 00 00000003 61                         | PROTOCOL_ERROR",
        "000001 00 00 00000002 61                         | PROTOCOL_ERROR",
        "000001 01 05 00000000 88                         | PROTOCOL_ERROR",
        "000001 01 05 00000003 88                         | PROTOCOL_ERROR",
        "000001 01 05 00000002 88                         | PROTOCOL_ERROR",
        "000005 02 00 00000000 0000000010                 | PROTOCOL_ERROR",
        "000004 03 00 00000000 00000000                   | PROTOCOL_ERROR",
        "000004 03 00 00000003 00000000                   | PROTOCOL_ERROR",
        "000004 03 00 00000002 00000000                   | PROTOCOL_ERROR",
        "000004 08 00 00000003 00000001                   | PROTOCOL_ERROR",
        "000001 09 04 00000001 88                         | PROTOCOL_ERROR",
        // and those that have ended
        REPLY + "000001 00 00 00000001 61                 | STREAM_CLOSED",
        REPLY + "000001 01 05 00000001 88                 | STREAM_CLOSED",
        // 6.1, 6.2: padding
        "000001 00 08 00000001 01                         | PROTOCOL_ERROR",
        "000000 00 08 00000001                            | PROTOCOL_ERROR",
        "000002 01 0c 00000001 02 88                      | PROTOCOL_ERROR",
        // 6.5: settings
        "000000 04 00 00000001                            | PROTOCOL_ERROR",
        "000006 04 00 00000000 0002 00000001              | PROTOCOL_ERROR",
        "000006 04 00 00000000 0004 80000000              | FLOW_CONTROL_ERROR",
        "000006 04 00 00000000 0005 00003fff              | PROTOCOL_ERROR",
        "000006 04 00 00000000 0005 01000000              | PROTOCOL_ERROR",
        // 6.6 to 6.8
        "000005 05 04 00000001 00000002 88                | PROTOCOL_ERROR",
        "000008 06 00 00000001 0000000000000000           | PROTOCOL_ERROR",
        "000008 07 00 00000001 0000000000000000           | PROTOCOL_ERROR",
        // 6.9: windows
        "000004 08 00 00000000 00000000                   | PROTOCOL_ERROR",
        "000004 08 00 00000001 00000000                   | PROTOCOL_ERROR",
        "000004 08 00 00000000 7fffffff                   | FLOW_CONTROL_ERROR",
        "000004 08 00 00000001 7fffffff                   | FLOW_CONTROL_ERROR",
        // 8.1: what a reply is made of
        "000001 00 00 00000001 61                         | PROTOCOL_ERROR",
        HEAD + "000001 01 04 00000001 88                  | PROTOCOL_ERROR",
        HEAD + "000004 01 04 00000001 00 01 61 00         | PROTOCOL_ERROR",
        HEAD + "000001 01 05 00000001 88                  | PROTOCOL_ERROR",
        "000005 01 05 00000001 08 03 313033               | PROTOCOL_ERROR", // 103, and the end
        "000005 01 04 00000001 08 03 313031               | PROTOCOL_ERROR", // 101
        "000004 01 05 00000001 00 01 61 00                | PROTOCOL_ERROR", // no status
        "000004 01 05 00000001 08 02 3939                 | PROTOCOL_ERROR",
        "000002 01 05 00000001 88 88                      | PROTOCOL_ERROR",
        "000002 01 05 00000001 88 84                      | PROTOCOL_ERROR", // :path
        "000005 01 05 00000001 00 01 61 00 88             | PROTOCOL_ERROR",
        "000005 01 05 00000001 88 00 01 41 00             | PROTOCOL_ERROR", // a field "A"
        "000005 01 05 00000001 88 00 01 20 00             | PROTOCOL_ERROR",
        "000004 01 05 00000001 88 00 00 00                | PROTOCOL_ERROR",
        "000006 01 05 00000001 88 00 01 61 01 0a          | PROTOCOL_ERROR",
        "000014 01 05 00000001 88 00 0a 636f6e6e656374696f6e 05 636c6f7365 00 | COMPRESSION_ERROR",
        "000013 01 05 00000001 88 00 0a 636f6e6e656374696f6e 05 636c6f7365    | PROTOCOL_ERROR",
        "000005 01 05 00000001 88 0f0d 01 31              | PROTOCOL_ERROR", // content-length: 1
        "000005 01 05 00000001 88 0f0d 01 61              | PROTOCOL_ERROR",
        "000009 01 04 00000001 88 0f0d 01 31 0f0d 01 32   | PROTOCOL_ERROR",
        "000005 01 04 00000001 88 0f0d 01 31 000002 00 01 00000001 6161 | PROTOCOL_ERROR",
      })
  void whatBreaksARuleIsAnsweredWithItsCode(String frames, String code) {
    Talk talk = talk("GET");
    assertThat(talk.comes(hex(frames))).isFalse();
    byte[] out = talk.out.toBytes();
    int last = out.length - 17;
    assertThat(Http2Frames.int24(out, last)).isEqualTo(8);
    assertThat(out[last + 3]).isEqualTo((byte) Http2Frames.GOAWAY);
    assertThat(Http2Frames.code(Http2Frames.int32(out, last + 13))).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // frames, flags and settings that nobody knows
        "000003 7f ff 00000000 616161" + REPLY + "         | GET  | 200 ",
        "000006 04 00 00000000 00ff 00000001" + REPLY + "  | GET  | 200 ",
        "000001 01 d7 00000001 88                          | GET  | 200 ",
        "000000 04 01 00000000" + REPLY + "                | GET  | 200 ",
        "000006 04 00 00000000 0002 00000000" + REPLY + "  | GET  | 200 ",
        "000005 02 00 00000001 0000000310" + REPLY + "     | GET  | 200 ",
        "000005 02 00 00000007 0000000310" + REPLY + "     | GET  | 200 ",
        // the bit before a stream's number, or an increment, means nothing
        "000001 01 05 80000001 88                          | GET  | 200 ",
        "000004 08 00 80000000 80000001" + REPLY + "       | GET  | 200 ",
        // a server may end a stream that is over, and grant it more
        REPLY + "000004 03 00 00000001 00000000            | GET  | 200 ",
        REPLY + "000004 08 00 00000001 00000001            | GET  | 200 ",
        REPLY + "000005 02 00 00000001 0000000010          | GET  | 200 ",
        // lengths that hold, and that need not
        "000005 01 05 00000001 88 0f0d 01 31               | HEAD | 200 ",
        "000005 01 05 00000001 89 0f0d 01 31               | GET  | 204 ",
        "000005 01 05 00000001 8b 0f0d 01 31               | GET  | 304 ",
        "000009 01 04 00000001 88 0f0d 01 31 0f0d 01 31 000001 00 01 00000001 61 | GET | 200 a",
        // a body that ends with an empty frame, or with trailers
        HEAD + "000001 00 00 00000001 61 000000 00 01 00000001              | GET | 200 a",
        HEAD + "000001 00 00 00000001 61 000004 01 05 00000001 00 01 61 00  | GET | 200 a",
        HEAD + "000000 01 01 00000001 000000 09 04 00000001                 | GET | 200 ",
        // a reset says why, whatever the code
        "000004 03 00 00000001 00000000  | GET | refused: HTTP/2 stream reset: NO_ERROR",
        "000004 03 00 00000001 000000ff  | GET | refused: HTTP/2 stream reset: code 255",
        HEAD
            + "000004 03 00 00000001 0000000b"
            + " | GET | refused: HTTP/2 stream reset: ENHANCE_YOUR_CALM",
      })
  void whatARuleAllowsIsTaken(String frames, String method, String heard) {
    Talk talk = talk(method);
    assertThat(talk.comes(hex(frames))).as("%s", talk.heard).isTrue();
    assertThat(String.join(", ", talk.heard).strip()).isEqualTo(heard);
    assertThat(talk.wire.spent()).isFalse();
  }
}
