package dev.conntrail.load.codec;

import static org.assertj.core.api.Assumptions.assumeThat;

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

/** nginx before another server, on ports of its own, where it is found. */
final class NginxServer {
  private final Optional<Path> program = Programs.find("nginx");
  private final Path folder = Files.createTempDirectory("conntrail-nginx");
  private final int http1 = freePort();
  private final int http2 = freePort();
  private Process process;

  NginxServer(InetSocketAddress behind) throws IOException, InterruptedException {
    if (program.isEmpty()) {
      return;
    }
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(behind));
    process =
        new ProcessBuilder(
                program.get().toString(), "-p", folder.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitListens();
  }

  private String configuration(InetSocketAddress behind) {
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
      server {
        listen 127.0.0.1:%2$d;
        listen 127.0.0.1:%3$d http2;
        location / {
          proxy_pass http://127.0.0.1:%4$d;
          proxy_http_version 1.1;
          proxy_buffer_size 64k;
          proxy_buffers 4 64k;
          proxy_busy_buffers_size 128k;
        }
      }
    }
    """
        .formatted(folder, http1, http2, behind.getPort());
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

  void assumeHere() {
    assumeThat(program).as("nginx").isPresent();
  }

  InetSocketAddress http1() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), http1);
  }

  InetSocketAddress http2() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), http2);
  }

  void stop() throws IOException, InterruptedException {
    if (process != null) {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
    }
    FileTrees.delete(folder);
  }
}
