package dev.conntrail.cli;

import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a calibration found, for a terminal of 80 columns. */
final class CalibrationText {
  private static final String LINE = "%-16s%-17s%-26s%s";

  private CalibrationText() {}

  /**
   * Lines.
   *
   * @param growth of the kernels, and, left out, of models
   * @param rows what was measured just now
   */
  static List<String> of(List<GrowthRow> growth, List<KernelRow> rows) {
    List<String> lines = new ArrayList<>();
    for (Source source : List.of(Source.KERNEL, Source.GUEST_KERNEL)) {
      for (Packet packet : Packet.values()) {
        List<GrowthRow> those =
            growth.stream().filter(g -> g.source() == source && g.packet() == packet).toList();
        if (!those.isEmpty()) {
          lines.add("");
          lines.add(
              LINE.formatted(
                  packet == Packet.FIRST ? "first packet" : "open connection",
                  source == Source.KERNEL ? "in this kernel" : "in the guest",
                  "ns a Service (95 %)",
                  "verdict"));
          those.forEach(g -> lines.add(line(g)));
        }
      }
    }
    lines.add("");
    lines.addAll(beside(rows));
    return lines;
  }

  private static String line(GrowthRow g) {
    return LINE.formatted(
        g.lookup().word(), to(g.target()), figures(g.slope()), verdict(g).strip());
  }

  private static String to(Target target) {
    return switch (target) {
      case FIRST, MIDDLE, LAST -> "to the " + target.word();
      case ANY -> "to any";
      case MISS -> "to none";
      case FIRST_AGAIN -> "control: first";
      case POD -> "to a pod";
    };
  }

  private static String figures(GrowthRow.Slope slope) {
    return Double.isFinite(slope.lowNs())
        ? number(slope.ns()) + " (" + number(slope.lowNs()) + " to " + number(slope.highNs()) + ")"
        : number(slope.ns());
  }

  private static String number(double ns) {
    return String.format(Locale.ROOT, Math.abs(ns) < 10 ? "%.2f" : "%.1f", ns);
  }

  private static String verdict(GrowthRow g) {
    return switch (g.trend()) {
      case CONSTANT -> "constant";
      case LINEAR -> "linear";
      case GROWS -> "grows otherwise";
      case CANNOT_TELL -> "cannot tell: " + g.doubt().map(CalibrationText::why).orElse("");
    };
  }

  private static String why(Doubt doubt) {
    return switch (doubt) {
      case FEW_POINTS -> "points";
      case FEW_LOADS -> "loads";
      case DISTURBED -> "CPU";
      case SCATTER -> "scatter";
      case CONTROL -> "control";
      case SHAPE -> "shape";
    };
  }

  /** What ran beside the loads. */
  private static List<String> beside(List<KernelRow> rows) {
    Map<Integer, OtherWork> loads = new LinkedHashMap<>();
    rows.forEach(r -> loads.put(r.load(), r.beside()));
    List<String> lines = new ArrayList<>();
    DoubleSummaryStatistics other =
        loads.values().stream()
            .mapToDouble(OtherWork::otherCpuPct)
            .filter(Double::isFinite)
            .summaryStatistics();
    long disturbed = loads.values().stream().filter(OtherWork::disturbed).count();
    if (other.getCount() == 0) {
      lines.add("what ran beside: not known");
    } else {
      lines.add(
          String.format(
              Locale.ROOT,
              "beside the %d loads of rules others had %.0f to %.0f %% of the CPUs;",
              loads.size(),
              other.getMin(),
              other.getMax()));
      lines.add(
          disturbed == 0
              ? "no load was disturbed"
              : disturbed
                  + (disturbed == 1 ? " was" : " were")
                  + " disturbed, and "
                  + (disturbed == 1 ? "does" : "do")
                  + " not count where enough others are there");
    }
    return lines;
  }
}
