package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A wire with a server's bytes on the other side, which come in pieces; notes what is heard. */
final class Talk implements Wire.Listener {
  final List<String> heard = new ArrayList<>();
  final Output out = new Output();
  Wire wire;
  private byte[] left = {};
  private boolean again;

  /** Makes the wire, and sends the first request as soon as it is ready. */
  static Talk of(Function<Wire.Listener, Wire> make) {
    Talk talk = new Talk();
    talk.wire = make.apply(talk);
    talk.wire.begin(talk.out);
    if (talk.wire.ready()) {
      talk.wire.request(talk.out);
    }
    return talk;
  }

  /** Sends another request at each reply, while the wire can. */
  Talk again() {
    again = true;
    return this;
  }

  /** What was heard, without what Conntrail advises. */
  static List<String> unadvised(List<String> heard) {
    return heard.stream().map(h -> h.split("; mend: ", 2)[0]).toList();
  }

  @Override
  public void answered(int status, Body body) {
    heard.add(status + " " + body + (body.total() > body.length() ? " of " + body.total() : ""));
    if (again && wire.ready()) {
      wire.request(out);
    }
  }

  @Override
  public void refused(IOException why) {
    heard.add("refused: " + why.getMessage());
  }

  @Override
  public void leaving() {
    heard.add("leaving");
  }

  /** Bytes come, whatever was left before them; false once the protocol is broken. */
  boolean comes(byte[] bytes) {
    byte[] in = Arrays.copyOf(left, left.length + bytes.length);
    System.arraycopy(bytes, 0, in, left.length, bytes.length);
    boolean wasReady = wire.ready();
    try {
      int at = wire.consume(in, 0, in.length, out);
      left = Arrays.copyOfRange(in, at, in.length);
    } catch (ProtocolException e) {
      heard.add("broken: " + e.getMessage());
      return false;
    }
    if (!wasReady && wire.ready()) {
      wire.request(out);
    }
    Arrays.fill(in, (byte) 0); // the array is used again for something else
    return true;
  }

  /** How much of what came waits for more. */
  int waiting() {
    return left.length;
  }

  /** The server ends its side. */
  Talk ends() {
    try {
      wire.ended();
    } catch (ProtocolException e) {
      heard.add("broken: " + e.getMessage());
    }
    return this;
  }

  /** What is heard when all comes at once, and checks that it is the same however it is cut. */
  static List<String> heard(Function<Wire.Listener, Wire> make, byte[] all) {
    return heard(make, new byte[0], all);
  }

  /** The same, after a beginning that comes whole. */
  static List<String> heard(Function<Wire.Listener, Wire> wires, byte[] beginning, byte[] all) {
    Supplier<Talk> make =
        () -> {
          Talk talk = of(wires).again();
          talk.comes(beginning);
          return talk;
        };
    Talk once = make.get();
    once.comes(all);
    String sent = HexFormat.of().formatHex(once.out.toBytes());
    for (int cut = 1; cut < all.length; cut++) {
      Talk twice = make.get();
      if (twice.comes(Arrays.copyOf(all, cut))) {
        twice.comes(Arrays.copyOfRange(all, cut, all.length));
      }
      same(once.heard, sent, twice, "cut at " + cut);
    }
    Talk bytewise = make.get();
    for (byte b : all) {
      if (!bytewise.comes(new byte[] {b})) {
        break;
      }
    }
    same(once.heard, sent, bytewise, "byte by byte");
    return once.heard;
  }

  private static void same(List<String> heard, String sent, Talk other, String how) {
    org.assertj.core.api.Assertions.assertThat(other.heard).as(how).isEqualTo(heard);
    org.assertj.core.api.Assertions.assertThat(HexFormat.of().formatHex(other.out.toBytes()))
        .as("sent, " + how)
        .isEqualTo(sent);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }
}
