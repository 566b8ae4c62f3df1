package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For each case the cure that fits best of those that were measured in it. */
public final class CureFindings implements FindingSource {
  private static final int LISTED = 8;

  @Override
  public List<Finding> of(Analysis run) {
    return Arrays.stream(CureCase.values()).flatMap(c -> of(run, c).stream()).toList();
  }

  /** All kinds that are about cures. */
  static List<FindingSource> kinds() {
    return List.of(
        new CureFindings(),
        new SlowPodFindings(),
        new RenewalFindings(),
        new HerdFindings(),
        new HuntFindings(),
        new ProxyPoolFindings(),
        new SidecarFindings());
  }

  /** All that is said of cures. */
  public static List<Finding> all(Analysis run) {
    return kinds().stream().flatMap(source -> source.of(run).stream()).toList();
  }

  /** Cases of which this run has nothing. */
  public static List<CureCase> missing(Analysis run) {
    return Arrays.stream(CureCase.values()).filter(c -> of(run, c).isEmpty()).toList();
  }

  /** What a cell does against imbalance is called beside others. */
  public static String name(Cell cell) {
    return cured(cell).orElse("no cure");
  }

  /** Its cure, and its ipvs scheduler where that is not kube-proxy's own; empty for neither. */
  static Optional<String> cured(Cell cell) {
    return Stream.of(
            cell.plane().otherScheduler().map(_ -> cell.plane().word()), Axes.CURE.phrase(cell))
        .flatMap(Optional::stream)
        .reduce((scheduler, cure) -> scheduler + " + " + cure);
  }

  /** What has to be changed, by who has to. */
  public static String takes(List<Change> changes, String separator) {
    Map<Change.Who, List<String>> by = new EnumMap<>(Change.Who.class);
    changes.forEach(c -> by.computeIfAbsent(c.who(), _ -> new ArrayList<>()).add(c.what()));
    return by.isEmpty()
        ? "nobody anything"
        : by.entrySet().stream()
            .map(e -> e.getKey().word() + ": " + Numbers.list(e.getValue()))
            .collect(Collectors.joining(separator));
  }

  private static List<Finding> of(Analysis run, CureCase which) {
    return WeighedCures.of(run, which).stream().map(CureFindings::finding).toList();
  }

  private static Finding finding(WeighedCures weighed) {
    CureCase which = weighed.which();
    return Rank.CURE.finding(
        "cure-" + which.word() + "-" + weighed.group().cells().getFirst().id(),
        Tone.PLAIN,
        text(weighed),
        Evidence.of(
                file(which),
                columns(which),
                "the least, and what is within a tenth of it, is best, where others are not; of"
                    + " repetitions the worst, of requests that were lost the sum",
                Numbers.counted((long) weighed.size(), "cell"))
            .at(CellLink.to(weighed.best().getFirst().cell())));
  }

  private static Sentence text(WeighedCures weighed) {
    CureCase which = weighed.which();
    CureGroup group = weighed.group();
    Sentence said =
        Sentence.of(
                "{case} ({asked}, {pods}{happens}; {testbed}), by {measure}: "
                    + (weighed.differ()
                        ? "of {n} measured best: {best}. Then {others}."
                        : "none of the {n} measured differs by this figure, within a tenth of the least:"
                            + " {each}."))
            .with("case", which.title())
            .with("asked", group.asked())
            .with("pods", group.pods(), "pod")
            .with("happens", happens(group))
            .with("testbed", group.testbed().word())
            .with("measure", which.measure())
            .with("n", weighed.size());
    List<Sentence> best = sentences(which, weighed.best());
    return weighed.differ()
        ? said.withSome("best", best, LISTED)
            .withSome("others", sentences(which, weighed.others()), LISTED)
        : said.withSome("each", best, LISTED);
  }

  private static List<Sentence> sentences(CureCase which, List<WeighedCures.Measured> measured) {
    return measured.stream().map(m -> sentence(which, m)).toList();
  }

  private static Sentence sentence(CureCase of, WeighedCures.Measured measured) {
    return Sentence.of("{cure}: {figure}{takes}")
        .with("cure", measured.cell(), of.numbered(measured.cell()))
        .with("figure", of.text(measured.figure()), new Figure.Value(measured.figure().value()))
        .with(
            "takes",
            of == CureCase.SILENT_POD
                ? " (" + takes(Change.of(measured.cell().cell()), ", and ") + ")"
                : "");
  }

  private static String happens(CureGroup group) {
    return group.cells().getFirst().cell().course().events().stream()
        .map(e -> ", " + e.phrase())
        .collect(Collectors.joining());
  }

  private static String file(CureCase which) {
    return switch (which) {
      case FEW_CLIENTS, MANY_CLIENTS, STREAMS, WEBSOCKET -> "distribution.csv";
      case AUTOSCALING -> "around.csv";
      case SLOW_POD, ROLLING_UPDATE, SILENT_POD -> "summary.csv";
    };
  }

  private static String columns(CureCase which) {
    return switch (which) {
      case FEW_CLIENTS, MANY_CLIENTS, STREAMS, WEBSOCKET -> "requests_count";
      case AUTOSCALING -> "hottest_per_s, mean_per_s";
      case SLOW_POD -> "response_p99_ns, response_exact_up_to_pct";
      case ROLLING_UPDATE, SILENT_POD -> "requests_due_count, requests_answered_count";
    };
  }
}
