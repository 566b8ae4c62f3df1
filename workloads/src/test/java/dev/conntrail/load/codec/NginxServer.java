package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.conntrail.result.FileTrees;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** nginx before other servers, on ports of its own, where it is found. */
public final class NginxServer {
  /** Its counters: accepted, handled, requests. */
  private static final Pattern ACCEPTED = Pattern.compile("\n ([0-9]+) [0-9]+ [0-9]+");

  private final Optional<Path> program = Programs.find("nginx");
  private final Path folder = Files.createTempDirectory("conntrail-nginx");
  private final int http1 = freePort();
  private final int http2 = freePort();
  private final int grpc = freePort();
  private Process process;
  private long asked;

  /**
   * Starts it.
   *
   * @param http to which it speaks HTTP/1.1, and WebSocket
   * @param calls to which it speaks gRPC
   * @param requests after which it ends a connection
   */
  public NginxServer(InetSocketAddress http, InetSocketAddress calls, int requests)
      throws IOException, InterruptedException {
    if (program.isEmpty()) {
      return;
    }
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(http, calls, requests));
    process =
        new ProcessBuilder(
                program.get().toString(), "-p", folder.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitListens();
  }

  private String configuration(InetSocketAddress http, InetSocketAddress calls, int requests) {
    return """
    daemon off;
    master_process off;
    pid %1$s/pid;
    error_log %1$s/error.log;
    events { worker_connections 64; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      keepalive_requests %7$d;
      server {
        listen 127.0.0.1:%2$d;
        listen 127.0.0.1:%3$d http2;
        proxy_http_version 1.1;
        location / {
          proxy_pass http://127.0.0.1:%5$d;
          proxy_buffer_size 64k;
          proxy_buffers 4 64k;
          proxy_busy_buffers_size 128k;
        }
        location /ws/ {
          proxy_pass http://127.0.0.1:%5$d;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection upgrade;
        }
        location = /connections { stub_status; }
      }
      server {
        listen 127.0.0.1:%4$d http2;
        location / { grpc_pass grpc://127.0.0.1:%6$d; }
      }
    }
    """
        .formatted(folder, http1, http2, grpc, http.getPort(), calls.getPort(), requests);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitListens() throws IOException, InterruptedException {
    while (process.isAlive()) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), http2)) {
        return;
      } catch (IOException _) {
        Thread.sleep(10);
      }
    }
    throw new IOException("nginx has ended: " + Files.readString(folder.resolve("log")));
  }

  /** Whether it is found. */
  public boolean here() {
    return program.isPresent();
  }

  /** Its port for HTTP/1.1. */
  public InetSocketAddress http1() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), http1);
  }

  /** Its port for HTTP/2. */
  public InetSocketAddress http2() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), http2);
  }

  /** Its port for gRPC. */
  public InetSocketAddress grpc() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), grpc);
  }

  /** One of its ports. */
  CountedServer at(InetSocketAddress port) {
    return new CountedServer() {
      @Override
      public InetSocketAddress address() {
        return port;
      }

      @Override
      public long connections() throws IOException {
        return accepted();
      }
    };
  }

  /**
   * Connections that were made to it, on whatever port, but for those that ask this; the first saw
   * that it listens.
   */
  public long accepted() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http1)) {
      socket.getOutputStream().write("GET /connections HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      String said = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      Matcher counted = ACCEPTED.matcher(said);
      if (!counted.find()) {
        throw new IOException("nginx says nothing of connections: " + said);
      }
      return Long.parseLong(counted.group(1)) - ++asked;
    }
  }

  /** Ends it. */
  public void stop() throws IOException, InterruptedException {
    if (process != null) {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
    }
    FileTrees.delete(folder);
  }
}
