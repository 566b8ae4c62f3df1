package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
import static dev.conntrail.load.codec.Talk.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** RFC 9113 and gRPC, from a client's side. */
class Http2WireTest {
  private static final byte[] OK = {(byte) 0x88};
  private static final byte[] TRAILERS = literal("grpc-status", "0");

  private static Function<Wire.Listener, Wire> get() {
    Http2Request get = Http2Request.of("GET", "a:1", "/echo", List.of(), new byte[0]);
    return l -> new Http2RequestWire(get, "x-pod", new HpackDecoder.Room(), l);
  }

  private static Function<Wire.Listener, Wire> post(int bytes) {
    Http2Request post = Http2Request.of("POST", "a:1", "/", List.of(), new byte[bytes]);
    return l -> new Http2RequestWire(post, "", new HpackDecoder.Room(), l);
  }

  private static Function<Wire.Listener, Wire> grpc(boolean unary) {
    Http2Request call = Http2Request.call("a:1", "conntrail.v1.Echo/X", List.of(), new byte[0]);
    return l -> new GrpcWire(call, unary, "", new HpackDecoder.Room(), l);
  }

  private static byte[] literal(String name, String value) {
    Output out = new Output();
    out.int8(0);
    out.int8(name.length());
    out.bytes(ascii(name));
    out.int8(value.length());
    out.bytes(ascii(value));
    return out.toBytes();
  }

  private static byte[] bytes(Consumer<Output> writes) {
    Output out = new Output();
    writes.accept(out);
    return out.toBytes();
  }

  private static void frame(Output out, int type, int flags, int stream, byte[] payload) {
    Http2Frames.header(out, payload.length, type, flags, stream);
    out.bytes(payload);
  }

  private static void settings(Output out) {
    Http2Frames.header(out, 0, Http2Frames.SETTINGS, 0, 0);
  }

  private static byte[] message(String text) {
    return bytes(o -> {
      o.int8(0);
      o.int32(text.length());
      o.bytes(ascii(text));
    });
  }

  /** The frames that a client wrote, as {@code type/flags/stream/length}. */
  private static List<String> frames(Output out) {
    byte[] in = out.toBytes();
    List<String> frames = new ArrayList<>();
    int at = in.length > 24 && in[0] == 'P' ? 24 : 0;
    while (at < in.length) {
      int length = Http2Frames.int24(in, at);
      frames.add(
          in[at + 3] + "/" + in[at + 4] + "/" + Http2Frames.int32(in, at + 5) + "/" + length);
      at += 9 + length;
    }
    return frames;
  }

  @Test
  void repliesWithPaddingPriorityAndContinuation() {
    byte[] all =
        bytes(o -> {
          settings(o);
          frame(o, Http2Frames.HEADERS, 4, 1, OK);
          frame(o, Http2Frames.DATA, 0, 1, ascii("pod-"));
          frame(o, Http2Frames.DATA, 1, 1, ascii("1"));
          byte[] padded = new byte[] {3, 0, 0, 0, 0, 9, (byte) 0x88, 0, 0, 0};
          frame(o, Http2Frames.HEADERS, 4 | 8 | 0x20, 3, padded);
          frame(o, Http2Frames.DATA, 8 | 1, 3, new byte[] {2, 'x', 0, 0});
          byte[] more = literal("x-pod", "web-7");
          frame(o, Http2Frames.HEADERS, 1, 5, OK);
          frame(o, Http2Frames.CONTINUATION, 0, 5, Arrays.copyOf(more, 4));
          frame(o, Http2Frames.CONTINUATION, 4, 5, Arrays.copyOfRange(more, 4, more.length));
          frame(o, 0x42, 0x55, 7, ascii("an extension"));
          frame(o, Http2Frames.PRIORITY, 0, 7, new byte[5]);
          frame(o, Http2Frames.HEADERS, 4, 7, literal(":status", "103"));
          frame(o, Http2Frames.HEADERS, 4 | 1, 7, new byte[] {(byte) 0x8d});
        });
    assertThat(Talk.heard(get(), all)).containsExactly("200 pod-1", "200 x", "200 ", "404 ");
  }

  @Test
  void aFieldMayBeWatched() {
    Talk talk = Talk.of(get());
    talk.comes(
        bytes(o -> {
          settings(o);
          frame(
              o,
              1,
              5,
              1,
              bytes(b -> {
                b.bytes(OK);
                b.bytes(literal("x-pod", "web-7"));
              }));
        }));
    assertThat(((Http2RequestWire) talk.wire).seen()).isEqualTo("web-7");
  }

