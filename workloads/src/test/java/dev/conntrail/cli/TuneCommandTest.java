package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TuneCommandTest {
  private static final String ASKED =
      "--pods 10 --connections 40 --scale-to 15 --balanced-within 60s";

  private static Called tune(String args) {
    return Called.with(
        Stream.concat(Stream.of("tune"), Stream.of(args.split(" "))).toArray(String[]::new));
  }

  @Test
  void itNamesAgesAndPoolWithCostAndProbability() {
    Called tuned = tune(ASKED);
    assertThat(tuned.code()).isZero();
    assertThat(tuned.out())
        .isEqualTo(
            """
            asked         40 connections of 40 clients on 10 pods, 15 after a scale-out; all
                          opened anew within 60 s, busiest pod at most 2 times the mean
            without age   new pods get nothing until connections end; fair would be 33.3 %
                          of all
            maximum age   jitter   ages         set to  connects/s  most in 1 s, calm after
                          none     all alike    60 s    0.667       40, never
                          grpc     x 0.9 to 1.1 54 s    0.741       3.70, 12 cycles
                          envoy    x 1 to 1.1   54 s    0.705       7.41, 53 cycles
                          reactor  x 0.9 to 1   60 s    0.702       6.67, 44 cycles
            at random     a mean age of 20.0 s renews 95 % in that time, at 2.00 connects/s
            how sure      then the bound holds in 42.3 % of draws; the busiest pod has 2.19
                          times the mean on average, and at most 3 in 95 % of draws; 0.95 of
                          15 pods idle
            pool size     with 3 connections a client, not 1 (120 in all), the bound holds
                          in 96.1 % of draws, at 3 times the connects
            silent pod    a client that sends nothing never notices it; one that sends data
                          does after 925 s, with tcp-retries 7 after 51 s; with pings every
                          30 s, each answered before the next, any does within 60 s
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pods 10 --connections 400 --clients 40 --scale-to 15 --balanced-within 60s | with 3 connections a client the bound holds in 96.1 % of draws: the pool is large enough",
        "--pods 10 --connections 40 --scale-to 15 --balanced-within 60s --imbalance 1.01 | no pool of up to 200,000 connections in all holds the bound in 95 % of draws: balance requests instead",
        "--pods 1 --connections 1 --scale-to 2 --balanced-within 1s --imbalance 2 | 1 connection of 1 client on 1 pod, 2 after",
        "--pods 1 --connections 1 --scale-to 2 --balanced-within 1s --imbalance 2 | with 1 connection a client the bound holds in 100 % of draws",
        "--pods 10 --connections 40 --scale-to 15 --balanced-within 5s | grpc     x 0.9 to 1.1 4.50 s",
        "--pods 10 --connections 40 --scale-to 15 --balanced-within 60s --jitter 0 | envoy    all alike    60 s    0.667       40, never",
      })
  void everyBranchIsASentence(String args, String sentence) {
    assertThat(tune(args).out().replaceAll("\n *", " ")).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ASKED,
        "--pods 999 --connections 200000 --clients 100000 --scale-to 1000 --balanced-within 24h",
        "--pods 3 --connections 7 --scale-to 6 --balanced-within 1500ms --jitter 0.9 --sure 0.5",
      })
  void linesFitATerminal(String args) {
    assertThat(tune(args).code()).isZero();
    assertThat(tune(args).out().lines()).allMatch(l -> l.length() <= 80);
  }

  @Test
  void agesAreNeverLongerThanWhatWasAsked() {
    for (String within : List.of("1s", "3s", "10s", "11s", "59s", "7m")) {
      Map<?, ?> answer =
          Json.parse(
              tune("--pods 2 --connections 9 --scale-to 3 --json --balanced-within " + within)
                  .out(),
              Map.class);
      double asked = (double) ((Map<?, ?>) answer.get("asked")).get("balanced_within_s");
      assertThat((List<?>) answer.get("ages"))
          .hasSize(4)
          .allSatisfy(age -> {
            double balanced = (double) ((Map<?, ?>) age).get("balanced_s");
            assertThat(balanced).isLessThanOrEqualTo(asked + 1e-9).isGreaterThan(asked * 0.85);
          });
    }
  }

  @Test
  void everyFieldOfTheJsonIsExplainedInOrder() throws IOException {
    Map<?, ?> answer = Json.parse(tune(ASKED + " --json").out(), Map.class);
    assertThat(Explained.of("tune --json").fields()).isEqualTo(Explained.fieldsOf(answer));
    Map<?, ?> none = Json.parse(tune(ASKED + " --imbalance 1.01 --json").out(), Map.class);
    assertThat(none.containsKey("pool")).isTrue();
    assertThat(none.get("pool")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pods 0 --connections 4 --scale-to 2 --balanced-within 9s | --pods: found 0; allowed: a whole number from 1 to 999",
        "--pods 5 --connections 4 --scale-to 5 --balanced-within 9s | --scale-to: found 5; allowed: a whole number from 6 to 1000",
        "--pods 5 --connections 200001 --scale-to 6 --balanced-within 9s | --connections: found 200001; allowed: a whole number from 1 to 200000",
        "--pods 5 --connections 9 --clients 4 --scale-to 6 --balanced-within 9s | --clients: found 4 for 9 connections; allowed: as many connections each",
        "--pods 5 --connections 9 --clients 10 --scale-to 6 --balanced-within 9s | --clients: found 10; allowed: a whole number from 1 to 9",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 900ms | --balanced-within: found 900 ms; allowed: 1s to 24h",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 25h | --balanced-within: found 90000000 ms; allowed: 1s to 24h",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 9s --imbalance 1 | --imbalance: found 1.0; allowed: above 1, up to 100",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 9s --imbalance NaN | --imbalance: found NaN; allowed",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 9s --sure 1 | --sure: found 1.0; allowed: 0.5 to 0.9999",
        "--pods 5 --connections 9 --scale-to 6 --balanced-within 9s --jitter 1 | --jitter: found 1.0; allowed: 0.0 to 0.9",
      })
  void badInputIsOneLine(String args, String message) {
    Called bad = tune(args);
    assertThat(bad.code()).isEqualTo(ExitCode.USAGE);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err()).startsWith("conntrail: " + message).hasLineCount(1);
  }
}
