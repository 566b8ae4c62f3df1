package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an experiment may not say is refused in one line: where, what was found, what is allowed.
 */
class ExperimentRefusalsTest {
  /** Nothing is wrong with it. */
  static final String GOOD =
      """
      experiment: mine
      question: Why?
      testbed: netns
      seed: 7
      repetitions: 2
      phases: {warmup: 1s, measure: 2s, drain: 500ms}
      matrix:
        - data-plane: [iptables, nftables]
          iptables-backend: [nft, legacy]
          protocol: [http1, grpc]
          connections: [10, 20]
          pods: 5
          rate: 100
      """;

  static Stream<Arguments> ofValues() {
    return Stream.of(
        Arguments.of(
            "testbed: netns",
            "testbed: netnz",
            "f.yaml:3: testbed: found 'netnz'",
            "allowed: auto, netns, uml, loopback"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: many",
            "f.yaml:5: repetitions: found 'many'",
            "a whole number from 1 to 1000"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: 0",
            "f.yaml:5: repetitions: found '0'",
            "from 1 to 1000"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: [1, 2]",
            "f.yaml:5: repetitions: found a list",
            "one value"),
        Arguments.of(
            "measure: 2s", "measure: 2", "f.yaml:6: phases.measure: found '2'", "500ms, 5s or 2m"),
        Arguments.of(
            "measure: 2s",
            "measure: 1ms",
            "f.yaml:6: phases.measure: found '1ms'",
            "from 100ms to 60m"),
        Arguments.of("pods: 5", "pods: 500", "f.yaml:12: matrix.pods: found '500'", "1 to 300"),
        Arguments.of("pods: 5", "pods: ", "f.yaml:12: matrix.pods: found nothing", "one value"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: [http1, http3]",
            "f.yaml:10: matrix.protocol: found 'http3'",
            "http1, http2, grpc"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: []",
            "f.yaml:10: matrix.protocol: found an empty list",
            "at least one value"),
        Arguments.of(
            "rate: 100",
            "rate: fast",
            "f.yaml:13: matrix.rate: found 'fast'",
            "closed, requests a second from 1 to 1000000, A..B"),
        Arguments.of(
            "experiment: mine",
            "experiment: My One",
            "f.yaml:1: experiment: found 'My One'",
            "a-z, 0-9 and -"));
  }

  static Stream<Arguments> ofAxesTogether() {
    return Stream.of(
        Arguments.of(
            "testbed: netns",
            "testbed: loopback",
            "f.yaml:8: matrix.data-plane: found 'iptables' on testbed loopback",
            "direct"),
        Arguments.of(
            "data-plane: [iptables, nftables]",
            "data-plane: nftables",
            "matrix.iptables-backend: found it, but no data plane iptables",
            "only beside"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: websocket\n    pooling: shared",
            "matrix.pooling: found 'shared' with protocol websocket",
            "dedicated"),
        Arguments.of(
            "rate: 100",
            "clients: 16",
            "matrix.clients: found 16 clients for 10 connections",
            "at most as many"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    nodes: 2",
            "f.yaml:13: matrix.nodes: found 2 nodes for 1 clients",
            "at most as many nodes as clients"));
  }

  static Stream<Arguments> ofSettings() {
    return Stream.of(
        Arguments.of(
            "pods: 5",
            "pods: 5\n    ipvs-scheduler: lc",
            "f.yaml:13: matrix.ipvs-scheduler: found it, but no data plane ipvs",
            "only beside data-plane: ipvs"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    ipvs-tcp-timeout: 3s",
            "f.yaml:13: matrix.ipvs-tcp-timeout: found it, but no data plane ipvs",
            "only beside data-plane: ipvs"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    conntrack-tcp-timeout-established: 300ms",
            "f.yaml:13: matrix.conntrack-tcp-timeout-established: found '300ms'",
            "a duration in whole seconds, such as 5s or 2m, from 1s to 432000s"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    conntrack-max: 100",
            "f.yaml:13: matrix.conntrack-max: found '100' on testbed netns",
            "testbed: uml, for the number is the whole kernel's"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    keep-alive: ping",
            "matrix.keep-alive: found 'ping' with protocol http1",
            "ping with http2, grpc, grpc-stream, websocket"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    keep-alive-interval: 2s",
            "matrix.keep-alive-interval: found it without keep-alive",
            "only beside keep-alive"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: short-lived\n    opening: spread",
            "matrix.opening: found 'spread' with short-lived",
            "spread only with long-lived connections"));
  }

