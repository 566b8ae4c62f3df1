package dev.conntrail.load.codec;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A wire on a real socket: requests one after another, and what came of each. */
final class Dialog implements AutoCloseable {
  private static final int PATIENCE_MS = 20_000;
  private static final int ROOM = 8192;

  private final InetSocketAddress server;
  private final Function<Wire.Listener, Wire> wires;
  private Socket socket;
  private Talk talk;

  Dialog(InetSocketAddress server, Function<Wire.Listener, Wire> wires) {
    this.server = server;
    this.wires = wires;
  }

  /** What a request is answered. */
  record Heard(String reply, String seen) {}

  /** Sends a request, on the same connection as the last if that can carry one more. */
  Heard request() throws IOException {
    if (talk != null && talk.wire.ready()) {
      talk.heard.clear();
      talk.wire.request(talk.out);
    } else {
      open();
    }
    flush();
    InputStream in = socket.getInputStream();
    byte[] room = new byte[ROOM];
    boolean well = true;
    while (well && replies().isEmpty()) {
      int n = in.read(room);
      if (n < 0) {
        talk.ends();
        break;
      }
      well = talk.comes(Arrays.copyOf(room, n));
      flush();
    }
    return new Heard(String.join(", ", replies()), talk.wire.seen());
  }

  /** Several. */
  List<Heard> requests(int times) throws IOException {
    List<Heard> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(request());
    }
    return all;
  }

  private void open() throws IOException {
    close();
    socket = new Socket();
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(server);
    talk = Talk.of(wires);
  }

  private List<String> replies() {
    return Talk.unadvised(talk.heard).stream().filter(h -> !h.equals("leaving")).toList();
  }

  private void flush() throws IOException {
    socket.getOutputStream().write(talk.out.array(), 0, talk.out.length());
    talk.out.clear();
  }

  /** Says its last words, ends its side unless the server does it first, and waits for the peer. */
  private void leave() throws IOException {
    flush();
    if (talk.wire.endsFirst()) {
      socket.shutdownOutput();
    }
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // the peer was in more of a hurry
    }
  }

  /** Says goodbye. */
  @Override
  public void close() throws IOException {
    if (socket != null) {
      boolean over = talk.wire.spent();
      talk.wire.goodbye(talk.out);
      if (over || talk.out.length() > 0) {
        leave();
      }
      socket.close();
    }
  }
}
