package dev.conntrail.site;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.PageLink;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.row.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first page of a site: its runs, and where they are followed over time. */
final class IndexPage {
  private static final List<Column> RUNS =
      List.of(
          Column.words("begun, UTC"),
          Column.words("what it says").explained("the heading of its report"),
          Column.words("against the run before")
              .explained("of the same experiment, testbed and machine; what comparing them says"),
          Column.words("experiment"),
          Column.words("testbed"),
          Column.words("kernel"),
          Column.words("kube-proxy")
              .explained("its version, where it is real; elsewhere its rules are loaded"),
          Column.words("status")
              .explained("complete, partial (told to stop) or failed (a repetition failed)"),
          Column.figures("cells").explained("those that have results"),
          Column.words("machine"));

  private IndexPage() {}

  /**
   * That of a site.
   *
   * @param runs the newest first
   * @param neighbours what came of comparing runs that follow each other
   */
  static Page of(List<PublishedRun> runs, List<Trends> trends, List<Neighbours.Pair> neighbours) {
    List<Page.Part> sections = new ArrayList<>();
    if (!trends.isEmpty()) {
      sections.add(new Page.Part("trends", "Over time", true, List.of(table(trends, runs))));
    }
    sections.add(
        new Page.Part(
            "runs",
            "Runs",
            true,
            runs.isEmpty() ? List.of(none()) : List.of(runs(runs, neighbours))));
    if (!runs.isEmpty()) {
      sections.add(new Page.Part("take", "Take along", false, take()));
    }
    Optional<PublishedRun> newest = runs.stream().findFirst();
    return new Page(
        new Page.Head(
            "Conntrail: runs",
            "Where do long-lived connections through a Kubernetes Service land?",
            newest.map(PublishedRun::tone).orElse(Tone.UNKNOWN),
            newest.map(PublishedRun::headline).orElse("No run is published yet."),
            "What the runs do not tell"),
        newest.map(r -> lead(r, runs.size())).orElse(List.of("runs come here by `publish`")),
        List.of(),
        sections);
  }

  private static Block none() {
    return new Block.Prose("`conntrail publish RESULTS --to SITE` adds runs.");
  }

  private static List<String> lead(PublishedRun newest, int runs) {
    return List.of(
        runs == 1 ? "the one run" : "the newest of " + Numbers.counted((long) runs, "run"),
        "experiment " + newest.experiment(),
        "testbed " + newest.testbed(),
        newest.minute() + " UTC");
  }

  private static Block runs(List<PublishedRun> runs, List<Neighbours.Pair> neighbours) {
    return new Block.Table(
        "runs-table",
        "All runs, the newest first; each leads to its report",
        RUNS,
        runs.stream().map(r -> new Block.Row(fields(r, neighbours), Optional.empty())).toList(),
        true);
  }

  /** What came of the comparison with the run before. */
  private static Field before(PublishedRun r, List<Neighbours.Pair> neighbours) {
    return neighbours.stream()
        .filter(n -> n.newer().equals(r.id()))
        .findFirst()
        .map(n ->
            Field.of(n.brief())
                .withTone(n.tone())
                .withLink(new PageLink(n.page(), "comparison with " + n.older())))
        .orElse(Field.of(""));
  }

  private static List<Field> fields(PublishedRun r, List<Neighbours.Pair> neighbours) {
    return List.of(
        Field.of(r.minute(), (double) r.started().toEpochMilli())
            .withLink(new PageLink(r.page(), "report of run " + r.run())),
        Field.of(r.headline() + planted(r)).withTone(r.tone()),
        before(r, neighbours),
        Field.of(r.experiment()),
        Field.of(r.testbed()),
        Field.of(r.platform().kernel()),
        Field.of(r.platform().kubeProxy()),
        Field.of(r.status().word())
            .withTone(r.status() == RunStatus.COMPLETE ? Tone.PLAIN : Tone.BAD),
        Field.of(Numbers.count(r.measuredCount()), r.measuredCount()),
        Field.of(r.platform().machine()));
  }

  private static String planted(PublishedRun r) {
    return r.planted() ? " (With a planted fault.)" : "";
  }

  private static Block table(List<Trends> trends, List<PublishedRun> runs) {
    long planted = runs.stream().filter(PublishedRun::planted).count();
    return Block.Table.of(
        "trends-table",
        "Runs of the same experiment, testbed and machine"
            + (planted == 0
                ? ""
                : "; "
                    + Numbers.counted(planted, "run")
                    + " with a planted fault "
                    + (planted == 1 ? "is" : "are")
                    + " in none"),
        List.of(
            Column.words("experiment"),
            Column.words("testbed"),
            Column.words("machine"),
            Column.figures("runs"),
            Column.words("what changed")),
        trends.stream().map(IndexPage::fields).toList());
  }

  private static List<Field> fields(Trends t) {
    return List.of(
        Field.of(t.newest().experiment())
            .withLink(new PageLink(t.page(), "trends of " + t.newest().experiment())),
        Field.of(t.newest().testbed()),
        Field.of(t.newest().platform().machine()),
        Field.of(Numbers.count(t.runs().size()), t.runs().size()),
        Field.of(TrendsPage.heading(t)));
  }

  private static List<Block> take() {
    return List.of(
        new Block.Facts(
            List.of(
                new Block.Fact("feed", "`feed.xml` (Atom): runs as they come"),
                new Block.Fact(
                    "badge",
                    "`badge.svg` of the newest run, `runs/RUN/badge.svg` of each: its verdict in a word"),
                new Block.Fact("picture", "`card.svg` and `card.png` of each, with the heading"),
                new Block.Fact("for programs", "`runs.json`: every run, with its page and ZIP"))));
  }
}
