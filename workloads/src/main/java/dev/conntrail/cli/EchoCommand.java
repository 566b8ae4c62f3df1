package dev.conntrail.cli;

import com.sun.net.httpserver.HttpServer;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.result.Csv;
import dev.conntrail.result.FolderZip;
import dev.conntrail.result.Json;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.EchoPlan;
import dev.conntrail.spec.EchoPod;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
      "Serve the echo: HTTP/1.1, HTTP/2 (cleartext, prior knowledge) and WebSocket (path /ws) on one port, gRPC on another.",
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
      description = "Port of HTTP and WebSocket (default: ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "9090",
      description = "Port of gRPC (default: ${DEFAULT-VALUE}).")
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

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "Serve the pods of a plan (JSON), take orders on standard input, end when it ends.")
  private Path plan;

  @Option(
      names = "--ready",
      paramLabel = "FILE",
      description = "With --plan: write the plan here with the ports that are listened on.")
  private Path ready;

  @Option(names = "--orders", description = "Take orders on standard input, end when it ends.")
  private boolean orders;

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description =
          "Answer GET /healthz here, for a readiness probe that is no connection of a client.")
  private Integer healthPort;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (plan != null) {
      return underOrders();
    }
    EchoPod asked =
        new EchoPod(
            orElse(pod, "POD_NAME", "pod-1"),
            orElse(node, "NODE_NAME", "node-1"),
            address,
            httpPort,
            grpcPort,
            "",
            delay);
    try (EchoServer server = new EchoServer(List.of(asked), threads)) {
      announce(server.pods().getFirst());
      if (healthPort != null) {
        health(healthPort);
      }
      if (orders) {
        Runtime.getRuntime()
            .addShutdownHook(Thread.ofPlatform().unstarted(() -> sayLastWords(server)));
        serve(server);
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
        "echo %s on %s: HTTP and WebSocket %s:%d, gRPC %s:%d%n",
        served.name(),
        served.node(),
        served.address(),
        served.httpPort(),
        served.address(),
        served.grpcPort());
  }

  private int underOrders() throws IOException, InterruptedException {
    try (EchoServer server = new EchoServer(Json.read(plan, EchoPlan.class).pods(), threads)) {
      if (ready != null) {
        Json.write(ready, new EchoPlan(server.pods()));
      }
      serve(server);
    }
    return ExitCode.OK;
  }

  private static void serve(EchoServer server) throws InterruptedException {
    OrderLoop.serve("take", (file, _) -> write(Path.of(file), server));
  }

  private static void write(Path file, EchoServer server) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Csv.write(file, EchoCount.class, rows(server));
  }

  /** A pod that is told to end (SIGTERM) answers nothing more, and says what it has counted. */
  private static void sayLastWords(EchoServer server) {
    try {
      server.freeze();
      Path folder = Files.createTempDirectory("conntrail-last-words");
      write(folder.resolve("echo.csv"), server);
      System.out.println("ended " + Base64.getEncoder().encodeToString(FolderZip.takeAway(folder)));
    } catch (IOException e) {
      System.err.println("what was counted is lost: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
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

  private static List<EchoCount> rows(EchoServer server) {
    List<EchoCount> rows = new ArrayList<>();
    for (PodLedger ledger : server.ledgers()) {
      for (PodLedger.Connection c : ledger.take()) {
        rows.add(
            new EchoCount(
                ledger.pod().name(),
                ledger.pod().node(),
                c.client().getAddress().getHostAddress(),
                c.client().getPort(),
                c.protocol(),
                c.requests()));
      }
    }
    return rows;
  }
}