  /** A block like the last one is not read again, and says the same; what differs is seen. */
  @Test
  void blocksThatAreTheSameSayTheSame() {
    byte[] all =
        bytes(o -> {
          settings(o);
          byte[] of3 =
              bytes(b -> {
                b.bytes(OK);
                b.bytes(literal("content-length", "3"));
              });
          byte[] of1 =
              bytes(b -> {
                b.bytes(OK);
                b.bytes(literal("content-length", "1"));
              });
          byte[][] heads = {of3, of3, of1, of1, of3};
          for (int i = 0; i < heads.length; i++) {
            frame(o, 1, 4, 2 * i + 1, heads[i]);
            frame(o, 0, 0, 2 * i + 1, ascii(heads[i][heads[i].length - 1] == '3' ? "abc" : "d"));
            frame(o, 1, 5, 2 * i + 1, literal("x-after", "1"));
          }
          frame(o, 1, 4, 11, of3);
          frame(o, 0, 1, 11, ascii("d"));
        });
    assertThat(Talk.heard(get(), all))
        .containsExactly(
            "200 abc",
            "200 abc",
            "200 d",
            "200 d",
            "200 abc",
            "broken: HTTP/2: a body of another length than its head says");
  }

  /** An index is another field once the table has changed. */
  @Test
  void aBlockOfTheSameBytesMaySayAnother() {
    Talk talk = Talk.of(get()).again();
    String[] blocks = {
      "88 40 05782d706f64 0161", "88 be", "88 be", "88 40 05782d706f64 0162", "88 be", "20 88", "88"
    };
    List<String> seen = new ArrayList<>();
    talk.comes(bytes(Http2WireTest::settings));
    for (int i = 0; i < blocks.length; i++) {
      byte[] block = hex(blocks[i]);
      int stream = 2 * i + 1;
      talk.comes(bytes(o -> frame(o, 1, 4, stream, block)));
      seen.add(talk.wire.seen());
      talk.comes(bytes(o -> frame(o, 0, 1, stream, new byte[0])));
    }
    assertThat(seen).containsExactly("a", "a", "a", "b", "b", "", "");
    assertThat(talk.comes(bytes(o -> frame(o, 1, 5, 15, hex("88 be"))))).isFalse();
  }

  @Test
  void anotherStatusOfACallIsHeard() {
    byte[] full = literal("grpc-status", "8");
    byte[][] trailers = {TRAILERS, TRAILERS, full, full, TRAILERS, TRAILERS};
    Talk talk = Talk.of(grpc(true));
    talk.comes(bytes(Http2WireTest::settings));
    for (int i = 0; i < trailers.length; i++) {
      byte[] end = trailers[i];
      int stream = 2 * i + 1;
      talk.comes(
          bytes(o -> {
            frame(o, 1, 4, stream, OK);
            frame(o, 0, 0, stream, message("m"));
            frame(o, 1, 5, stream, end);
          }));
      talk.wire.request(talk.out);
    }
    String refused = "refused: gRPC status RESOURCE_EXHAUSTED";
    assertThat(talk.heard).containsExactly("200 m", "200 m", refused, refused, "200 m", "200 m");
  }

  /** Section 6.5.2: none may be allowed for a while; what is outstanding is answered. */
  @Test
  void aServerMayAllowNoStreamsForAWhile() {
    Talk talk = Talk.of(get());
    talk.comes(bytes(o -> streams(o, 0)));
    assertThat(talk.wire.ready()).isFalse();
    assertThat(talk.wire.spent()).as("the connection lives").isFalse();
    talk.comes(bytes(o -> frame(o, Http2Frames.HEADERS, 5, 1, OK)));
    assertThat(talk.heard).containsExactly("200 ");
    assertThat(talk.wire.ready()).isFalse();
    talk.out.clear();
    talk.comes(bytes(o -> streams(o, 100)));
    assertThat(frames(talk.out)).hasSize(2).first().isEqualTo("4/1/0/0");
    assertThat(frames(talk.out).getLast()).startsWith("1/5/3/");
  }

  private static void streams(Output out, int most) {
    Http2Frames.header(out, 6, Http2Frames.SETTINGS, 0, 0);
    Http2Frames.setting(out, Http2Frames.MAX_STREAMS, most);
  }

