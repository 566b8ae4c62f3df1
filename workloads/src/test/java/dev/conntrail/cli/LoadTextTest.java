package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.LoadOutcome;
import dev.conntrail.record.CpuUse;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadTextTest {
  private static InetSocketAddress port(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static LoadOutcome outcome(
      Recording recording, LoadOutcome.Requests requests, long cpuNs) {
    return outcome(recording, requests, new CpuUse(cpuNs, 0, 1, 0, 0, 0, 0, 0));
  }

  private static LoadOutcome outcome(
      Recording recording, LoadOutcome.Requests requests, CpuUse cpu) {
    recording.exchange();
    recording.keep(1000);
    Ledger ledger = new Ledger();
    ledger.born(port(1), port(80), 0, 0).replied(EchoLine.parse("pod-1 node-1 1 1"), 1, 3, 5);
    ledger.born(port(2), port(80), 0, 0);
    return new LoadOutcome(
        new LoadOutcome.Times(0, 0, 0, 2_000_000_000),
        requests,
        cpu,
        recording.intervals(),
        ledger.rows(),
        new Replies(0, 0).seen(),
        false,
        Double.NaN);
  }

  private static LoadAnswer answer(LoadOutcome outcome, LoadFailure... failOn) {
    return LoadAnswer.of(
        outcome,
        KernelAnswers.NOT_ASKED,
        List.of(
            new TargetAddress("echo:80", "10.0.0.7:80"),
            new TargetAddress("10.0.0.8:80", "10.0.0.8:80")),
        Optional.of(Path.of("/out")),
        Set.of(failOn));
  }

  private static List<String> lines(LoadOutcome outcome) {
    return LoadText.lines(answer(outcome));
  }

  /** Three of a hundred requests have no answer. */
  private static LoadOutcome lossy() {
    Recording recording = new Recording();
    for (int i = 0; i < 97; i++) {
      recording.record(Metric.RESPONSE, 1_250_000);
    }
    for (int i = 0; i < 3; i++) {
      recording.record(Metric.CENSORED, 2_000_000_000);
    }
    recording.record(Metric.SEND_LAG, 20_000);
    LoadOutcome.Requests requests =
        new LoadOutcome.Requests(
            100, 97, 1, 2, 6, 2, 0, 3, Map.of("reset", 8L), Map.of(2, 98L, 5, 1L));
    return outcome(recording, requests, 1);
  }

  @Test
  void whatWentWrongComesFirstAndIsInTheTimes() {
    assertThat(lines(lossy()))
        .containsExactly(
            "echo:80 is 10.0.0.7:80",
            "requests due in the measure phase: 100, answered: 97, 49 a second",
            "due before the measure phase and not sent when it began, so that they delay those due in it: 6; mend: a lower --rate, or more --connections",
            "in all phases without an answer when the drain ended: 2",
            "in all phases failed, connects too: 8 (connects 3, due before the measure phase 4, due in it 1)",
            "  8  reset",
            "in all phases replies by status, first exchanges too: 2xx 98, 5xx 1",
            "response time: p50 1.25 ms, p90 1.25 ms, p99 more than 1999.63 ms, max more than 1999.63 ms",
            "send lag: p50 0.020 ms, p90 0.020 ms, p99 0.020 ms, max 0.020 ms",
            "connections: 2",
            "  1  no pod answered",
            "  1  pod-1",
            "the client collected no garbage meanwhile",
            "written to /out");
  }

  private static List<String> errors(Map<String, Long> errors) {
    return lines(
            outcome(
                new Recording(),
                new LoadOutcome.Requests(0, 0, 0, 0, 0, 0, 0, 0, errors, Map.of()),
                1))
        .stream()
        .dropWhile(line -> !line.startsWith("in all phases failed"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("response time"))
        .toList();
  }

  @Test
  void theMendOfFailuresIsSaidOnceAfterThem() {
    assertThat(
            errors(
                Map.of(
                    "a; mend: x or y", 2L,
                    "b; mend: x or y", 3L,
                    "c; mend: z", 1L,
                    "reset", 4L)))
        .containsExactly("  4  reset", "  3  b", "  2  a", "  1  c", "mend: x or y", "mend: z");
  }

  /** A body that tells the time makes as many kinds as there are requests. */
  @Test
  void ofManyKindsOfFailuresTheMostFrequentAreShown() {
    Map<String, Long> errors = new HashMap<>();
    for (long i = 1; i <= 13; i++) {
      errors.put("it is " + i + "; mend: a clock", i);
    }
    assertThat(errors(errors))
        .hasSize(12)
        .startsWith("  13  it is 13")
        .endsWith(
            "  4  it is 4", "  6  of 3 more kinds, which errors.csv of --out has", "mend: a clock");
  }

  /** Named as columns are, with null for what is not known. */
  @Test
  void theSameAsJson() {
    assertThat(Json.answer(answer(lossy())).replaceAll("\\s", ""))
        .isEqualTo(
            """
            {"requests":{"due_count":100,"answered_count":97,"answered_per_s":48.5,"failed_count":1,
            "unanswered_count":2,"carried_count":6,"all_unanswered_count":2,"all_failed_count":8,
            "connect_failed_count":3,"errors":{"reset":8},"statuses":{"2xx":98,"5xx":1}},
            "response":{"p50":{"ns":1250303,"at_least":false},"p90":{"ns":1250303,"at_least":false},
            "p99":{"ns":1999634432,"at_least":true},"max":{"ns":1999634432,"at_least":true}},
            "service":null,
            "send_lag":{"p50":{"ns":20015,"at_least":false},"p90":{"ns":20015,"at_least":false},
            "p99":{"ns":20015,"at_least":false},"max":{"ns":20015,"at_least":false}},
            "connect":null,
            "connections":{"count":2,"by_pod":{"nopodanswered":1,"pod-1":1},"unknown":null},
            "client":{"gc_count":0,"gc_pause_ms":0,"short_of_cpu":false},
            "targets":[{"said":"echo:80","address":"10.0.0.7:80"},{"said":"10.0.0.8:80","address":"10.0.0.8:80"}],
            "folder":"/out","exit_code":0}
            """
                .replaceAll("\\s", ""));
  }

  /** Of what is told by name, the name is not a field. */
  @Test
  void everyFieldOfTheJsonIsExplainedInOrder() throws IOException {
    Map<?, ?> found = Json.parse(Json.answer(answer(lossy())), Map.class);
    assertThat(
            Explained.fieldsOf(found).stream()
                .map(f ->
                    f.replaceFirst(
                        "^(requests\\.(errors|statuses)|response|send_lag|connections\\.by_pod|targets)\\..*",
                        "$1"))
                .distinct())
        .containsExactlyElementsOf(Explained.of("load --json").fields());
  }

  @Test
  void whatTheClientStoodStillForIsSaid() {
    LoadOutcome.Requests none =
        new LoadOutcome.Requests(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of());
    assertThat(lines(outcome(new Recording(), none, new CpuUse(1, 0, 1, 0, 0, 1200, 900, 2))))
        .contains("the client collected garbage 1,200 times, for less than 2 ms each time");
    assertThat(lines(outcome(new Recording(), none, new CpuUse(1, 0, 1, 0, 0, 3, 0, 0))))
        .contains("the client collected garbage 3 times, for how long is not known");
  }

  @Test
  void withoutARequestNoTimeIsKnown() {
    assertThat(
            lines(
                outcome(
                    new Recording(),
                    new LoadOutcome.Requests(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of()),
                    1)))
        .contains("response time: p50 not known, p90 not known, p99 not known, max not known")
        .doesNotContain("the client was short of CPU: times are partly its own");
  }

  @Test
  void aClientThatWasShortOfCpuSaysSo() {
    assertThat(
            lines(
                outcome(
                    new Recording(),
                    new LoadOutcome.Requests(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of()),
                    2_000_000_001L)))
        .contains("the client was short of CPU: times are partly its own");
  }

  private static int code(
      long answered, long unfinished, Map<String, Long> errors, LoadFailure... failOn) {
    LoadOutcome.Requests requests =
        new LoadOutcome.Requests(9, answered, 0, 0, 0, unfinished, 0, 0, errors, Map.of());
    return answer(outcome(new Recording(), requests, 1), failOn).exitCode();
  }

  @Test
  void onlyWhatIsAskedForIsAFailureUnlessNothingIsAnswered() {
    Map<String, Long> reset = Map.of("reset", 1L);
    assertThat(code(1, 1, reset)).isZero();
    assertThat(code(0, 1, reset)).isEqualTo(4);
    assertThat(code(1, 1, Map.of(), LoadFailure.FAILED)).isZero();
    assertThat(code(1, 0, reset, LoadFailure.FAILED)).isEqualTo(5);
    assertThat(code(0, 0, reset, LoadFailure.FAILED)).isEqualTo(5);
    assertThat(code(1, 0, reset, LoadFailure.UNANSWERED, LoadFailure.SHORT_OF_CPU)).isZero();
    assertThat(code(1, 1, Map.of(), LoadFailure.UNANSWERED)).isEqualTo(5);
  }

  @Test
  void timesOfAClientThatWasShortOfCpuCanBeAFailure() {
    LoadOutcome.Requests some =
        new LoadOutcome.Requests(9, 9, 0, 0, 0, 0, 0, 0, Map.of(), Map.of());
    LoadOutcome busy = outcome(new Recording(), some, 2_000_000_001L);
    assertThat(answer(busy).exitCode()).isZero();
    assertThat(answer(busy, LoadFailure.SHORT_OF_CPU).exitCode()).isEqualTo(5);
  }
}
