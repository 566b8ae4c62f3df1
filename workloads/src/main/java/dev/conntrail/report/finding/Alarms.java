package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is not as chance, or a law, gives it. */
final class Alarms {
  private Alarms() {}

  /** A clause each; none if all is well. */
  static List<Sentence> of(Analysis run) {
    List<Judged> all = Judged.of(run, Unit.CONNECTIONS);
    List<Judged> drawn = all.stream().filter(Judged::drawn).toList();
    List<Judged> notChance = drawn.stream().filter(j -> j.is(Verdict.NOT_CHANCE)).toList();
    List<Judged> byLaw =
        all.stream().filter(j -> !j.drawn() && !j.is(Verdict.DESCRIPTIVE)).toList();
    long broken = byLaw.stream().filter(j -> j.verdict().alarm()).count();
    List<Sentence> alarms = new ArrayList<>();
    if (!notChance.isEmpty()) {
      alarms.add(
          Sentence.of(
                  "not chance{edited}: in {n} of {drawn} connections landed {how} for a fair draw")
              .with(
                  "edited",
                  run.results().manifest().rulesEdit().isEmpty() ? "" : ", with edited rules")
              .with("n", notChance.size())
              .with("drawn", drawn.size(), "cell")
              .with("how", how(notChance)));
    }
    if (broken > 0) {
      alarms.add(
          Sentence.of(
                  "a law of where connections go was broken in {n} of {of} whose pods are not drawn")
              .with("n", broken)
              .with("of", byLaw.size(), "cell"));
    }
    if (NodeMatrix.all(run.matrices()).stream().anyMatch(NodeMatrix::alarm)) {
      alarms.add(
          Sentence.of("from node to node connections went otherwise than a fair draw sends them"));
    }
    return alarms;
  }

  private static String how(List<Judged> notChance) {
    Set<Departure> ways = EnumSet.noneOf(Departure.class);
    notChance.forEach(j -> j.verdict().departure().ifPresent(ways::add));
    return ways.contains(Departure.TOO_EVEN)
        ? ways.contains(Departure.TOO_UNEVEN) ? "too unevenly, or too evenly," : "too evenly"
        : "too unevenly";
  }
}
