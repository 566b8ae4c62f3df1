package dev.conntrail.load.codec;

import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.Proxy;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.result.FileTrees;
import dev.conntrail.spec.ProxyPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy or Envoy before another server, as runs have them. */
final class ProxyServer implements CountedServer, AutoCloseable {
  private final Path folder = Files.createTempDirectory("conntrail-proxy");
  private final int port;
  private final Proxy proxy;

  /** Starts it; with HTTP/2 on both of its sides, or with HTTP/1.1 and WebSocket. */
  ProxyServer(ProxyPolicy policy, InetSocketAddress behind, boolean http2) throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    List<Backend> pods = List.of(new Backend("pod-1", "127.0.0.1", behind.getPort()));
    proxy =
        Proxy.start(
            new ProxyPlan(
                policy,
                "127.0.0.1",
                port,
                http2,
                pods,
                ProxyPlan.Limits.NONE,
                ProxyPlan.Limits.NONE,
                ProxyPlan.Options.NONE),
            pods,
            folder.resolve("log"));
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public long connections() throws IOException {
    return proxy.counts().connections();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    FileTrees.delete(folder);
  }
}
