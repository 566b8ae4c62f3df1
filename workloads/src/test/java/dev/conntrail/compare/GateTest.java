package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.record.Metric;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Mark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
  private static final String CELL = "connections: 10, pods: 2, repetitions: 12";
  private static final double MARGIN = 1.25;

  @TempDir private Path folder;

  /** Blocks whose side B takes so much longer; noise of a few per cent moves both sides alike. */
  private List<BlockPair> blocks(int n, double ratio, boolean control) throws IOException {
    TestRun a = TestRun.ofCells(folder.resolve("a" + ratio + control), CELL);
    TestRun b = TestRun.ofCells(folder.resolve("b" + ratio + control), CELL);
    for (int i = 0; i < n; i++) {
      double drift = 1 + 0.3 * i;
      double own = 1 + 0.01 * (i % 3) - 0.01;
      a.repetition(1).times(Metric.RESPONSE, drift, 100).times(Metric.CONNECT, drift, 100);
      b.repetition(1)
          .times(Metric.RESPONSE, drift * ratio * own, 100)
          .times(Metric.CONNECT, drift * own, 100);
    }
    RunResults ofA = a.read();
    RunResults ofB = b.read();
    List<BlockPair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      pairs.add(
          new BlockPair(
              i + 1,
              a.cell(1),
              b.cell(1),
              control,
              ofA.cells().getFirst().repetitions().get(i).summary(),
              ofB.cells().getFirst().repetitions().get(i).summary()));
    }
    return pairs;
  }

  private static GateTime of(Gate gate, Timed timed) {
    return gate.times().stream().filter(t -> t.timed() == timed).findFirst().orElseThrow();
  }

  @Test
  void whatTakesLongerInEveryBlockIsSlowerThoughTheMachineDrifts() throws IOException {
    Gate gate = Gate.judge(blocks(12, 1.4, false), Gate.LEVEL, MARGIN);
    GateTime response = of(gate, Timed.RESPONSE_P50);
    assertThat(response.change()).isEqualTo(Change.SLOWER);
    assertThat(response.ratio()).isCloseTo(1.4, within(0.01));
    assertThat(response.p()).isCloseTo(2.0 / 4096, within(1e-12));
    assertThat(response.adjustedP()).isCloseTo(4.0 / 4096, within(1e-12));
    assertThat(gate.slowerBeyond()).containsExactly(response);
    assertThat(of(gate, Timed.CONNECT_P50).change()).isEqualTo(Change.NO_CHANGE);
    assertThat(gate.decided()).isTrue();
    assertThat(gate.isVoid()).isFalse();
  }

  @Test
  void aSmallDifferenceIsSlowerButNotBeyondTheMargin() throws IOException {
    Gate gate = Gate.judge(blocks(12, 1.1, false), Gate.LEVEL, MARGIN);
    assertThat(of(gate, Timed.RESPONSE_P50).change()).isEqualTo(Change.SLOWER);
    assertThat(gate.slowerBeyond()).isEmpty();
  }

  @Test
  void tooFewBlocksTellNothing() throws IOException {
    Gate gate = Gate.judge(blocks(4, 1.4, false), Gate.LEVEL, MARGIN);
    assertThat(of(gate, Timed.RESPONSE_P50).change()).isEqualTo(Change.CANNOT_TELL);
    assertThat(gate.decided()).isFalse();
  }

  @Test
  void moreLooksAskForMore() throws IOException {
    List<BlockPair> eight = blocks(8, 1.4, false);
    assertThat(of(Gate.judge(eight, Gate.LEVEL, MARGIN), Timed.RESPONSE_P50).change())
        .isEqualTo(Change.SLOWER);
    assertThat(of(Gate.judge(eight, Gate.LEVEL / 4, MARGIN), Timed.RESPONSE_P50).change())
        .as("2 of 256, twice, is more than 0.05 / 4")
        .isEqualTo(Change.CANNOT_TELL);
  }

  @Test
  void aControlThatMovesMakesAllVoid() throws IOException {
    List<BlockPair> all = new ArrayList<>(blocks(12, 1.0, false));
    assertThat(Gate.judge(all, Gate.LEVEL, MARGIN).isVoid()).isFalse();
    all.addAll(blocks(12, 1.3, true));
    Gate gate = Gate.judge(all, Gate.LEVEL, MARGIN);
    assertThat(gate.isVoid()).isTrue();
    assertThat(gate.moved())
        .singleElement()
        .satisfies(t -> assertThat(t.timed()).isEqualTo(Timed.RESPONSE_P50));
    assertThat(gate.slowerBeyond()).as("a control is not what is compared").isEmpty();
  }

  @Test
  void blocksWithAMarkAreSetAside() throws IOException {
    TestRun a = TestRun.ofCells(folder.resolve("marked"), CELL);
    for (int i = 0; i < 9; i++) {
      a.repetition(1).times(Metric.RESPONSE, 1, 100);
    }
    a.repetition(1).times(Metric.RESPONSE, 99, 100).marks(Mark.STEAL).failed(3).unanswered(2);
    var rows = a.read().cells().getFirst().repetitions();
    List<BlockPair> pairs =
        rows.stream()
            .map(r ->
                new BlockPair(
                    r.number(),
                    a.cell(1),
                    a.cell(1),
                    false,
                    rows.getFirst().summary(),
                    r.summary()))
            .toList();
    Gate gate = Gate.judge(pairs, Gate.LEVEL, MARGIN);
    assertThat(of(gate, Timed.RESPONSE_P50).blocks()).isEqualTo(9);
    assertThat(gate.blocks()).isEqualTo(10);
    assertThat(of(gate, Timed.RESPONSE_P50).errorsA()).isEqualTo(new GateTime.Errors(0, 0));
    assertThat(of(gate, Timed.RESPONSE_P50).errorsB())
        .as("errors of a marked block are not hidden")
        .isEqualTo(new GateTime.Errors(3, 2));
  }
}
