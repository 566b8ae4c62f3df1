package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MarksTest {
  /** A repetition at which there is nothing to find fault with. */
  private static final Marks.Evidence FINE =
      new Marks.Evidence(
          true,
          requests(100, 100, 0, 0),
          new SummaryRow.Rate(100, 99),
          new SummaryRow.Connections(10, 0),
          new SummaryRow.Cpu(50, 5, 99, 1),
          false,
          10,
          false,
          0,
          false,
          0,
          0,
          0,
          20,
          false,
          true,
          true);

  private static SummaryRow.Requests requests(
      long due, long answered, long failed, long unanswered) {
    return new SummaryRow.Requests(
        due, answered, Optional.of(failed), Optional.of(unanswered), failed, unanswered, 0);
  }

  private static SummaryRow.Cpu cpu(double busyPct, double stealPct) {
    return new SummaryRow.Cpu(50, 5, busyPct, stealPct);
  }

  @Test
  void nothingIsMarkedWhereNothingIsWrong() {
    assertThat(Marks.of(FINE)).isEmpty();
  }

  @Test
  void marksNameWhatIsWrong() {
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true,
                    requests(100, 90, 1, 1),
                    new SummaryRow.Rate(100, 90),
                    new SummaryRow.Connections(9, 1),
                    cpu(50, 9),
                    true,
                    10,
                    false,
                    1,
                    false,
                    1,
                    1,
                    1,
                    200,
                    false,
                    false,
                    false)))
        .containsExactly(
            Mark.CLIENT_SHORT_OF_CPU,
            Mark.RATE_MISSED,
            Mark.ERRORS,
            Mark.UNFINISHED,
            Mark.STRAYS,
            Mark.CONNECTIONS_MISSING,
            Mark.DISAGREE,
            Mark.STEAL,
            Mark.LOAD_LOST,
            Mark.POD_LOST,
            Mark.POD_UNCOUNTED,
            Mark.NOT_TOGETHER,
            Mark.PROXY_COUNTS,
            Mark.NOT_ADDING_UP);
  }

  /** No rate, no lag and no number of connections are asked for. */
  @Test
  void aClosedLoopThatIsToldToStop() {
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true,
                    requests(3, 3, 0, 0),
                    new SummaryRow.Rate(Double.NaN, 5000),
                    new SummaryRow.Connections(3, 0),
                    cpu(99, 0),
                    true,
                    0,
                    false,
                    0,
                    true,
                    0,
                    0,
                    0,
                    0,
                    false,
                    true,
                    true)))
        .containsExactly(Mark.CLIENT_SHORT_OF_CPU, Mark.DRAINED_EARLY);
  }

  @Test
  void errorsThatWereToBeBroughtAboutAreNoFaultOfTheMeasurement() {
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true,
                    requests(100, 50, 7, 5),
                    new SummaryRow.Rate(100, 50),
                    new SummaryRow.Connections(9, 0),
                    cpu(50, 0),
                    false,
                    0,
                    true,
                    0,
                    false,
                    0,
                    0,
                    0,
                    0,
                    false,
                    true,
                    true)))
        .isEmpty();
  }

  /** What is not known cannot be wrong. */
  @Test
  void unknownUseOfCpusIsNoMark() {
    assertThat(
            Marks.of(
                new Marks.Evidence(
                    true,
                    FINE.requests(),
                    FINE.rate(),
                    FINE.connections(),
                    cpu(Double.NaN, Double.NaN),
                    false,
                    10,
                    false,
                    0,
                    false,
                    0,
                    0,
                    0,
                    0,
                    false,
                    true,
                    true)))
        .isEmpty();
  }

  /** Where a proxy asks another pod for each request, a reply of another pod is no fault. */
  @Test
  void anotherPodIsAFaultWhereAConnectionLeadsToOne() {
    assertThat(Marks.of(strays(true))).containsExactly(Mark.STRAYS);
    assertThat(Marks.of(strays(false))).isEmpty();
  }

  private static Marks.Evidence strays(boolean pinned) {
    return new Marks.Evidence(
        pinned,
        FINE.requests(),
        FINE.rate(),
        new SummaryRow.Connections(10, 7),
        FINE.cpu(),
        false,
        10,
        false,
        0,
        false,
        0,
        0,
        0,
        20,
        false,
        true,
        true);
  }
}
