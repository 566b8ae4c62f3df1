package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.chance.Verdict;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChanceCommandTest {
  private static Called chance(String... args) {
    return Called.with(Stream.concat(Stream.of("chance"), Stream.of(args)).toArray(String[]::new));
  }

  @Test
  void fewCountsDoNotTell() {
    Called few = chance("--counts", "3,0,1,5,0");
    assertThat(few.code()).isZero();
    assertThat(few.out())
        .isEqualTo(
            """
            counts        9 connections on 5 pods, fair share 20 %
            idle pods     2; chance leaves 0.671 (0 to 2 in 95 % of draws)
            busiest pod   2.78 times the mean; chance gives 1.93
            band          0 to 6 on every pod in 99 % of draws
            test          p = 0.064 (exact multinomial)
            verdict       too few connections to tell
            power         would have found one pod that takes 93 % of the connections
                          (fair: 20 %) in 9 of 10 runs
                          one pod at twice its share: in 0.917 % of runs
            needed        about 3,100 connections to find one pod at 1.2 times its share
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100,0,0,0 | not chance: too uneven (p < 1e-11)",
        "40,40,40,40,40,40,40,40,40,40 | not chance: too even (p = 1.0e-10)",
        "400,350,380,390,400 | consistent with chance, and would have found one pod at 25.1 %",
        "2,2,1,1,1,1,1,1,1,1 | too few connections to tell",
      })
  void theVerdictIsASentence(String counts, String sentence) {
    assertThat(chance("--counts", counts).out()).contains("\nverdict       " + sentence + "\n");
  }

  /** One pod of three is left out, another one each time. */
  @Test
  void repetitionsShowAFaultThatMoves() {
    Called moving = chance("--counts", "9,11,0", "--counts", "0,8,12", "--counts", "10,0,10");
    assertThat(moving.out())
        .contains(
            "60 connections on 3 pods in 3 repetitions",
            "idle pods     1; chance leaves 0.0009",
            "test          pooled: p = 0.",
            "              stratified: p = ",
            "verdict       not chance: too uneven (p = ",
            ", repetition by repetition)");
  }

  @Test
  void withoutCountsItSaysWhatCouldBeFound() {
    Called twelve = chance("--connections", "12", "--pods", "10");
    assertThat(twelve.code()).isZero();
    assertThat(twelve.out())
        .contains(
            "idle pods     chance leaves 2.82 (1 to 5 in 95 % of draws)",
            "verdict       too few connections to tell",
            "power         would find one pod that takes 73.6 % of the connections")
        .doesNotContain("test  ");
    assertThat(chance("--connections", "12000", "--pods", "10").out())
        .contains("verdict       enough connections to tell");
    assertThat(chance("--connections", "2", "--pods", "10", "--level", "1e-9").out())
        .contains("power         would find no pod, not even one that takes all connections");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--counts 3,0,1,5,0",
        "--counts 1000000000,0",
        "--counts 9,11,0 --counts 0,8,12 --counts 10,0,11",
        "--connections 1000000000 --pods 1000",
        "--help"
      })
  void linesFitATerminal(String args) {
    assertThat(chance(args.split(" ")).out().lines()).allMatch(l -> l.length() <= 80);
  }

  @Test
  void jsonHasTheSameFigures() {
    Called json = chance("--counts", "3,0,1,5,0", "--level", "0.01", "--json");
    Map<?, ?> answer = Json.parse(json.out(), Map.class);
    assertThat(answer.get("connections_count")).isEqualTo(9);
    assertThat(answer.get("level")).isEqualTo(0.01);
    assertThat(json.out())
        .contains(
            "\"idle_mean\" : 2.0",
            "\"form\" : \"pooled\"",
            "\"p\" : 0.0642",
            "\"method\" : \"exact multinomial\"",
            "\"verdict\" : \"too few connections to tell\"",
            "\"fair_share\" : 0.2");
    assertThat(chance("--connections", "2", "--pods", "10", "--json").out())
        .contains("\"found\" : null", "\"smallest_share\" : null");
  }

  @Test
  void everyFieldOfTheJsonIsExplainedInOrder() throws IOException {
    Explained explained = Explained.of("chance --json");
    String json = chance("--counts", "9,11,0", "--counts", "0,8,12", "--json").out();
    assertThat(explained.fields()).isEqualTo(Explained.fieldsOf(Json.parse(json, Map.class)));
    for (Verdict verdict : Verdict.values()) {
      assertThat(explained.text()).contains("`" + verdict.text() + "`");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--counts=a,b | --counts: found 'a' for pod 1; allowed: a whole number from 0 to 1000000000",
        "--counts=3,-1 | --counts: found '-1' for pod 2; allowed: a whole number from 0",
        "--counts=1.5,3 | --counts: found '1.5' for pod 1; allowed",
        "--counts=5 | --counts: found '5' alone; allowed: 2 to 1000 pods, joined by commas, as 3,0,1,5,0",
        "--counts=3;4 | --counts: found '3;4' alone; allowed: 2 to 1000 pods, joined by commas",
        "--counts= | --counts: found nothing; allowed: 2 to 1000 pods",
        "--counts=1,,2 | --counts: found nothing for pod 2; allowed: a whole number from 0",
        "--counts=99999999999999999999,3 | --counts: found '99999999999999999999' for pod 1; allowed",
        "--counts=999999999,3 | --counts: found 1000000002 connections in all; allowed: 1 to 1000000000",
        "--counts=0,0 | --counts: found no connection in all; allowed: 1 to",
        "--counts=1,2 --counts=1,2,3 | --counts: found 2 pods, then 3; allowed: the same pods",
        "--counts=1,2 --pods=2 | --counts: found with --connections or --pods; allowed: alone",
        "--counts=1,2 --level=x | --level: found 'x'; allowed: 1.0E-9 to 0.5",
        "--counts=1,2 --level=NaN | --level: found 'NaN'; allowed",
        "--connections=5 | chance: found --connections alone; allowed: --counts N,N,... or --connections N --pods N",
        "--connections=5 --pods=1 | --pods: found '1'; allowed: a whole number from 2 to 1000",
        "--connections=0 --pods=3 | --connections: found '0'; allowed",
      })
  void badInputIsOneLine(String args, String message) {
    Called bad = chance(args.split(" "));
    assertThat(bad.code()).isEqualTo(ExitCode.USAGE);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err()).startsWith("conntrail: " + message).hasLineCount(1);
  }
}