  @Test
  void settingsAndPingsAreAnswered() {
    Talk talk = Talk.of(get());
    assertThat(frames(talk.out)).startsWith("4/0/0/12", "8/0/0/4").hasSize(3);
    talk.out.clear();
    talk.comes(
        bytes(o -> {
          settings(o);
          frame(o, Http2Frames.PING, 0, 0, ascii("12345678"));
          frame(o, Http2Frames.PING, 1, 0, ascii("12345678"));
          frame(o, Http2Frames.SETTINGS, 1, 0, new byte[0]);
        }));
    assertThat(frames(talk.out)).containsExactly("4/1/0/0", "6/1/0/8");
    assertThat(HexFormat.of().formatHex(talk.out.toBytes())).endsWith("3132333435363738");
  }

  /** The server's windows hold back a body; settings move the stream's, below nothing too. */
  @Test
  void aBodyWaitsForTheWindows() {
    Talk talk = Talk.of(post(70_000));
    assertThat(frames(talk.out).subList(3, 7))
        .containsExactly("0/0/1/16384", "0/0/1/16384", "0/0/1/16384", "0/0/1/16383");
    talk.out.clear();
    talk.comes(
        bytes(o -> {
          Http2Frames.header(o, 6, Http2Frames.SETTINGS, 0, 0);
          Http2Frames.setting(o, Http2Frames.INITIAL_WINDOW, 60_000);
          Http2Frames.windowUpdate(o, 0, 10_000);
        }));
    assertThat(frames(talk.out)).as("the stream has -5,535").containsExactly("4/1/0/0");
    talk.out.clear();
    talk.comes(bytes(o -> Http2Frames.windowUpdate(o, 1, 6535)));
    assertThat(frames(talk.out)).containsExactly("0/0/1/1000");
    talk.out.clear();
    talk.comes(bytes(o -> Http2Frames.windowUpdate(o, 1, 10_000)));
    assertThat(frames(talk.out)).containsExactly("0/1/1/3465");
  }

  @Test
  void theServersDataIsLetThrough() {
    Talk talk = Talk.of(get());
    talk.comes(
        bytes(o -> {
          settings(o);
          frame(o, 1, 4, 1, OK);
        }));
    talk.out.clear();
    for (int i = 0; i < 100; i++) {
      assertThat(talk.comes(bytes(o -> frame(o, 0, 0, 1, new byte[16_384])))).isTrue();
    }
    assertThat(frames(talk.out)).hasSize(6).containsOnly("8/0/0/4", "8/0/1/4");
  }

  @Test
  void aResetAndAGoAwayEndWhatTheyMust() {
    byte[] all =
        bytes(o -> {
          settings(o);
          Http2Frames.reset(o, 1, 7);
        });
    Talk reset = Talk.of(get());
    reset.comes(all);
    assertThat(reset.heard).containsExactly("refused: HTTP/2 stream reset: REFUSED_STREAM");
    assertThat(reset.wire.ready()).as("the connection lives").isTrue();
    Talk draining = Talk.of(get()).again();
    draining.comes(
        bytes(o -> {
          settings(o);
          frame(o, Http2Frames.GOAWAY, 0, 0, new byte[] {127, -1, -1, -1, 0, 0, 0, 0});
          frame(o, Http2Frames.GOAWAY, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
          frame(o, 1, 4 | 1, 1, OK);
        }));
    assertThat(draining.heard).containsExactly("leaving", "leaving", "200 ");
    assertThat(draining.wire.spent()).isTrue();
    Talk late = Talk.of(get());
    late.comes(
        bytes(o -> {
          settings(o);
          frame(o, Http2Frames.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 11});
        }));
    assertThat(late.heard)
        .containsExactly("leaving", "refused: HTTP/2 stream not begun: GOAWAY ENHANCE_YOUR_CALM");
  }

  @Test
  void whatBreaksTheProtocolIsAnsweredWithAGoAway() {
    List<Consumer<Output>> broken =
        List.of(
            o -> frame(o, 1, 4, 1, OK), // no settings before
            o -> {
              settings(o);
              frame(o, 0, 0, 3, ascii("x")); // a stream that nobody opened
            },
            o -> {
              settings(o);
              frame(o, 0, 0, 0, ascii("x"));
            },
            o -> {
              settings(o);
              frame(o, 0, 8, 1, new byte[] {9, 0});
            },
            o -> {
              settings(o);
              frame(o, 5, 4, 1, new byte[8]);
            },
            o -> {
              settings(o);
              frame(o, 9, 4, 1, OK);
            },
            o -> {
              settings(o);
              frame(o, 1, 0, 1, OK);
              frame(o, 6, 0, 0, new byte[8]);
            },
            o -> {
              settings(o);
              frame(o, 1, 4, 1, new byte[] {(byte) 0xff});
            },
            o -> {
              settings(o);
              frame(o, 6, 0, 0, new byte[7]);
            },
            o -> {
              settings(o);
              Http2Frames.windowUpdate(o, 0, 0);
            },
            o -> {
              settings(o);
              Http2Frames.windowUpdate(o, 0, Integer.MAX_VALUE);
            },
            o -> {
              settings(o);
              frame(o, 1, 4, 1, literal("x", "y"));
            },
            o -> Http2Frames.header(o, 20_000, 0, 0, 1));
    for (Consumer<Output> writes : broken) {
      Talk talk = Talk.of(get());
      talk.out.clear();
      assertThat(talk.comes(bytes(writes))).as(frames(talk.out).toString()).isFalse();
      assertThat(frames(talk.out)).last().asString().isEqualTo("7/0/0/8");
    }
  }