  static Stream<Arguments> ofEvents() {
    return Stream.of(
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 3s, add-endpoints: 1}]",
            "f.yaml:13: matrix.events.at: found 3000ms in a measure phase of 2000ms",
            "a moment within it"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s}]",
            "f.yaml:13: matrix.events.at: found 0 things to do",
            "one of add-endpoints, remove-endpoints, delete-endpoints"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, remove-endpoints: 5}]",
            "matrix.events: found remove-endpoints: 5, which leaves 0 pods",
            "1 to 300 at any time"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, kill-pod: 9}]",
            "matrix.events: found kill-pod: 9 of 5 pods",
            "1 to 5"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, kill-pod: 1}, {at: 1500ms, scale: 5}]",
            "matrix.events: found scale: 5 of 5 pods, which changes nothing",
            "another number than are there then"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, rolling-update: drain, pre-stop: 5s}]",
            "matrix.events: found rolling-update: drain with pre-stop 5000ms and grace 5000ms, which ends"
                + " before the hook does",
            "a pre-stop shorter than grace (usually 5s), in which the hook is"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, remove-endpoints: 2}, {at: 1500ms, slow-pod: 4, delay: 5ms}]",
            "matrix.events: found slow-pod: 4 of 3 pods",
            "1 to 3"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{add-endpoints: 5}]",
            "matrix.events.at: found no such key",
            "when, from the start of measure"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    phases: {idle: 2}",
            "f.yaml:13: matrix.phases.idle: found '2'",
            "500ms, 5s or 2m"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: []",
            "f.yaml:13: matrix.events: found an empty list",
            "at least one block with at, add-endpoints"));
  }

  static Stream<Arguments> ofEventsArguments() {
    return Stream.of(
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, pause: 1, delay: 5ms}]",
            "matrix.events.delay: found it with pause",
            "allowed: for"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, pause: 1, for: 0s}]",
            "matrix.events.for: found '0s'",
            "from 1ms to 60m"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, rolling-update: quit}]",
            "matrix.events.rolling-update: found 'quit'",
            "exit, drain, goodbye"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, rolling-update: exit, max-surge: 0}]",
            "matrix.events.max-surge: found '0'",
            "1 or more there or at max-unavailable"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, drain-node: 1}]",
            "matrix.events: found drain-node: 1 with one node",
            "nodes: 2 or more there"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, change-mode: iptables}]",
            "matrix.events: found change-mode: iptables in mode iptables",
            "another mode"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, change-mode: ipvs}]",
            "f.yaml:9: matrix.iptables-backend: found 'nft' with the event change-mode: ipvs",
            "legacy or auto there"),
        Arguments.of(
            "pods: 5",
            "pods: 200\n    events: [{at: 1s, rolling-update: exit}]",
            "which takes 400 pods, one after the other",
            "at most 300"));
  }

  static Stream<Arguments> ofTheFile() {
    return Stream.of(
        Arguments.of(
            "seed: 7", "sead: 7", "f.yaml:4: sead: found an unknown key", "did you mean 'seed'"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: [http1, http1]",
            "f.yaml:10: matrix.protocol: found 'http1' a second time",
            "each value once"),
        Arguments.of(
            "rate: 100",
            "rate: 100\n    rate: 200",
            "f.yaml:14: matrix.rate: found the key a second time",
            "each key once"),
        Arguments.of(
            "rate: 100",
            "rate: 100\n  - {}",
            "f.yaml:14: matrix: found an empty mapping",
            "at least one block with data-plane"),
        Arguments.of(
            "pods: 5",
            "pods: [1, 2]\n    [a]: 3",
            "f.yaml:13: matrix: found a key that is not a word",
            "data-plane, iptables-backend"),
        Arguments.of("experiment: mine\n", "", "f.yaml:1: experiment: found no such key", "a name"),
        Arguments.of("seed: 7", "seed: 7: 8", "f.yaml:4", "not YAML"));
  }

  @ParameterizedTest
  @MethodSource({
    "ofValues",
    "ofAxesTogether",
    "ofSettings",
    "ofEvents",
    "ofEventsArguments",
    "ofTheFile"
  })
  void refusesWithFileLineKeyFoundAndAllowed(
      String part, String fault, String place, String allowed) {
    String text = GOOD.replace(part, fault);
    assertThat(text).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", text))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(place)
        .hasMessageContaining(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind    | delete-endpoints: 1             | remove-endpoints there, for kube-proxy keeps a real server",
        "cluster | 'add-endpoints: 1}, {at: 1s, scale: 3' | remove-endpoints in cells of their own there",
        "kind    | 'power-off: 1, rules-after: 2s' | no rules-after there",
        "cluster | restart-proxy: 1s               | testbed: kind",
        "cluster | power-off: 1                    | testbed: kind",
        "cluster | 'scale: 2, rules-after: 2s'     | no rules-after there",
        "kind    | 'scale: 2}, {at: 1s, rolling-update: exit, grace: 9s' | the same ready-after",
        "kind    | 'scale: 2}, {at: 1s, kill-pod: 1, ready-after: 9s'    | the same ready-after"
      })
  void whatAClusterCannotDoIsRefusedWithItsMend(String testbed, String events, String mend) {
    String text =
        GOOD.replace("testbed: netns", "testbed: " + testbed)
            .replace("    iptables-backend: [nft, legacy]\n", "")
            .replace("pods: 5", "pods: 5\n    events: [{at: 1s, " + events + "}]");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", text))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("f.yaml:12: matrix.events: found '")
        .hasMessageContaining("on testbed " + testbed)
        .hasMessageContaining(mend);
  }

  @Test
  void aClusterMakesTheEventsOfPods() {
    String text =
        GOOD.replace("testbed: netns", "testbed: cluster")
            .replace("    iptables-backend: [nft, legacy]\n", "")
            .replace(
                "pods: 5",
                "pods: 5\n    events: [{at: 1s, scale: 6, pre-stop: 1s}, {at: 1s, kill-pod: 1}, {at: 1s, rolling-update: exit, pre-stop: 1s}]");
    Cell cell = ExperimentReader.parse("f.yaml", text).cells().getFirst();
    assertThat(ClusterLife.of(cell))
        .isEqualTo(
            new ClusterLife(
                Lifecycle.USUAL.readyAfter(),
                Duration.ofSeconds(1),
                Lifecycle.USUAL.grace(),
                PodEnding.EXIT,
                Optional.empty()));
  }

  @Test
  void shortLivedConnectionsMayBeOfOneClient() {
    String text = GOOD.replace("protocol: [http1, grpc]", "protocol: short-lived\n    clients: 1");
    assertThat(ExperimentReader.parse("f.yaml", text).cells()).hasSize((2 + 1) * 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[]     | an empty list",
        "{}     | an empty mapping",
        "[{}]   | an empty mapping",
        "[[]]   | an empty list",
        "null   | nothing",
        "http1  | 'http1'",
        "[1, 2] | '1'"
      })
  void aMatrixWithoutBlocksIsRefused(String matrix, String found) {
    assertThatThrownBy(
            () -> ExperimentReader.parse("f.yaml", "experiment: x\nmatrix: " + matrix + "\n"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("f.yaml:2: matrix: found " + found + "; allowed: a ")
        .hasMessageContaining("with data-plane, ");
  }

  @Test
  void whatIsNoYamlHasItsLineToo() {
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", "a: 1\nb: \ud83d\ude00\nc: \u0007\n"))
        .hasMessage("f.yaml:3: not YAML: found the character U+0007");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", ""))
        .hasMessageStartingWith("f.yaml:1: the file: found nothing in it; allowed: a mapping with");
  }

  /** A product that would fill the memory is refused before it is made. */
  @Test
  void aBlockHasABoundedNumberOfCells() {
    String numbers = IntStream.rangeClosed(1, 300).boxed().toList().toString();
    assertThatThrownBy(() ->
            ExperimentReader.parse(
                "f.yaml",
                "experiment: x\nmatrix:\n  connections: "
                    + numbers
                    + "\n  pods: "
                    + numbers
                    + "\n"))
        .hasMessage(
            "f.yaml:4: matrix.pods: found 300 values, and 300 cells without them; allowed: at most 10000 cells in a block");
  }

  @Test
  void shortLivedNeedsARateThatThePortsAllow() {
    String closed =
        GOOD.replace("[http1, grpc]", "short-lived").replace("rate: 100", "rate: closed");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", closed))
        .hasMessageContaining("would run out of local ports");
    String fast = GOOD.replace("[http1, grpc]", "short-lived").replace("rate: 100", "rate: 50000");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", fast))
        .hasMessageContaining("opens 150000 connections")
        .hasMessageContaining("at most 64000");
  }
}
