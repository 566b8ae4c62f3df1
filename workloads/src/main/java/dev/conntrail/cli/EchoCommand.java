package dev.conntrail.cli;

import com.sun.net.httpserver.HttpServer;
import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.EchoAgent;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Recycling;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the echo. */
@Command(
    name = "echo",
    mixinStandardHelpOptions = true,
    description = {
      "Serve the echo: HTTP/1.1, HTTP/2 (cleartext, prior knowledge), WebSocket (path /ws) and gRPC on one port, gRPC by grpc-java on another.",
      "gRPC on the first is framed by the echo itself and takes less of the CPU. What is grpc-java's own is on the other: keep-alives that it refuses, load reports, its maximum age of connections.",
      "Every reply is a line: POD NODE CONNECTION REQUEST."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail echo --pod pod-1 --http-port 8080 --grpc-port 9090",
      "  curl http://127.0.0.1:8080/"
    })
final class EchoCommand implements Callable<Integer> {
  @Option(
      names = "--pod",
      paramLabel = "NAME",
      description = "Name to answer with (default: POD_NAME of the environment, else pod-1).")
  private String pod;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Node to answer with (default: NODE_NAME of the environment, else node-1).")
  private String node;

  @Option(
      names = "--address",
      paramLabel = "IP",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String address;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port of HTTP, WebSocket and gRPC (default: ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "9090",
      description = "Port of gRPC by grpc-java (default: ${DEFAULT-VALUE}).")
  private int grpcPort;

  @Option(
      names = "--delay",
      paramLabel = "DURATION",
      converter = Delays.class,
      description =
          "A time from 1ms to 1m, such as 50ms, by which every answer is sent later (default: none).")
  private Duration delay = Duration.ZERO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Event loop threads (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--orders", description = "Take orders on standard input, end when it ends.")
  private boolean orders;

  @Option(
      names = "--on-term",
      paramLabel = "WORD",
      converter = Endings.class,
      defaultValue = "exit",
      description =
          "With --orders: what a SIGTERM does: exit, drain or goodbye (default: ${DEFAULT-VALUE}).")
  private PodEnding onTerm;

  @Option(
      names = "--drain-timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      defaultValue = "10s",
      description =
          "With --on-term drain or goodbye: when connections that are left are closed"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration drainTimeout;

  @Option(
      names = "--cure",
      paramLabel = "CURE",
      converter = ServerCures.class,
      description =
          "When connections are given up, such as max-age=10s,by=server (default: never).")
  private Recycling cure;

  @Option(names = "--idle", description = "With --orders: serve no pod before an order names it.")
  private boolean idle;

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description =
          "Answer GET /healthz here, for a readiness probe that is no connection of a client.")
  private Integer healthPort;

  @Override
  public Integer call() throws IOException, InterruptedException {
    EchoPod asked =
        new EchoPod(
            orElse(pod, "POD_NAME", "pod-1"),
            orElse(node, "NODE_NAME", "node-1"),
            address,
            httpPort,
            grpcPort,
            "",
            delay);
    try (EchoServer server = new EchoServer(idle ? List.of() : List.of(asked), threads)) {
      if (cure != null) {
        server.recycle(List.of(asked.name()), Optional.of(cure));
      }
      server.pods().forEach(this::announce);
      if (healthPort != null) {
        health(healthPort);
      }
      if (orders) {
        EchoAgent agent = new EchoAgent(server);
        AgentLoop.serve(agent, answers -> agent.end(onTerm, drainTimeout, answers));
      } else {
        new CountDownLatch(1).await();
      }
    }
    return ExitCode.OK;
  }

  private static String orElse(String option, String variable, String otherwise) {
    return Optional.ofNullable(option)
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .orElse(otherwise);
  }

  private void announce(EchoPod served) {
    PrintStream said = orders ? System.err : System.out;
    said.printf(
        "echo %s on %s: HTTP, WebSocket and gRPC %s:%d, gRPC by grpc-java %s:%d%n",
        served.name(),
        served.node(),
        served.address(),
        served.httpPort(),
        served.address(),
        served.grpcPort());
  }

  private static void health(int port) throws IOException {
    HttpServer health = HttpServer.create(new InetSocketAddress(port), 0);
    health.createContext(
        "/healthz",
        exchange -> {
          exchange.sendResponseHeaders(HttpURLConnection.HTTP_NO_CONTENT, -1);
          exchange.close();
        });
    health.start();
  }
}
