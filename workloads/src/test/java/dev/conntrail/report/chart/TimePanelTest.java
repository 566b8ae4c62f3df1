package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel.Event;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.report.chart.TimePanel.Style;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TimePanelTest {
  private static final TimePanel PANEL =
      new TimePanel(
          "open connections of a pod",
          TimePanel.Over.PODS,
          List.of(
              new Line(
                  "there all along",
                  new Style("var(--c1,#0072B2)", "none"),
                  List.of(new Point(0, 4, 2, 6), new Point(1, 4, 2, 8))),
              new Line(
                  "came",
                  new Style("var(--c2,#C58200)", "8 3"),
                  List.of(new Point(0, 0, 0, 0), new Point(1, 2, 1, 3)))),
          List.of(new Event(0.9, "+2 pods")),
          2);

  @Test
  void everyGroupHasALineARangeAndAName() {
    Drawn drawn = Drawn.of(PANEL.svg(400, 200));
    List<Element> lines =
        drawn.all("path").stream().filter(p -> p.getAttribute("stroke").contains("--c")).toList();
    assertThat(lines)
        .extracting(p -> p.getAttribute("stroke-dasharray"))
        .containsExactlyInAnyOrder("none", "8 3", "none", "8 3");
    assertThat(drawn.all("path").stream().filter(p -> !p.getAttribute("fill-opacity").isEmpty()))
        .hasSize(2);
    assertThat(drawn.texts())
        .contains("open connections of a pod", "there all along", "came", "+2 pods", "8")
        .contains("seconds since load began", "2");
  }

  @Test
  void theHighestOfAllIsOnTheAxis() {
    assertThat(TimePanel.most(List.of(PANEL))).isEqualTo(8);
  }

  @Test
  void aSketchHasTheLinesAloneAndSecondsSinceTheEvent() {
    Drawn drawn = Drawn.of(TimePanel.sketch(220, List.of(new TimePanel.Part(PANEL, 40, 16))));
    assertThat(drawn.texts()).containsExactly("\u22120.5 s", "0 s", "0.5 s", "1 s");
    assertThat(drawn.all("path")).hasSize(1 + 2 + 1 + 2 + 4);
    TimePanel still = new TimePanel("", TimePanel.Over.PODS, PANEL.lines(), List.of(), 2);
    assertThat(Drawn.of(TimePanel.sketch(220, List.of(new TimePanel.Part(still, 40, 16)))).texts())
        .containsExactly("0.5 s", "1 s", "1.5 s");
  }

  @Test
  @SuppressWarnings("unchecked")
  void theOptionHoldsTheSame() {
    Chart chart = PANEL.template().chart("t", "", "", 400, 200, List.of());
    List<Map<String, Object>> series = (List<Map<String, Object>>) chart.option().get("series");
    assertThat(series)
        .extracting(s -> s.get("name"))
        .containsExactly("there all along", "least", "most", "came", "least", "most");
    assertThat(series.getFirst())
        .extracting("markLine.data")
        .isEqualTo(List.of(Map.of("xAxis", 1, "name", "+2 pods")));
    Map<String, Object> data = ((List<Map<String, Object>>) chart.option().get("dataset")).get(1);
    assertThat((List<List<Object>>) data.get("source"))
        .containsExactly(
            List.of("s", "mean", "low", "range"),
            List.of("0", 0.0, 0.0, 0.0),
            List.of("1", 2.0, 1.0, 2.0));
    assertThat(chart.option().toString()).doesNotContain("$");
  }

  /** On an axis of names two points of one name would be drawn in one place. */
  @Test
  @SuppressWarnings("unchecked")
  void pointsThatAreCloseHaveNamesOfTheirOwn() {
    Line line =
        new Line(
            "herd",
            new Style("var(--c1,#0072B2)", "none"),
            List.of(new Point(0.06, 1, 1, 1), new Point(0.12, 1, 1, 1), new Point(0.6, 1, 1, 1)));
    TimePanel panel = new TimePanel("", TimePanel.Over.CLIENTS, List.of(line), List.of(), 1);
    Chart chart = panel.template().chart("t", "", "", 400, 200, List.of());
    Map<String, Object> data =
        ((List<Map<String, Object>>) chart.option().get("dataset")).getFirst();
    assertThat((List<List<Object>>) data.get("source"))
        .extracting(List::getFirst)
        .containsExactly("s", "0.06", "0.12", "0.6");
  }
}
