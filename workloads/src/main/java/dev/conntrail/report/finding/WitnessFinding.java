package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.SummaryRow.CrossCheck;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Whether client, pods and kernel tell the same of connections, and if not, who differs. */
final class WitnessFinding implements FindingSource {
  private static final Set<Difference> OF_KERNEL =
      EnumSet.of(Difference.NOT_IN_KERNEL, Difference.KERNEL_POD);

  /** Neither client nor pod has it: it is in the kernel's table alone. */
  private static final Set<Difference> KERNEL_ALONE =
      EnumSet.of(Difference.NOT_IN_LEDGER, Difference.NOT_AT_ANY_POD);

  /** Who differs from the others. */
  private enum Who {
    CLIENT_AND_PODS("client-and-pods", "client and pods differ on {client-and-pods}"),
    KERNEL("kernel", "the kernel's connection table alone differs on {kernel}"),
    PLACE("place", "a reply and the testbed name different nodes for {place}");

    private final String place;
    private final String template;

    Who(String place, String template) {
      this.place = place;
      this.template = template;
    }

    Sentence sentence(long n) {
      return Sentence.of(template).with(place, n);
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    List<CrossCheck> checks =
        run.results().measured().stream()
            .flatMap(c -> c.repetitions().stream())
            .map(RepetitionResults::summary)
            .map(s -> s.crossCheck())
            .toList();
    long compared = sum(checks, CrossCheck::rowsCount);
    long differ = sum(checks, CrossCheck::disagreementsCount);
    if (compared == 0) {
      return List.of();
    }
    Sentence text =
        (differ == 0
                ? agree(checks, compared)
                : differ(checks, compared, differ, run.results().disagreements()))
            .with("closed", " ", Closers.of(run));
    return List.of(
        (differ == 0 ? Rank.WITNESSES : Rank.WITNESSES_DIFFER)
            .finding("witnesses", differ == 0 ? Tone.GOOD : Tone.BAD, text, evidence(compared)));
  }

  private static long sum(List<CrossCheck> checks, ToLongFunction<CrossCheck> count) {
    return checks.stream().mapToLong(count).sum();
  }

  private static Sentence agree(List<CrossCheck> checks, long compared) {
    long asked = checks.stream().filter(CrossCheck::kernel).count();
    Sentence kernel = Sentence.of("The kernel's connection table was asked in no repetition.");
    if (asked > 0) {
      kernel =
          Sentence.of(
                  """
                  The kernel's connection table, asked in {asked} of {all}, contradicts none of the
                  {connections} there.
                  """)
              .with("asked", asked)
              .with("all", checks.size(), "repetition")
              .with(
                  "connections",
                  sum(checks.stream().filter(CrossCheck::kernel).toList(), CrossCheck::rowsCount));
    }
    return Sentence.of(
            "Client and pods tell the same of all {compared} that were compared. {kernel}{closed}")
        .with("compared", compared, "connection")
        .with("kernel", kernel);
  }

  private static Sentence differ(
      List<CrossCheck> checks, long compared, long differ, List<DisagreementRow> rows) {
    return Sentence.of(
            """
            The witnesses of where connections landed differ on {differ} of {compared} that were
            compared{who}. The kernel's connection table was asked in {asked} of {all}.{closed}
            """)
        .with("differ", differ)
        .with("compared", compared, "connection")
        .with("who", who(differ, rows))
        .with("asked", checks.stream().filter(CrossCheck::kernel).count())
        .with("all", checks.size(), "repetition");
  }

  private static Sentence who(long differ, List<DisagreementRow> rows) {
    if (rows.isEmpty()) {
      return Sentence.of("; disagreements.csv lists none of them");
    }
    Map<Who, Long> who = new EnumMap<>(Who.class);
    rows.forEach(r -> who.merge(who(r), 1L, Long::sum));
    List<Sentence> parts = new ArrayList<>();
    who.forEach((w, n) -> parts.add(w.sentence(n)));
    return Sentence.of("{listed}: {each}")
        .with(
            "listed",
            Sentence.ifAny(
                rows.size() == differ ? 0 : rows.size(), "; disagreements.csv lists {n}"))
        .withAll("each", parts, ", ");
  }

  private static Who who(DisagreementRow row) {
    Set<Difference> all = EnumSet.noneOf(Difference.class);
    all.addAll(row.differences());
    boolean kernelAlone = all.containsAll(KERNEL_ALONE);
    Set<Difference> ofPair = EnumSet.copyOf(all);
    ofPair.removeAll(OF_KERNEL);
    ofPair.remove(Difference.NODE);
    if (!ofPair.isEmpty() && !kernelAlone) {
      return Who.CLIENT_AND_PODS;
    }
    return kernelAlone || all.stream().anyMatch(OF_KERNEL::contains) ? Who.KERNEL : Who.PLACE;
  }

  private static Evidence evidence(long compared) {
    return Evidence.of(
        "summary.csv, disagreements.csv, echo.csv",
        "cross_check_kernel, cross_check_rows_count, cross_check_disagreements_count; differences; closed_by",
        "connection by connection: connections.csv against echo.csv and conntrack.txt of each"
            + " repetition; the kernel's table keeps one entry a port, so of connections that used the"
            + " same port one after the other it is asked for the last",
        Numbers.counted(compared, "connection"));
  }
}
