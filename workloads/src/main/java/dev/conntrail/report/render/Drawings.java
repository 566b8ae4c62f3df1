package dev.conntrail.report.render;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.SvgRenderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The charts of a page as SVG, each drawn once.
 *
 * @param shown charts that stand in the page itself, by id
 * @param hidden those that open below a row, by id
 */
public record Drawings(Map<String, Drawing> shown, Map<String, Drawing> hidden) {
  /** A chart and its SVG. */
  public record Drawing(Chart chart, String svg) {}

  /** Those of a page, without waiting for ECharts where none needs it. */
  public static Drawings of(Page page, Future<SvgRenderer> renderer) {
    List<Block> blocks = page.sections().stream().flatMap(s -> s.blocks().stream()).toList();
    List<Chart> hidden = new ArrayList<>();
    Map<String, Drawing> shown = drawn(charts(blocks, hidden).toList(), renderer);
    return new Drawings(shown, drawn(hidden, renderer));
  }

  /** Those of a page. */
  public static Drawings of(Page page) {
    return of(page, SvgRenderer.loading());
  }

  private static Map<String, Drawing> drawn(List<Chart> charts, Future<SvgRenderer> renderer) {
    Map<String, Drawing> drawn = new LinkedHashMap<>();
    for (Chart chart : charts) {
      String svg = chart.still().orElseGet(() -> loaded(renderer).svg(chart));
      if (drawn.put(chart.id(), new Drawing(chart, svg)) != null) {
        throw new IllegalStateException("two charts of a page are named " + chart.id());
      }
    }
    return drawn;
  }

  private static SvgRenderer loaded(Future<SvgRenderer> renderer) {
    try {
      return renderer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ECharts was loaded", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("ECharts cannot be loaded: " + e.getCause().getMessage(), e);
    }
  }

  private static Stream<Chart> charts(List<Block> blocks, List<Chart> hidden) {
    return blocks.stream()
        .flatMap(b ->
            switch (b) {
              case Block.Figure f -> Stream.of(f.chart());
              case Block.Multiples m -> m.charts().stream();
              case Block.Folded f -> charts(f.blocks(), hidden);
              case Block.Table t -> {
                t.rows().stream()
                    .flatMap(r -> r.detail().stream())
                    .forEach(d -> hidden.addAll(charts(d.blocks(), hidden).toList()));
                yield Stream.empty();
              }
              default -> Stream.empty();
            });
  }

  /** The SVG of a chart. */
  String svg(Chart chart) {
    return (shown.containsKey(chart.id()) ? shown : hidden).get(chart.id()).svg();
  }

  /** The options of all of them, by id. */
  Map<String, Object> options() {
    Map<String, Object> options = new LinkedHashMap<>();
    Stream.of(shown, hidden)
        .flatMap(m -> m.values().stream())
        .forEach(d -> options.put(d.chart().id(), d.chart().option()));
    return options;
  }
}
