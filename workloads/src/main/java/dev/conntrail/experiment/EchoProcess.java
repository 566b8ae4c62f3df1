package dev.conntrail.experiment;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.EchoPlan;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The echo process of a testbed. It is told what to do by lines on its standard input, and answers each with a line. */
final class EchoProcess implements AutoCloseable {
  /** The port of HTTP/1.1, HTTP/2 and WebSocket where pods have addresses of their own. */
  static final int HTTP_PORT = 8080;

  /** The port of gRPC there. */
  static final int GRPC_PORT = 9090;

  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;
  private final Map<String, EchoPod> pods;
  private final Path log;

  private EchoProcess(Process process, Path log, Path ready) throws IOException {
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    expect("ready");
    this.pods = Json.read(ready, EchoPlan.class).pods().stream().collect(Collectors.toMap(EchoPod::name, Function.identity()));
  }

  /** Starts it and waits until every pod listens. */
  static EchoProcess start(Testbed testbed, Path scratch) throws IOException {
    List<EchoPod> pods = new ArrayList<>();
    for (Place pod : testbed.pods()) {
      boolean own = !pod.netns().isEmpty();
      pods.add(new EchoPod(pod.name(), pod.node(), pod.address(), own ? HTTP_PORT : 0, own ? GRPC_PORT : 0, pod.netnsFile()));
    }
    Path plan = scratch.resolve("echo-plan.json");
    Path ready = scratch.resolve("echo-ready.json");
    Path log = scratch.resolve("echo.log");
    Json.write(plan, new EchoPlan(pods));
    Process process = testbed.start(testbed.echoPlace(), JavaProcesses.command(List.of("echo", "--plan", plan.toString(), "--ready", ready.toString())), log);
    return new EchoProcess(process, log, ready);
  }

  /** Where a protocol is spoken by each pod, {@code ip:port}, in order of the testbed. */
  List<String> addresses(Testbed testbed, Protocol protocol) {
    return testbed.pods().stream().map(p -> pods.get(p.name())).map(p -> p.address() + ":" + (grpc(protocol) ? p.grpcPort() : p.httpPort())).toList();
  }

  static boolean grpc(Protocol protocol) {
    return protocol == Protocol.GRPC || protocol == Protocol.GRPC_STREAM;
  }

  /** What the pods counted since the last time. */
  List<Rows.EchoConnection> take(Path file) throws IOException {
    order("take " + file.toAbsolutePath());
    return Csv.read(file, Rows.EchoConnection.class);
  }

  private void order(String line) throws IOException {
    orders.write(line);
    orders.newLine();
    orders.flush();
    expect("ok");
  }

  private void expect(String word) throws IOException {
    long end = System.nanoTime() + READY_LIMIT.toNanos();
    while (!answers.ready()) {
      if (!process.isAlive() && !answers.ready()) {
        throw new TestbedException("the echo process ended with " + process.exitValue() + ": " + lastLines());
      }
      if (System.nanoTime() > end) {
        throw new TestbedException("the echo process did not say '" + word + "' in " + READY_LIMIT.toSeconds() + " s: " + lastLines());
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while waiting for the echo process", e);
      }
    }
    String line = answers.readLine();
    if (!word.equals(line)) {
      throw new TestbedException("the echo process said '" + line + "' in place of '" + word + "'");
    }
  }

  private String lastLines() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  @Override
  public void close() throws IOException {
    try {
      orders.close();
    } catch (IOException _) {
      // it has ended by itself
    }
    try {
      if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
