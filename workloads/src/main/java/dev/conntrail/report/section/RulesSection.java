package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Plane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Which rules were loaded, how long that took, and how they look. */
final class RulesSection implements Section {
  private static final int SHOWN = 6_000;
  private static final int HASH = 12;
  private static final List<Column> COLUMNS =
      List.of(
          Column.words("data plane"),
          Column.words("program"),
          Column.figures("rules").explained("rules and elements of sets in the text"),
          Column.figures("loads"),
          Column.figures("load, ms").explained("of all rules at once; least to most"),
          Column.figures("removal, ms").explained("least to most"),
          Column.words("texts").explained("how many different ones; SHA-256 of the first"));

  @Override
  public String id() {
    return "rules";
  }

  @Override
  public String title() {
    return "Rules";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    Map<Plane, List<InstallRow>> planes =
        run.results().installs().stream()
            .filter(i -> i.rulesCount() > 0)
            .collect(
                Collectors.groupingBy(
                    RulesSection::plane, LinkedHashMap::new, Collectors.toList()));
    if (planes.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    boolean cluster = Testbeds.kubernetes(run);
    String edit = run.results().manifest().rulesEdit();
    blocks.add(
        new Block.Prose(
            cluster
                ? "kube-proxy's own rules, as found on a client's node; `rules.txt` of each"
                    + " repetition holds those of the Service."
                : "The text is what kube-proxy "
                    + make(run)
                    + " of the Service and its endpoints"
                    + (edit.isEmpty() ? "" : ", edited by `" + edit + "`")
                    + "; `rules.txt` of each repetition holds it as loaded, and as the kernel then"
                    + " listed it."));
    List<List<Field>> rows = new ArrayList<>();
    planes.forEach((plane, installs) -> rows.add(fields(plane, installs)));
    blocks.add(
        Block.Table.of(
            "installs-table",
            cluster ? "Rules of the Service, as found" : "Loads of rules, over all repetitions",
            COLUMNS,
            rows));
    first(run).forEach(example -> blocks.add(shown(example)));
    return blocks;
  }

  /** Whose rules nftables had; the other modes are written alike by all versions. */
  private static String make(Analysis run) {
    List<String> named =
        run.results().measured().stream()
            .map(CellResults::cell)
            .filter(c -> c.dataPlane().rulesByVersion())
            .map(Cell::kubeProxy)
            .distinct()
            .sorted()
            .map(KubeProxy::word)
            .toList();
    return named.size() == 1
        ? named.getFirst() + " makes"
        : String.join(" and ", Named.words(KubeProxy.class)) + " make";
  }

  private static Plane plane(InstallRow r) {
    return new Plane(r.dataPlane(), r.iptablesBackend(), r.ipvsScheduler());
  }

  private static List<Field> fields(Plane plane, List<InstallRow> installs) {
    List<String> texts = installs.stream().map(InstallRow::rulesSha256).distinct().toList();
    List<String> tools = installs.stream().flatMap(i -> i.tool().stream()).distinct().toList();
    return List.of(
        Field.of(plane.word()),
        Field.of(String.join("; ", tools)),
        Field.of(span(installs, InstallRow::rulesCount)),
        Field.of(count(installs.size())),
        Field.of(span(installs, InstallRow::loadMs)),
        Field.of(span(installs, InstallRow::removeMs)),
        Field.of(
            texts.size()
                + (texts.getFirst().length() < HASH
                    ? ""
                    : ", " + texts.getFirst().substring(0, HASH))));
  }

  private static String span(List<InstallRow> installs, ToDoubleFunction<InstallRow> figure) {
    return Span.of(installs, figure)
        .map(s -> s.low() == s.high() ? number(s.low()) : s.text())
        .orElse("");
  }

  /** Rules of a data plane, as a repetition had them. */
  private record Example(CellResults cell, RepetitionResults repetition) {}

  /** The first repetition of each data plane that has rules. */
  private static Collection<Example> first(Analysis run) {
    Map<Plane, Example> first = new LinkedHashMap<>();
    for (CellResults c : run.results().measured()) {
      Plane plane = c.cell().plane();
      if (!first.containsKey(plane)) {
        c.repetitions().stream()
            .filter(r -> !r.rules().isEmpty())
            .findFirst()
            .ifPresent(r -> first.put(plane, new Example(c, r)));
      }
    }
    return first.values();
  }

  private static Block shown(Example example) {
    String text = example.repetition().rules();
    String plane = example.cell().cell().plane().word();
    return new Block.Folded(
        "rules-" + plane,
        plane + ", " + Numbers.counted((long) example.cell().cell().pods(), "pod"),
        List.of(
            new Block.Prose(
                "`"
                    + example.repetition().rulesFile()
                    + "`"
                    + (text.length() > SHOWN ? ", its first " + count(SHOWN) + " characters" : "")),
            new Block.Preformatted(
                text.length() > SHOWN ? text.substring(0, SHOWN) + "\n..." : text)));
  }
}