  /** As a client of gRPC at a port of HTTP/1.1 sees it. */
  @Test
  void whoDoesNotSpeakItIsNotToBeAskedThere() {
    String mend = "; mend: a port where it does, or another --protocol";
    Talk talk = Talk.of(get());
    assertThat(talk.comes(ascii("HTTP/1.1 400 Bad Request\r\n\r\n"))).isFalse();
    assertThat(talk.heard)
        .containsExactly(
            "broken: HTTP/2: the server's settings are not first, so it may not speak HTTP/2: it says 'HTTP/1.1 400 Bad Request'"
                + mend);
    assertThat(Talk.of(get()).ends().heard)
        .containsExactly(
            "broken: HTTP/2: the server closed without its settings, so it may not speak HTTP/2"
                + mend);
  }

  @Test
  void aUnaryCall() {
    byte[] m = message("hello");
    byte[] all =
        bytes(o -> {
          settings(o);
          frame(o, 1, 4, 1, OK);
          frame(o, 0, 0, 1, Arrays.copyOf(m, 3));
          frame(o, 0, 0, 1, Arrays.copyOfRange(m, 3, 8));
          frame(o, 0, 0, 1, Arrays.copyOfRange(m, 8, m.length));
          frame(o, 1, 5, 1, TRAILERS);
          frame(o, 1, 4, 3, OK);
          frame(o, 0, 0, 3, m);
          frame(
              o,
              1,
              5,
              3,
              bytes(b -> {
                b.bytes(literal("grpc-status", "14"));
                b.bytes(literal("grpc-message", "gone"));
              }));
        });
    assertThat(Talk.heard(grpc(true), all))
        .containsExactly("200 hello", "refused: gRPC status UNAVAILABLE (gone)");
  }

