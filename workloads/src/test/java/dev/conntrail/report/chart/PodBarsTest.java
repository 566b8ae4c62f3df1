package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.conntrail.report.chart.Drawn.Box;
import dev.conntrail.report.chart.PodBars.Band;
import dev.conntrail.report.chart.PodBars.Panel;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodBarsTest {
  private static final String BARS = "--c1";

  private static Drawn draw(List<Long> counts, Optional<Band> band) {
    List<String> pods = IntStream.rangeClosed(1, counts.size()).mapToObj(String::valueOf).toList();
    return Drawn.of(
        PodBars.svg(
            pods, List.of(new Panel("connections", counts, band, "var(--c1,#0072B2)")), 480, 240));
  }

  @Test
  void aPodHasABarAsHighAsItsCount() {
    List<Box> bars = draw(List.of(4L, 0L, 1L, 2L), Optional.empty()).boxes(BARS);
    assertThat(bars).hasSize(3);
    double one = bars.get(1).height();
    assertThat(bars.get(0).height()).isCloseTo(4 * one, offset(0.5));
    assertThat(bars.get(2).height()).isCloseTo(2 * one, offset(0.5));
    assertThat(bars).extracting(Box::bottom).containsOnly(bars.getFirst().bottom());
    assertThat(bars.get(1).left()).isGreaterThan(bars.get(0).right() + one / 10);
  }

  @Test
  void theBandLiesWhereItsCountsAre() {
    Drawn drawn = draw(List.of(10L, 2L), Optional.of(new Band(2, 10)));
    Box band = drawn.boxes("--band").getFirst();
    List<Box> bars = drawn.boxes(BARS);
    assertThat(band.top()).isEqualTo(bars.get(0).top());
    assertThat(band.bottom()).isEqualTo(bars.get(1).top());
    assertThat(draw(List.of(1L), Optional.empty()).boxes("--band")).isEmpty();
  }

  @Test
  void anAxisHoldsTheBandTooAndNothingIsNoBar() {
    Drawn drawn = draw(List.of(0L, 0L), Optional.of(new Band(0, 43)));
    assertThat(drawn.texts()).contains("60", "connections", "pod", "1", "2");
    assertThat(drawn.boxes(BARS)).isEmpty();
  }

  @Test
  void namesOfManyPodsDoNotOverlap() {
    Drawn drawn = draw(IntStream.range(0, 300).mapToObj(i -> (long) i).toList(), Optional.empty());
    assertThat(drawn.boxes(BARS)).hasSize(299);
    assertThat(drawn.texts()).hasSizeLessThan(30).contains("1");
  }

  @Test
  void aSketchHasABarForEachPodThatGotAny() {
    assertThat(PodBars.sketch(List.of(1.0, 0.0, 0.5))).isEqualTo("M0 9v-9h.8V9zM2 9v-4.5h.8V9z");
  }
}
