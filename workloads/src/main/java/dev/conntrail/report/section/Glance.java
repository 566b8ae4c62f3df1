package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.chart.Frame;
import dev.conntrail.report.finding.Controls;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.DistributionRow;
import java.util.List;
import java.util.Optional;

/**
 * The main point in one picture: few long-lived connections beside the control, same Service, same
 * number of requests, first repetition.
 */
final class Glance {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 300;

  private Glance() {}

  static Optional<Chart> of(Analysis run) {
    Optional<CellResults> few = Controls.fewLongLived(run);
    return few.filter(Glance::counted)
        .flatMap(
            f -> Controls.of(run, f).filter(Glance::counted).map(control -> chart(f, control)));
  }

  /** Whether the counts of its first repetition are there. */
  private static boolean counted(CellResults cell) {
    return !cell.repetitions().getFirst().pods().isEmpty();
  }

  private static Chart chart(CellResults few, CellResults control) {
    List<DistributionRow> left = few.repetitions().getFirst().pods();
    List<DistributionRow> right = control.repetitions().getFirst().pods();
    ChartTemplate template = ChartTemplate.of("glance");
    template.data(List.of("pod", "requests"), rows(left));
    template.data(List.of("pod", "requests"), rows(right));
    template.set("title.0.text", few.cell().connections() + " long-lived connections");
    template.set(
        "title.0.subtext", few.cell().protocol().word() + ", " + few.cell().variant().text());
    template.set("title.1.subtext", "the control, " + control.cell().variant().text());
    double most = Frame.roundedUp(Math.max(band(template, 0, left), band(template, 1, right)));
    template.set("yAxis.0.max", most);
    template.set("yAxis.1.max", most);
    long idle = left.stream().filter(d -> d.requestsCount() == 0).count();
    long none = right.stream().filter(d -> d.requestsCount() == 0).count();
    return template.chart(
        "glance",
        "Requests that each pod got, first repetition",
        "Left: with "
            + Numbers.counted((long) few.cell().connections(), "long-lived connection")
            + " "
            + idle
            + " of "
            + left.size()
            + " pods got no request. Right: with a connection for each request, "
            + none
            + " of "
            + right.size()
            + ". The band holds all pods, in 99 of 100 runs, if each request draws its pod.",
        WIDTH,
        HEIGHT,
        List.of());
  }

  private static List<List<Object>> rows(List<DistributionRow> pods) {
    return pods.stream()
        .map(p -> List.<Object>of(Integer.toString(p.podIndex()), p.requestsCount()))
        .toList();
  }

  /** Draws the band; gives what the panel has to hold. */
  private static double band(ChartTemplate template, int series, List<DistributionRow> pods) {
    long n = pods.stream().mapToLong(DistributionRow::requestsCount).sum();
    FairDraw.Band band = new FairDraw(n, pods.size()).band(Verdicts.BAND);
    template.set("series." + series + ".markArea.data.0.0.yAxis", band.low());
    template.set("series." + series + ".markArea.data.0.1.yAxis", band.high());
    long most = pods.stream().mapToLong(DistributionRow::requestsCount).max().orElse(0);
    return Math.max(most, band.high());
  }
}
