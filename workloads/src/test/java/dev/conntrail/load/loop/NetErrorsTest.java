package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.posix.Errno;
import dev.conntrail.posix.Posix;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java's selector has the kernel's own number for what became of a socket, as epoll has. */
@Timeout(60)
class NetErrorsTest {
  private static final int TIMEOUT_NS = 100_000_000;
  private static final Net.Options PLAIN = options(0);

  private final byte[] bytes = new byte[1 << 16];
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private static Stream<Named<Net.Opener>> nets() {
    return Stream.of(Named.of("epoll", EpollNet::new), Named.of("selector", NioNet::new));
  }

  private static Net.Options options(int ports) {
    return new Net.Options(new KeepAlives(KeepAlive.TCP, 30), new LocalPorts(ports));
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /** Waits until there is something to do for it. */
  private static void ready(Net net, Link link) throws IOException {
    while (true) {
      int ready = net.await(TIMEOUT_NS);
      for (int i = 0; i < ready; i++) {
        if (link.equals(net.link(i))) {
          return;
        }
      }
    }
  }

  private static int made(Net net, Link link) throws IOException {
    int made = -Errno.EAGAIN;
    while (made == -Errno.EAGAIN) {
      ready(net, link);
      made = link.connected();
    }
    return made;
  }

  private Link connected(Net net) throws IOException {
    Link link = net.connect(null, address(), PLAIN);
    assertThat(made(net, link)).isZero();
    link.awaitWritable(false);
    return link;
  }

  private int received(Net net, Link link) throws IOException {
    int n = link.receive(bytes, 0, bytes.length);
    while (n == -Errno.EAGAIN) {
      ready(net, link);
      n = link.receive(bytes, 0, bytes.length);
    }
    return n;
  }

  private int send(Link link) {
    return link.send(bytes, 0, bytes.length);
  }

  /** Ends a connection as a process that is killed does, with what nobody has read. */
  private static void reset(Socket one) throws IOException {
    one.setSoLinger(true, 0);
    one.close();
  }

  @ParameterizedTest
  @MethodSource("nets")
  void aResetIsReadAndThenNothingCanBeSent(Net.Opener opener) throws IOException {
    try (Net net = opener.open()) {
      Link link = connected(net);
      reset(server.accept());
      assertThat(received(net, link)).isEqualTo(-Errno.ECONNRESET);
      assertThat(send(link)).isEqualTo(-Errno.EPIPE);
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void aResetIsSeenWhenSending(Net.Opener opener) throws IOException {
    try (Net net = opener.open()) {
      Link link = connected(net);
      reset(server.accept());
      ready(net, link);
      assertThat(send(link)).isEqualTo(-Errno.ECONNRESET);
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void thePeersEndComesAfterItsLastBytes(Net.Opener opener) throws IOException {
    try (Net net = opener.open()) {
      Link link = connected(net);
      try (Socket peer = server.accept()) {
        peer.getOutputStream().write(new byte[] {1, 2, 3});
      }
      assertThat(received(net, link)).isEqualTo(3);
      assertThat(received(net, link)).isZero();
      int sent = send(link);
      while (sent >= 0 || sent == -Errno.EAGAIN) { // until the peer has said that it is not there
        Thread.onSpinWait();
        sent = send(link);
      }
      assertThat(sent).isEqualTo(-Errno.EPIPE);
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void aPeerThatReadsNothingIsWaitedFor(Net.Opener opener) throws IOException {
    try (Net net = opener.open()) {
      Link link = connected(net);
      try (Socket peer = server.accept()) {
        assertThat(link.receive(bytes, 0, bytes.length)).isEqualTo(-Errno.EAGAIN);
        long sent = 0;
        for (int n = send(link); n != -Errno.EAGAIN; n = send(link)) {
          assertThat(n).isPositive();
          sent += n;
        }
        link.awaitWritable(true);
        peer.getInputStream().skipNBytes(sent);
        ready(net, link);
        assertThat(send(link)).isPositive();
      }
    }
  }

  /** Why a connection cannot be made, as the loop notes it; empty if it is. */
  private static String refusal(Net net, InetSocketAddress to, Net.Options options) {
    try {
      int made = made(net, net.connect(null, to, options));
      return made == 0 ? "" : Errno.text(-made);
    } catch (IOException e) {
      assertThat(e).isExactlyInstanceOf(IOException.class);
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void nobodyListensOrNoNetworkLeadsThere(Net.Opener opener) throws IOException {
    server.close();
    try (Net net = opener.open()) {
      assertThat(refusal(net, address(), PLAIN)).isEqualTo("Connection refused");
      // TCP has no broadcast, and the kernel says so like this (tcp_v4_connect)
      assertThat(refusal(net, new InetSocketAddress("255.255.255.255", 80), PLAIN))
          .isEqualTo("Network is unreachable");
    }
  }

  private static void run(String... command) {
    Programs.run(List.of(command), "", Programs.SHORT);
  }

  /** In a namespace whose ports nobody else has, and whose routes lead nowhere. */
  @ParameterizedTest
  @MethodSource("nets")
  @Privileged
  void noWayNoAnswerNoPort(Net.Opener opener) throws Exception {
    String name = TestbedRegistry.newRun() + "-errors";
    run("ip", "netns", "add", name);
    try (ExecutorService inside = Executors.newSingleThreadExecutor()) {
      run("ip", "-n", name, "link", "set", "lo", "up");
      run("ip", "-n", name, "route", "add", "unreachable", "192.0.2.1");
      run("ip", "-n", name, "route", "add", "192.0.2.2", "dev", "lo");
      List<String> refusals =
          inside
              .submit(() -> {
                Posix.enter("/run/netns/" + name);
                Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_syn_retries"), "1");
                return refusals(opener);
              })
              .get();
      assertThat(refusals)
          .containsExactly(
              "No route to host",
              "Connection timed out",
              "",
              "Cannot assign requested address",
              "Address already in use");
    } finally {
      run("ip", "netns", "del", name);
    }
  }

  private static List<String> refusals(Net.Opener opener) throws IOException {
    int port = new LocalPorts(1).next();
    try (Net net = opener.open();
        ServerSocket here = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = new InetSocketAddress(here.getInetAddress(), here.getLocalPort());
      String unreachable = refusal(net, new InetSocketAddress("192.0.2.1", 80), PLAIN);
      String silent = refusal(net, new InetSocketAddress("192.0.2.2", 80), PLAIN);
      String first = refusal(net, address, options(1));
      String second = refusal(net, address, options(1));
      try (ServerSocket other = new ServerSocket()) {
        other.bind(new InetSocketAddress(port));
        return List.of(unreachable, silent, first, second, refusal(net, address, options(1)));
      }
    }
  }
}
