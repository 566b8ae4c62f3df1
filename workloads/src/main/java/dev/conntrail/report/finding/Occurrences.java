package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Cause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The same cause in cells that differ in the data plane alone.
 *
 * @param group what they have in common
 * @param variants one for each cell, at least one
 */
record Occurrences(SideBySide group, List<Occurrence> variants) {
  private static final int LISTED = 8;

  private record Key(int place, Cause cause) {}

  /** All of a run that are asked for. */
  static List<Occurrences> of(Analysis run, Predicate<Occurrence> which) {
    List<Occurrences> all = new ArrayList<>();
    for (SideBySide group : SideBySide.of(run)) {
      Map<Key, List<Occurrence>> byPlace = new LinkedHashMap<>();
      group.cells().stream()
          .flatMap(c -> Occurrence.of(c).stream())
          .filter(which)
          .forEach(o ->
              byPlace
                  .computeIfAbsent(new Key(o.place(), o.cause()), _ -> new ArrayList<>())
                  .add(o));
      byPlace.values().forEach(variants -> all.add(new Occurrences(group, variants)));
    }
    return all;
  }

  /**
   * A finding for each group of those that are asked for, and one for all of them of which there is
   * nothing but the same to say.
   */
  static List<Finding> findings(
      Analysis run,
      Predicate<Occurrence> which,
      Predicate<Occurrence> same,
      Function<Occurrences, Finding> each,
      Function<List<Occurrences>, Finding> folded) {
    List<Finding> all = new ArrayList<>();
    of(run, which.and(same.negate())).forEach(group -> all.add(each.apply(group)));
    List<Occurrences> alike = of(run, which.and(same));
    if (!alike.isEmpty()) {
      all.add(folded.apply(alike));
    }
    return all;
  }

  /** One finding about all of many, of which there is the same to say: how many, and which. */
  static Finding folded(
      List<Occurrences> groups,
      Rank rank,
      String id,
      String template,
      String files,
      String columns,
      String how) {
    List<Occurrence> all = groups.stream().flatMap(g -> g.variants().stream()).toList();
    List<Sentence> each =
        all.stream()
            .map(o ->
                Sentence.of("{event} in {cell}")
                    .with("event", o.cause().toString())
                    .with("cell", o.cell()))
            .toList();
    long repetitions = all.stream().mapToLong(o -> o.each().size()).sum();
    return rank.finding(
        id,
        Tone.PLAIN,
        Sentence.of(template).with("n", all.size(), "event").withSome("each", each, LISTED),
        Evidence.of(files, columns, how, Numbers.counted(repetitions, "repetition"))
            .at(CellLink.to(all.getFirst().cell())));
  }

  /** Any of them, for what they have in common. */
  Occurrence any() {
    return variants.getFirst();
  }

  /** Every repetition of every cell. */
  List<Occurrence.Of> each() {
    return variants.stream().flatMap(o -> o.each().stream()).toList();
  }

  /** Says what each data plane shows, and where. */
  Sentence sentence(String template, Function<Occurrence, Sentence> each) {
    return Sentence.of(template)
        .with("where", group.workload() + "; " + group.testbed().word())
        .withSome("each", variants.stream().map(each).toList(), LISTED);
  }

  /** A finding about them, from effects.csv alone. */
  Finding finding(Rank rank, String id, Sentence text, String columns, String how) {
    return finding(rank, id, text, evidence("effects.csv", columns, how));
  }

  /** A finding about them. */
  Finding finding(Rank rank, String id, Sentence text, Evidence evidence) {
    return rank.finding(
        id + "-" + any().cell().id() + (any().place() == 0 ? "" : "-" + (any().place() + 1)),
        Tone.PLAIN,
        text,
        evidence);
  }

  /** How its figures were had. */
  Evidence evidence(String files, String columns, String how) {
    return Evidence.of(files, columns, how, Numbers.counted(each().size(), "repetition"))
        .at(CellLink.to(any().cell()));
  }
}
