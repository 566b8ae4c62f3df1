package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.block.Chart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SvgRendererTest {
  private static final SvgRenderer RENDERER = new SvgRenderer();

  private static Drawn draw(ChartTemplate template) {
    Chart chart = template.chart("id", "", "", 600, 300, List.of());
    String svg = RENDERER.svg(chart, 1);
    assertThat(svg).doesNotContain("NaN", "undefined", "<style", "zr0");
    return Drawn.of(svg);
  }

  @Test
  void barsAreDrawnWithTheirBandAndNames() {
    ChartTemplate template = ChartTemplate.of("cell");
    template.data(
        List.of("pod", "connections", "requests"),
        List.of(List.of("1", 3, 30), List.of("2", 4, 40)));
    template.set("series.0.markArea.data.0.0.yAxis", 1);
    template.set("series.0.markArea.data.0.1.yAxis", 4);
    Drawn drawn = draw(template);
    assertThat(drawn.texts()).contains("connections", "requests", "pod", "1", "2", "40");
    assertThat(drawn.all("path"))
        .extracting(p -> p.getAttribute("fill"))
        .filteredOn(f -> f.contains("--c1"))
        .hasSize(2);
    assertThat(drawn.all("polygon"))
        .extracting(p -> p.getAttribute("fill"))
        .anyMatch(f -> f.contains("--band"));
  }

  @Test
  void linesLeaveOutWhatIsNotKnown() {
    ChartTemplate template = ChartTemplate.of("latency");
    template.data(
        List.of("percentile", "a", "b"),
        List.of(List.of("50 %", 1, 2), List.of("99 %", "-", 4), List.of("longest", 10, 20)));
    template.seriesOf(List.of("a", "b"));
    assertThat(draw(template).texts()).contains("a", "b", "50 %", "longest", "response time, ms");
  }

  /** Also what ECharts names by its own count of drawings. */
  @Test
  void aChartIsTheSameWhateverWasDrawnBefore() {
    ChartTemplate template = ChartTemplate.of("latency");
    template.data(List.of("percentile", "a"), List.of(List.of("50 %", 1), List.of("99 %", 3)));
    template.seriesOf(List.of("a"));
    Chart chart = template.chart("id", "", "", 600, 300, List.of());
    String first = SvgRenderer.ready().svg(chart, 7);
    assertThat(first).contains(" id=\"zr7-c0\"", "url(#zr7-c0)");
    SvgRenderer.ready().svg(chart, 8);
    assertThat(SvgRenderer.ready().svg(chart, 7)).isEqualTo(first);
  }

  @Test
  void pointsAreCircles() {
    ChartTemplate template = ChartTemplate.of("drift");
    template.data(List.of("s", "y"), List.of(List.of(1, 1), List.of(2, 4)));
    template.repeatSeries(
        List.of(Map.of("name", "response", "dataset", 0, "symbol", ChartTemplate.symbol(0))));
    assertThat(draw(template).all("circle"))
        .extracting(c -> c.getAttribute("fill"))
        .filteredOn(f -> f.contains("--c1"))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void theTimelineStacksWhatIsBeforeAndHasARowForWhatHappened() {
    ChartTemplate template = ChartTemplate.of("timeline");
    template.data(
        List.of("cell", "before 1", "repetition 1"),
        List.of(List.of("#1 a", 10, 2), List.of("#2 b", 5, 2), List.of("events of the log")));
    template.repeatSeries(List.of(Map.of("before", "before 1", "name", "repetition 1")));
    template.data(List.of("at", "row", "what"), List.of(List.of(3, "events of the log", "pod")));
    template.addSeries("happened");
    Drawn drawn = draw(template);
    assertThat(drawn.texts()).contains("#1 a", "#2 b", "events of the log");
    assertThat(drawn.all("circle")).hasSize(1);
    assertThat(drawn.all("path"))
        .extracting(p -> p.getAttribute("fill"))
        .filteredOn(f -> f.contains("--c"))
        .hasSize(2);
  }
}
