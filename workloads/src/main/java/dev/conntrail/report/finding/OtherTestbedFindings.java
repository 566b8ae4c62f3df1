package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.OtherTestbed.Pair;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Whether the same experiment says the same on another testbed, and how times compare. */
final class OtherTestbedFindings implements FindingSource {
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    return OtherTestbed.of(run).map(OtherTestbedFindings::findings).orElse(List.of());
  }

  private static List<Finding> findings(OtherTestbed other) {
    List<Finding> findings = new ArrayList<>(List.of(verdicts(other)));
    Optional<Span> response = ratio(other, s -> s.response().exactP50Ns());
    Optional<Span> connect = ratio(other, s -> s.connect().p50Ns());
    if (response.isPresent() || connect.isPresent()) {
      findings.add(times(other, response, connect));
    }
    return findings;
  }

  private static Finding verdicts(OtherTestbed other) {
    List<Sentence> differ =
        other.pairs().stream()
            .filter(
                p -> CellWord.of(other.here(), p.here()) != CellWord.of(other.there(), p.there()))
            .map(p ->
                Sentence.of("{cell}: {here} here, {there} there")
                    .with("cell", p.here())
                    .withName("here", word(other.here(), p.here()))
                    .withName("there", word(other.there(), p.there())))
            .toList();
    return Rank.OTHER_TESTBED.finding(
        "other-testbed",
        differ.isEmpty() ? Tone.PLAIN : Tone.UNKNOWN,
        Sentence.of(
                """
                Beside run {run} on netns, which has {pairs} of {cells} with the same set-up{rules}:
                the verdict on connections {differ}.
                """)
            .withName("run", other.name())
            .with("pairs", other.pairs().size())
            .with("cells", other.here().results().measured().size(), "cell")
            .with("rules", rules(other.otherRules().size()))
            .with(
                "differ",
                differ.isEmpty()
                    ? Sentence.of("is the same word in all of them")
                    : Sentence.of("is another word in {n} ({each})")
                        .with("n", differ.size())
                        .withSome("each", differ, LISTED)),
        evidence(other, "verdicts.csv", "verdict", "the words of both runs, cell by cell"));
  }

  private static Sentence rules(int n) {
    return n == 0
        ? Sentence.of("")
        : Sentence.of(", and {n} with the rules of another kube-proxy").with("n", n);
  }

  private static String word(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.CONNECTIONS).map(VerdictText::brief).orElse("not judged");
  }

  private static Finding times(
      OtherTestbed other, Optional<Span> response, Optional<Span> connect) {
    List<Sentence> parts = new ArrayList<>();
    response.ifPresent(
        s -> parts.add(Sentence.of("a median request took {response} times").with("response", s)));
    connect.ifPresent(s ->
        parts.add(
            Sentence.of("a median connect {took}{connect} times")
                .with("took", parts.isEmpty() ? "took " : "")
                .with("connect", s)));
    return Rank.OTHER_TESTBED.finding(
        "other-testbed-times",
        Tone.PLAIN,
        Sentence.of(
                "Over the {pairs} with the same set-up in run {run} on netns, {parts} as long here.")
            .with("pairs", other.pairs().size(), "cell")
            .withName("run", other.name())
            .withList("parts", parts),
        evidence(
            other,
            "summary.csv",
            "response_p50_ns, connect_p50_ns",
            "the median of the repetitions' medians here over that there, lowest to highest over cells"));
  }

  private static Evidence evidence(OtherTestbed other, String file, String columns, String how) {
    return Evidence.of(
        file + " of both runs", columns, how, Numbers.counted(other.pairs().size(), "cell"));
  }

  private static Optional<Span> ratio(OtherTestbed other, ToDoubleFunction<SummaryRow> metric) {
    return Span.of(other.pairs(), p -> ratio(p, metric));
  }

  /** Not a number if one of them has no such time. */
  private static double ratio(Pair pair, ToDoubleFunction<SummaryRow> metric) {
    Optional<Repeated> here = Repeated.of(pair.here(), metric);
    Optional<Repeated> there = Repeated.of(pair.there(), metric);
    return here.isPresent() && there.isPresent()
        ? here.get().median() / there.get().median()
        : Double.NaN;
  }
}
