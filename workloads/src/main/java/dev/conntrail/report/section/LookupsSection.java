package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.growth.CostPoint;
import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.finding.GrowthText;
import dev.conntrail.report.finding.LookupRows;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** What a lookup costs and how it grows: models, kernels, and what others published. */
final class LookupsSection implements Section {
  @Override
  public String id() {
    return "lookups";
  }

  @Override
  public String title() {
    return "What a lookup costs";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    return blocks(LookupRows.of(run), run.results().jmh(), run.results().kernel());
  }

  static List<Block> blocks(LookupRows rows, List<JmhRow> jmh, List<KernelRow> kernel) {
    List<Block> blocks = new ArrayList<>();
    if (jmh.isEmpty() && kernel.isEmpty()) {
      return blocks;
    }
    blocks.add(new Block.Prose(method()));
    LookupTables.beside(rows).ifPresent(blocks::add);
    LookupCharts.services(CostPoint.of(jmh, kernel)).map(Block.Figure::new).ifPresent(blocks::add);
    LookupCharts.connections(jmh).map(Block.Figure::new).ifPresent(blocks::add);
    blocks.add(new Block.Facts(beside(jmh, kernel)));
    if (!rows.growth().isEmpty()) {
      blocks.add(
          new Block.Folded(
              "lookup-all-fits", "Every fit", List.of(LookupTables.fits(rows.growth()))));
    }
    if (!jmh.isEmpty()) {
      blocks.add(
          new Block.Folded(
              "lookup-all-benchmarks", "Every benchmark", List.of(LookupTables.benchmarks(jmh))));
    }
    return blocks;
  }

  private static String method() {
    return "Models are the kernel's data structures in Java, measured by JMH; `calibrate` measures a"
        + " kernel itself: connect() to the last Service, or to any, against connect() to the first,"
        + " in turn. Each load of rules, and each fork of a benchmark, is one observation; those"
        + " beside which other processes had more than "
        + number(OtherWork.MOST_OTHER_CPU_PCT)
        + " % of the CPUs, or the hypervisor took more than "
        + number(OtherWork.MOST_STEAL_PCT)
        + " %, are left out. A cost is called constant if it stays within "
        + number(Growth.MARGIN_NS)
        + " ns a Service, a tenth of what the cheapest walked rule costs; linear if it grows by"
        + " more, a line goes through its means and n log n does not. A verdict takes "
        + Growth.POINTS
        + " numbers of Services and "
        + Growth.LOADS
        + " undisturbed observations of each.";
  }

  /** What ran beside, for each source. */
  private static List<Block.Fact> beside(List<JmhRow> jmh, List<KernelRow> kernel) {
    record Load(Source source, Object lookup, int number) {}
    Map<Load, OtherWork> loads = new LinkedHashMap<>();
    kernel.forEach(r -> loads.put(new Load(r.source(), r.rules().lookup(), r.load()), r.beside()));
    List<Block.Fact> facts = new ArrayList<>();
    if (!jmh.isEmpty()) {
      facts.add(fact("beside forks of benchmarks", jmh.stream().map(JmhRow::beside).toList()));
    }
    for (Source source : List.of(Source.KERNEL, Source.GUEST_KERNEL)) {
      List<OtherWork> those =
          loads.entrySet().stream()
              .filter(e -> e.getKey().source() == source)
              .map(Map.Entry::getValue)
              .toList();
      if (!those.isEmpty()) {
        facts.add(fact("beside loads of rules in " + GrowthText.source(source), those));
      }
    }
    return facts;
  }

  private static Block.Fact fact(String name, List<OtherWork> all) {
    double[] other = known(all.stream().mapToDouble(OtherWork::otherCpuPct));
    double[] steal = known(all.stream().mapToDouble(OtherWork::stealPct));
    double[] mhz = known(all.stream().mapToDouble(OtherWork::cpuMhz));
    long disturbed = all.stream().filter(OtherWork::disturbed).count();
    return new Block.Fact(
        name,
        (other.length == 0
                ? "what others had of the CPUs was not recorded"
                : "others had "
                    + range(other)
                    + " % of the CPUs, the hypervisor took "
                    + range(steal)
                    + " %; "
                    + disturbed
                    + " of "
                    + all.size()
                    + " disturbed")
            + (mhz.length == 0 ? "" : "; " + range(mhz) + " MHz"));
  }

  private static double[] known(DoubleStream values) {
    return values.filter(Double::isFinite).sorted().toArray();
  }

  private static String range(double[] sorted) {
    return sorted.length == 0
        ? "an unknown share"
        : number(Math.rint(sorted[0])) + " to " + number(Math.rint(sorted[sorted.length - 1]));
  }
}
