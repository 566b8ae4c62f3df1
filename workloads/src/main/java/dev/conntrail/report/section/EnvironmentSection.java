package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Block.Fact;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Manifest;
import java.util.ArrayList;
import java.util.List;

/** On what the run was made, and how to make it again. */
final class EnvironmentSection implements Section {
  private static final long MEBIBYTE = 1L << 20;

  @Override
  public String id() {
    return "environment";
  }

  @Override
  public String title() {
    return "Environment";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<Fact> facts = machine(run.results().environment());
    Manifest m = run.results().manifest();
    facts.add(new Fact("command", "`conntrail " + String.join(" ", m.command()) + "`"));
    facts.add(new Fact("took", Numbers.number(m.durationS()) + " s"));
    facts.add(
        new Fact(
            "results", "`" + run.results().folder().path().toAbsolutePath().getFileName() + "`"));
    List<Block> blocks = new ArrayList<>(List.of(new Block.Facts(facts)));
    run.results()
        .guest()
        .ifPresent(g ->
            blocks.add(
                new Block.Facts(
                    List.of(
                        new Fact("kernel of the guest (uml)", g.kernel()),
                        new Fact("CPUs of the guest", g.cpus() + " of the machine's, pinned"),
                        new Fact("memory of the guest", memory(g))))));
    return blocks;
  }

  private static List<Fact> machine(Environment e) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Conntrail", e.conntrail() + ", git " + e.git()));
    facts.add(new Fact("kernel", e.kernel() + ", " + e.os()));
    facts.add(
        new Fact(
            "CPU",
            e.cpu()
                + ", "
                + e.cpus()
                + " logical"
                + (e.memoryBytes() > 0 ? ", " + memory(e) + " of memory" : "")));
    facts.add(new Fact("Java", e.java()));
    facts.add(new Fact("JVM flags of load and pods", "`" + String.join(" ", e.jvmFlags()) + "`"));
    e.tools().forEach((name, version) -> facts.add(new Fact(name, version)));
    e.cluster().forEach((name, value) -> facts.add(new Fact(name, value)));
    if (!e.sysctls().isEmpty()) {
      facts.add(
          new Fact(
              "sysctls, as found",
              e.sysctls().entrySet().stream()
                  .map(s -> "`" + s.getKey() + "=" + s.getValue() + "`")
                  .reduce((a, b) -> a + " " + b)
                  .orElseThrow()));
    }
    return facts;
  }

  private static String memory(Environment e) {
    return Numbers.count(Math.round((double) e.memoryBytes() / MEBIBYTE)) + " MB";
  }
}
