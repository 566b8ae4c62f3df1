package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.compare.AaStore;
import dev.conntrail.compare.ComparisonRow;
import dev.conntrail.compare.Counted;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Folders;
import dev.conntrail.result.TestRun;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareCommandTest {
  private static final String CELL =
      "data-plane: nftables, connections: 40, pods: 4, repetitions: 10";

  private static final List<String> COUNTS = Named.words(Counted.class);

  @TempDir private Path folder;

  private String made(String name, double level, String cell) throws IOException {
    TestRun run = TestRun.ofCells(folder.resolve(name), cell);
    for (int i = 0; i < 10; i++) {
      double ms = level * (1 + 0.02 * (i * 7 % 5));
      run.repetition(1)
          .connections(10, 10, 10, 10)
          .times(Metric.RESPONSE, ms, 1000)
          .times(Metric.CONNECT, ms / 10, 1000);
    }
    run.write();
    return folder.resolve(name).toString();
  }

  private String a;
  private String b;

  @BeforeEach
  void write() throws IOException {
    a = made("a", 1, CELL);
    b = made("b", 1.6, CELL);
    for (int r = 0; r < 5; r++) {
      made(AaStore.FOLDER + "/r" + r, 1 + 0.01 * r, CELL);
    }
  }

  @Test
  void slowerBeyondTheMarginEndsWithFive() throws IOException {
    Called ended = Called.with("compare", a, b);
    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.out())
        .startsWith("B is slower beyond the margin of 1.25 in nftables, http1, 40 connections")
        .contains("slower, beyond the margin", "1.60\u00d7", "counts: 0 differ");
    assertThat(Called.with("compare", b, a).code()).isEqualTo(0);
    assertThat(Called.with("compare", a, b, "--margin", "2").code()).isEqualTo(0);
    String same = Folders.copy(Path.of(a), folder.resolve("same")).toString();
    assertThat(Called.with("compare", a, same, "--strict").code()).isEqualTo(0);
    assertThat(Called.with("compare", a, a).err())
        .startsWith("conntrail: compare: found " + a + " twice; allowed: two folders");
    Called unknown =
        Called.with("compare", a, b, "--strict", "--aa", folder.resolve("none").toString());
    assertThat(unknown.code()).isEqualTo(6);
    assertThat(unknown.out()).contains("noise between runs is unknown");
  }

  @Test
  void whatIsNotComparableIsRefusedUnlessAskedFor() throws IOException {
    String other = made("other", 1, CELL + ", rate: 77");
    Called ended = Called.with("compare", a, other);
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("not comparable:", "rates: A has", "rate 77", "--anyway");
    Called anyway = Called.with("compare", a, other, "--anyway");
    assertThat(anyway.code()).isEqualTo(0);
    assertThat(anyway.out()).startsWith("Nothing to compare");
  }

  @Test
  void everyFormatSaysTheSame() throws Exception {
    List<String> csv = Called.with("compare", a, b, "--format", "csv").out().lines().toList();
    assertThat(csv.getFirst()).isEqualTo(String.join(",", Csv.columns(ComparisonRow.class)));
    assertThat(csv).anySatisfy(l -> assertThat(l).contains("response-p50", "slower"));
    JsonNode json =
        JsonMapper.builder()
            .build()
            .readTree(Called.with("compare", a, b, "--format", "json").out());
    assertThat(json.get("exit_code").asInt()).isEqualTo(5);
    assertThat(json.get("rows").size()).isEqualTo(csv.size() - 1);
    List<JsonNode> rows = new ArrayList<>();
    json.get("rows").forEach(rows::add);
    assertThat(rows)
        .filteredOn(r -> r.get("measure").asString().startsWith("response-"))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.get("ratio").asDouble()).isBetween(1.59, 1.61));
    assertThat(rows.stream().map(r -> !COUNTS.contains(r.get("measure").asString())))
        .as("counts, errors among them, come first")
        .isSorted();
    Document junit =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new InputSource(
                    new StringReader(
                        Called.with("compare", a, b, "--format", "junit").out().strip())));
    assertThat(junit.getElementsByTagName("failure").getLength())
        .isEqualTo(Integer.parseInt(junit.getDocumentElement().getAttribute("failures")))
        .isEqualTo(2);
    assertThat(junit.getElementsByTagName("testcase").getLength())
        .isEqualTo(Integer.parseInt(junit.getDocumentElement().getAttribute("tests")));
    assertThat(Called.with("compare", a, b, "--format", "md").out())
        .startsWith("# B is slower beyond")
        .contains("| ✗ slower, beyond the margin |");
    List<String> go = Called.with("compare", a, b, "--format", "gobench").out().lines().toList();
    assertThat(go).contains("side: a", "side: b");
    assertThat(go.stream().filter(l -> l.startsWith("Benchmark")))
        .hasSize(20)
        .allSatisfy(
            l -> assertThat(l).matches("BenchmarkCell/\\S+[^-0-9]*\\S*\\t\\d+(\\t\\d+ \\S+-ns)+"));
  }

  @Test
  void thePageIsWrittenWhereAskedFor() throws IOException {
    Path to = folder.resolve("page");
    assertThat(Called.with("compare", a, b, "--to", to.toString()).out()).contains("page: " + to);
    assertThat(Files.readString(to.resolve("compare.html")))
        .contains("<h1 class=\"bad\">B is slower beyond", "id=\"forest\"");
    assertThat(Csv.read(to.resolve("compare.csv"), ComparisonRow.class)).isNotEmpty();
  }

  @Test
  void badInputNamesThePlaceAndTheMend() {
    assertThat(Called.with("compare", a).err()).contains("found one folder", "--by AXIS");
    assertThat(Called.with("compare", a, b, "--by", "pods").err())
        .contains("found two folders and --by");
    assertThat(Called.with("compare", a, "--by", "colour").err())
        .contains("--by colour", "axes are");
    assertThat(Called.with("compare", a, b, "--margin", "1").err()).contains("allowed: above 1");
    assertThat(Called.with("compare", a, b, "--format", "xml").err()).contains("gobench");
    assertThat(Called.with("compare", a, folder.toString()).err())
        .contains("found no manifest.json");
    assertThat(Called.with("aa", "--runs", "-1").err()).contains("--runs: found -1");
  }

  @Test
  void storedRunsAreTold() {
    Called ended = Called.with("aa", "compare", "--runs", "0", "--results", folder.toString());
    assertThat(ended.code()).isEqualTo(0);
    assertThat(ended.out()).startsWith("5 identical runs of this machine").contains("response-p50");
    assertThat(Called.with("aa", "--runs", "0", "--results", folder + "/none").out())
        .contains("no runs are stored");
  }

  @Test
  void everyColumnIsExplained() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/comparing.md"));
    assertThat(lines).as("figures that are still to come").noneMatch(l -> l.contains("_OUTPUT"));
    assertThat(Csv.columns(ComparisonRow.class))
        .allSatisfy(column ->
            assertThat(lines)
                .anySatisfy(l -> assertThat(l).startsWith("| ").contains("`" + column + "`")));
  }
}
