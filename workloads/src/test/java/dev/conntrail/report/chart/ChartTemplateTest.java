package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.report.block.Chart;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChartTemplateTest {
  private static Chart chart(ChartTemplate template) {
    return template.chart("id", "title", "description", 600, 300, List.of());
  }

  @Test
  void dataStandsInTheOptionAsEChartsHasIt() {
    ChartTemplate template = ChartTemplate.of("cell");
    template.data(List.of("pod", "requests"), List.of(List.of("1", 30)));
    template.data(List.of("pod", "requests"), List.of(List.of("2", 40)));
    assertThat(chart(template).option().get("dataset"))
        .isEqualTo(
            List.of(
                Map.of("source", List.of(List.of("pod", "requests"), List.of("1", 30))),
                Map.of("source", List.of(List.of("pod", "requests"), List.of("2", 40)))));
  }

  @Test
  void aValueIsSetAtItsPath() {
    ChartTemplate template = ChartTemplate.of("cell").set("yAxis.1.max", 7);
    assertThat((List<?>) chart(template).option().get("yAxis"))
        .extracting(axis -> ((Map<?, ?>) axis).get("max"))
        .isEqualTo(Arrays.asList(null, 7));
  }

  @Test
  void aNumberIsAddedToWhatTheTemplateHas() {
    Map<String, Object> option =
        chart(ChartTemplate.of("cures-one").add("grid.0.top", 34).add("title.0.top", 0)).option();
    assertThat(((Map<?, ?>) ((List<?>) option.get("grid")).getFirst()).get("top")).isEqualTo(160);
    assertThat(((Map<?, ?>) ((List<?>) option.get("title")).getFirst()).get("top")).isEqualTo(74);
  }

  /** Java's own small maps have another order in each process. */
  @Test
  void whatIsSetIsWrittenTheSameEveryTime() {
    Map<String, Object> inner = Map.of("y", 1, "b", 2, "q", 3);
    ChartTemplate template =
        ChartTemplate.of("cell").set("yAxis.1", Map.of("z", 1, "m", List.of(inner), "a", 3));
    Map<?, ?> axis = (Map<?, ?>) ((List<?>) chart(template).option().get("yAxis")).get(1);
    assertThat(axis).hasToString("{a=3, m=[{b=2, q=3, y=1}], z=1}");
  }

  @Test
  void seriesAreRepeatedWithTheirOwnValues() {
    ChartTemplate template = ChartTemplate.of("connect");
    template.repeatSeries(List.of(Map.of("name", "a"), Map.of("name", "b")));
    assertThat((List<?>) chart(template).option().get("series"))
        .extracting("name", "encode.x")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", "a"),
            org.assertj.core.groups.Tuple.tuple("b", "b"));
    template.addSeries("happened");
    assertThat((List<?>) chart(template).option().get("series"))
        .extracting("type")
        .containsExactly("bar", "bar", "scatter");
  }

  /** Not by colour alone. */
  @Test
  void linesHaveSymbolsOfTheirOwn() {
    ChartTemplate template = ChartTemplate.of("latency").seriesOf(List.of("a", "b", "c"));
    assertThat((List<?>) chart(template).option().get("series"))
        .extracting("symbol")
        .doesNotHaveDuplicates();
  }

  @Test
  void aTemplatesOwnKeysAreNoPartOfTheOption() {
    Chart chart = chart(ChartTemplate.of("glance"));
    assertThat(chart.size().narrowHeight()).isGreaterThan(chart.size().height());
    assertThat(chart.option()).doesNotContainKey("narrowHeight");
    assertThat(chart(ChartTemplate.of("latency")).size().narrowHeight()).isEqualTo(300);
  }

  @Test
  void oneThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ChartTemplate.of("other"))
        .hasMessage("the jar lacks /report/charts/other.json");
  }
}