  @Test
  void callsThatFail() {
    record Case(Consumer<Output> frames, String heard) {}
    List<Case> cases =
        List.of(
            new Case(
                o -> {
                  byte[] unimplemented = {(byte) 0x88, 0, 11};
                  Output block = new Output();
                  block.bytes(unimplemented);
                  block.bytes(ascii("grpc-status"));
                  block.int8(2);
                  block.bytes(ascii("12"));
                  frame(o, 1, 5, 1, block.toBytes());
                },
                "refused: gRPC status UNIMPLEMENTED; mend: a --grpc-method that this server has"),
            new Case(
                o -> frame(o, 1, 5, 1, new byte[] {(byte) 0x8d}),
                "refused: HTTP status 404 without one of gRPC, so the server may not speak gRPC; mend: a port where it does, or another --protocol"),
            new Case(
                o -> frame(o, 1, 5, 1, new byte[] {(byte) 0x8e}),
                "refused: HTTP status 500 without one of gRPC"),
            new Case(
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 0, 1, 1, new byte[0]);
                },
                "refused: HTTP status 200 without one of gRPC, so the server may not speak gRPC; mend: a port where it does, or another --protocol"),
            new Case(
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 1, 5, 1, TRAILERS);
                },
                "refused: gRPC status OK, without a message"),
            new Case(
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 0, 0, 1, new byte[] {1, 0, 0, 0, 0});
                },
                "broken: gRPC: a message is compressed, which nobody asked for"),
            new Case(
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 0, 0, 1, ascii("<html>"));
                },
                "broken: gRPC: the reply is no message of gRPC, so the server may not speak it: it begins with '<html>'; mend: a port where it does, or another --protocol"));
    for (Case c : cases) {
      Talk talk = Talk.of(grpc(true));
      talk.comes(bytes(Http2WireTest::settings));
      talk.comes(bytes(c.frames()));
      assertThat(talk.heard).containsExactly(c.heard());
    }
  }

  private static String cut(Function<Wire.Listener, Wire> wires, Consumer<Output> frames) {
    Talk talk = Talk.of(wires);
    talk.comes(bytes(Http2WireTest::settings));
    talk.comes(bytes(frames));
    return talk.wire.cut(talk.waiting());
  }

  @Test
  void howMuchCameOfAReplyThatIsNotWhole() {
    byte[] length =
        bytes(o -> {
          o.bytes(OK);
          o.bytes(literal("content-length", "40"));
        });
    assertThat(cut(get(), o -> {})).isEmpty();
    assertThat(
            cut(
                get(),
                o -> {
                  frame(o, 1, 4, 1, length);
                  frame(o, 0, 0, 1, ascii("pod-1 node-1"));
                }))
        .isEqualTo("12 of 40 bytes of its body");
    assertThat(
            cut(
                grpc(true),
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 0, 0, 1, Arrays.copyOf(message("hello"), 7));
                }))
        .isEqualTo("2 of 5 bytes of its message");
    assertThat(
            cut(
                grpc(true),
                o -> {
                  frame(o, 1, 4, 1, OK);
                  frame(o, 0, 0, 1, message("hello"));
                }))
        .isEqualTo("its message, without a status");
  }

  @Test
  void aStreamOfMessages() {
    byte[] all =
        bytes(o -> {
          settings(o);
          frame(o, 1, 4, 1, OK);
          frame(o, 0, 0, 1, message("one"));
          frame(o, 0, 0, 1, message(""));
          frame(o, 0, 0, 1, message("three"));
          frame(o, 1, 5, 1, literal("grpc-status", "1"));
        });
    assertThat(Talk.heard(grpc(false), all))
        .containsExactly("200 one", "200 ", "200 three", "refused: gRPC status CANCELLED");
  }

  @Test
  void aStreamThatEndedIsOpenedAnew() {
    Talk talk = Talk.of(grpc(false));
    talk.comes(
        bytes(o -> {
          settings(o);
          frame(o, 1, 4, 1, OK);
          frame(o, 0, 0, 1, message("one"));
          frame(o, 1, 5, 1, TRAILERS);
        }));
    talk.out.clear();
    talk.wire.request(talk.out);
    assertThat(frames(talk.out)).last().asString().isEqualTo("0/0/3/5");
    assertThat(frames(talk.out)).first().asString().startsWith("1/4/3/");
  }

  @Test
  void damageNeverCrashes() {
    byte[] well =
        bytes(o -> {
          settings(o);
          frame(o, 1, 4, 1, OK);
          frame(o, 0, 0, 1, message("pod-1 node-1 1 1"));
          frame(o, 6, 0, 0, ascii("12345678"));
          frame(o, 1, 5, 1, TRAILERS);
          frame(o, 1, 4, 3, OK);
          frame(o, 0, 0, 3, message("pod-1 node-1 1 2"));
          frame(o, 1, 5, 3, TRAILERS);
          frame(o, Http2Frames.GOAWAY, 0, 0, new byte[] {0, 0, 0, 3, 0, 0, 0, 0});
        });
    Damage.of(well, 20_000, () -> Talk.of(get()).again());
    Damage.of(well, 20_000, () -> Talk.of(grpc(true)).again());
    Damage.of(well, 20_000, () -> Talk.of(grpc(false)).again());
    Damage.noise(10_000, new SplittableRandom(5), () -> Talk.of(grpc(true)).again());
    byte[] compressed =
        bytes(o -> {
          settings(o);
          // RFC 7541, C.6: Huffman codes, and a table that is used and emptied
          frame(
              o,
              1,
              5,
              1,
              hex(
                  "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                      + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
          frame(o, 1, 5, 3, hex("4883 640e ffc1 c0bf"));
          frame(o, 1, 0, 5, hex("20 3fe11f 88 40 0161 0162"));
          frame(o, Http2Frames.CONTINUATION, 4, 5, hex("be"));
          frame(o, 0, 1, 5, ascii("x"));
        });
    assertThat(Talk.heard(get(), compressed)).containsExactly("302 ", "307 ", "200 x");
    Damage.of(compressed, 20_000, () -> Talk.of(get()).again());
    byte[] windows =
        bytes(o -> {
          Http2Frames.header(o, 12, Http2Frames.SETTINGS, 0, 0);
          Http2Frames.setting(o, Http2Frames.INITIAL_WINDOW, 30_000);
          Http2Frames.setting(o, Http2Frames.MAX_FRAME, 20_000);
          Http2Frames.windowUpdate(o, 0, 10_000);
          Http2Frames.windowUpdate(o, 1, 70_000);
          frame(o, 1, 5, 1, OK);
        });
    assertThat(Talk.heard(post(70_000), windows)).containsExactly("200 ");
    Damage.of(windows, 2_000, () -> Talk.of(post(70_000)));
  }
}
