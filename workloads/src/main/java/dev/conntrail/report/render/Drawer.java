package dev.conntrail.report.render;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.SvgRenderer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Draws charts on a thread of its own, while results are read and the next sections are made: to
 * load ECharts, and to draw with it, is the slowest part of a report.
 */
public final class Drawer implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("echarts").daemon().factory());

  private final Future<SvgRenderer> renderer = thread.submit(SvgRenderer::ready);
  private final Map<String, Begun> shown = new LinkedHashMap<>();
  private final Map<String, Begun> hidden = new LinkedHashMap<>();
  private int drawn;

  /** A chart whose drawing may not be done yet. */
  private record Begun(Chart chart, Future<String> svg) {
    Drawings.Drawing done() {
      try {
        return new Drawings.Drawing(chart, svg.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while charts were drawn", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(
            "the chart " + chart.id() + " cannot be drawn", e.getCause());
      }
    }
  }

  /** All charts of a page. */
  public static Drawings draw(Page page) {
    try (Drawer drawer = new Drawer()) {
      page.sections().forEach(drawer::begin);
      return drawer.drawings();
    }
  }

  /** Begins to draw the charts of a section. */
  public void begin(Page.Part section) {
    begin(section.blocks(), shown);
  }

  private void begin(List<Block> blocks, Map<String, Begun> into) {
    for (Block block : blocks) {
      switch (block) {
        case Block.Figure f -> begin(f.chart(), into);
        case Block.Multiples m -> m.charts().forEach(chart -> begin(chart, into));
        case Block.Folded f -> begin(f.blocks(), into);
        case Block.Table t ->
            t.rows().stream()
                .flatMap(r -> r.detail().stream())
                .forEach(d -> begin(d.blocks(), hidden));
        default -> {
          // nothing to draw
        }
      }
    }
  }

  private void begin(Chart chart, Map<String, Begun> into) {
    if (shown.containsKey(chart.id()) || hidden.containsKey(chart.id())) {
      throw new IllegalStateException("two charts of a page are named " + chart.id());
    }
    Future<String> svg =
        chart
            .still()
            .<Future<String>>map(CompletableFuture::completedFuture)
            .orElseGet(() -> draw(chart, ++drawn));
    into.put(chart.id(), new Begun(chart, svg));
  }

  private Future<String> draw(Chart chart, int number) {
    return thread.submit(() -> renderer.get().svg(chart, number));
  }

  /** Begins another page: what was drawn is forgotten. */
  public void clear() {
    shown.clear();
    hidden.clear();
  }

  /** All that were begun, when the last is done. */
  public Drawings drawings() {
    return new Drawings(done(shown), done(hidden));
  }

  private static Map<String, Drawings.Drawing> done(Map<String, Begun> begun) {
    Map<String, Drawings.Drawing> done = new LinkedHashMap<>();
    begun.forEach((id, chart) -> done.put(id, chart.done()));
    return done;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
