package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.EchoPlan;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The echo process of a testbed. */
final class EchoProcess implements AutoCloseable {
  /** The port of HTTP/1.1, HTTP/2 and WebSocket where pods have addresses of their own. */
  static final int HTTP_PORT = 8080;

  /** The port of gRPC there. */
  static final int GRPC_PORT = 9090;

  private static final Duration TAKE_LIMIT = Duration.ofSeconds(30);

  private final OrderedProcess process;
  private final Map<String, EchoPod> pods;

  private EchoProcess(OrderedProcess process, Map<String, EchoPod> pods) {
    this.process = process;
    this.pods = pods;
  }

  /** Starts it and waits until every pod listens. */
  static EchoProcess start(Testbed testbed, Path folder) throws IOException {
    List<EchoPod> asked = new ArrayList<>();
    for (Place pod : testbed.pods()) {
      boolean own = !pod.netns().isEmpty();
      asked.add(
          new EchoPod(
              pod.name(),
              pod.node(),
              pod.address(),
              own ? HTTP_PORT : 0,
              own ? GRPC_PORT : 0,
              pod.netnsFile()));
    }
    Path plan = folder.resolve("echo-plan.json");
    Path ready = folder.resolve("echo-ready.json");
    try {
      Json.write(plan, new EchoPlan(asked));
      List<String> arguments =
          List.of("echo", "--plan", plan.toString(), "--ready", ready.toString());
      OrderedProcess process =
          OrderedProcess.start(
              "the echo process",
              testbed,
              testbed.echoPlace(),
              arguments,
              folder.resolve("echo.log"));
      return new EchoProcess(
          process,
          Json.read(ready, EchoPlan.class).pods().stream()
              .collect(Collectors.toMap(EchoPod::name, Function.identity())));
    } finally {
      Files.deleteIfExists(plan);
      Files.deleteIfExists(ready);
    }
  }

  /** Where a protocol is spoken by each pod, {@code ip:port}, in order of the testbed. */
  List<String> addresses(Testbed testbed, Protocol protocol) {
    return testbed.pods().stream()
        .map(p -> pods.get(p.name()))
        .map(p -> p.address() + ":" + (grpc(protocol) ? p.grpcPort() : p.httpPort()))
        .toList();
  }

  static boolean grpc(Protocol protocol) {
    return protocol == Protocol.GRPC || protocol == Protocol.GRPC_STREAM;
  }

  /** What the pods counted since the last time. */
  List<Rows.EchoConnection> take(Path file) throws IOException {
    process.tell("take " + file.toAbsolutePath());
    process.await("ok", TAKE_LIMIT);
    return Csv.read(file, Rows.EchoConnection.class);
  }

  @Override
  public void close() {
    process.close();
  }
}
