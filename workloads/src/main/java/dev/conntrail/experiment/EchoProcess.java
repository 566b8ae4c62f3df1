package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.EchoPlan;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The echo process of a testbed of this machine: one serves all pods. */
final class EchoProcess implements Echo {
  private static final Duration TAKE_LIMIT = Duration.ofSeconds(30);

  private final OrderedProcess process;
  private final List<EchoPod> pods;

  private EchoProcess(OrderedProcess process, List<EchoPod> pods) {
    this.process = process;
    this.pods = pods;
  }

  /**
   * Starts it and waits until every pod listens.
   *
   * @param delay of each answer; zero for at once
   */
  static EchoProcess start(LocalTestbed testbed, Duration delay, Path folder) throws IOException {
    List<EchoPod> asked = new ArrayList<>();
    for (Place pod : testbed.pods()) {
      boolean own = !pod.netns().isEmpty();
      asked.add(
          new EchoPod(
              pod.name(),
              pod.node(),
              pod.address(),
              own ? EchoPort.HTTP.ofPods() : 0,
              own ? EchoPort.GRPC.ofPods() : 0,
              pod.netnsFile(),
              delay));
    }
    Path plan = folder.resolve("echo-plan.json");
    Path ready = folder.resolve("echo-ready.json");
    Path log = folder.resolve("echo.log");
    try {
      Json.write(plan, new EchoPlan(asked));
      List<String> arguments =
          List.of("echo", "--plan", plan.toString(), "--ready", ready.toString());
      OrderedProcess process =
          OrderedProcess.start(
              "the echo process",
              testbed.start(testbed.echoPlace(), JavaProcesses.command(arguments), log),
              log);
      return new EchoProcess(process, Json.read(ready, EchoPlan.class).pods());
    } finally {
      Files.deleteIfExists(plan);
      Files.deleteIfExists(ready);
    }
  }

  @Override
  public List<String> addresses(Protocol protocol) {
    return pods.stream()
        .map(p -> p.address() + ":" + (protocol.grpc() ? p.grpcPort() : p.httpPort()))
        .toList();
  }

  @Override
  public Counted take(Path file) throws IOException {
    process.ask("take " + file.toAbsolutePath(), TAKE_LIMIT);
    return new Counted(file, Csv.read(file, EchoCount.class), Set.of());
  }

  @Override
  public void close() {
    process.close();
  }
}
