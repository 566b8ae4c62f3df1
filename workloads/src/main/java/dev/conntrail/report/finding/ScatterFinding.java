package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import java.util.List;
import java.util.Optional;

/** How well times repeat, as the run's own repetitions show it. */
final class ScatterFinding implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> calm =
        run.results().measured().stream().filter(c -> !c.cell().provoking()).toList();
    Optional<Scatter> response = Scatter.of(calm, s -> s.response().exactP50Ns());
    Optional<Scatter> connect = Scatter.of(calm, s -> s.connect().p50Ns());
    if (response.isEmpty() && connect.isEmpty()) {
      return calm.isEmpty() ? List.of() : List.of(unknown(calm));
    }
    return List.of(
        finding(
            Sentence.of("Repetitions of one cell differ{response}{and}{connect}.")
                .with("response", " ", part(response, "in their median response time {by}{odd}"))
                .with("and", response.isPresent() && connect.isPresent() ? ", and" : "")
                .with("connect", " ", part(connect, "in their median connect {by}{odd}")),
            Tone.PLAIN,
            response.or(() -> connect).orElseThrow().ratios().size()));
  }

  private static Optional<Sentence> part(Optional<Scatter> scatter, String template) {
    return scatter.map(s ->
        Sentence.of(template)
            .with("by", s.sentence())
            .with("odd", ", odd against even repetitions ", s.halvesDiffer()));
  }

  private static Finding unknown(List<CellResults> calm) {
    return finding(
        Sentence.of(
            "No cell that brings about no errors has two repetitions with times: nothing tells how well times repeat."),
        Tone.UNKNOWN,
        calm.size());
  }

  private static Finding finding(Sentence text, Tone tone, int cells) {
    return Rank.SCATTER.finding(
        "scatter",
        tone,
        text,
        Evidence.of(
            "summary.csv",
            "response_p50_ns, connect_p50_ns",
            "of each cell that brings about no errors, the longest over the shortest of its"
                + " repetitions' medians; odd against even: the ratio of the medians of both halves",
            Numbers.counted(cells, "cell")));
  }
}
