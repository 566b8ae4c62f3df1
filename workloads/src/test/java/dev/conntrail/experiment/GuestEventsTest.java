package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.cli.CommandProcess;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Events in a guest, through ipvs, which most machines' kernels do not have: each kind once, the
 * protocols spread over them. What endpoints and a change of mode do there, {@link
 * dev.conntrail.cli.IpvsLawsTest} has.
 */
@Privileged
class GuestEventsTest extends EventLaws {
  private static final String YAML =
      """
      experiment: guest-events
      testbed: uml
      phases: {warmup: 300ms, measure: 3s, drain: 10s}
      matrix:
        - {data-plane: ipvs, protocol: http1, connections: 12, pods: 3, rate: 120,
           events: [{at: 500ms, kill-pod: 1, rules-after: 200ms, ready-after: 300ms}]}
        - {data-plane: ipvs, protocol: websocket, connections: 12, pods: 3, rate: 60,
           phases: {measure: 2s, drain: 1s}, events: [{at: 500ms, power-off: 1}]}
        - {data-plane: ipvs, protocol: grpc, connections: 12, pods: 3, rate: 60,
           events: [{at: 500ms, pause: 1, for: 700ms}, {at: 1300ms, slow-pod: 1, cpu: 5ms}]}
        - {data-plane: ipvs, protocol: http2, retries: library, connections: 12, pods: 3, rate: 60, phases: {measure: 5s},
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 2s, grace: 3s}]}
        - {data-plane: ipvs, protocol: grpc-stream, connections: 12, pods: 4, clients: 2, nodes: 2, rate: 60, phases: {measure: 5s},
           events: [{at: 300ms, drain-node: 1, ready-after: 100ms, rules-after: 100ms, pre-stop: 2s, grace: 3s, on-term: goodbye}]}
        - {data-plane: ipvs, protocol: http1, connections: 12, pods: 3, rate: 60, opening: spread, phases: {measure: 4s},
           events: [{at: 300ms, scale: 6, ready-after: 100ms, rules-after: 100ms}, {at: 2500ms, scale: 2, rules-after: 100ms, pre-stop: 200ms, on-term: goodbye}]}
        - {data-plane: ipvs, protocol: websocket, connections: 12, pods: 3, rate: 60, opening: spread,
           events: [{at: 300ms, restart-proxy: 300ms}, {at: 400ms, add-endpoints: 1}]}
      """;

  @Override
  RunFolder measured(Path results) throws Exception {
    Path spec = Files.writeString(results.resolve("events.yaml"), YAML);
    Path all = results.resolve("results");
    CommandProcess run =
        CommandProcess.start(
            Map.of(), "run", spec.toString(), "--results", all.toString(), "--no-report");
    String said = run.end();
    assertThat(run.code()).as(said).isZero();
    try (Stream<Path> folders = Files.list(all)) {
      return new RunFolder(folders.filter(Files::isDirectory).findFirst().orElseThrow());
    }
  }

  /** No event here takes entries of ip_vs with it, so the kernel is a witness of each. */
  @Test
  void theKernelIsAWitnessOfEachEvent() throws IOException {
    assertThat(folder().rows(Tables.SUMMARY))
        .hasSize(7)
        .allSatisfy(s -> assertThat(s.crossCheck().kernel()).as(cell(s).key()).isTrue());
  }
}
