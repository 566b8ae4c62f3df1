package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Judge.Word;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The heading and the lines for the terminal: each clause by itself. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfAnswer(Facts facts, Judge judge) {
  /** Probabilities that differ by less are not told apart by counting draws. */
  private static final double SURE = 1.5;

  void check(Answer answer) {
    assertThat(answer.alarm()).as(answer.verdict()).isEqualTo(alarm());
    assertThat(answer.words().headline().word()).isEqualTo(word());
    for (Answer.Line line : answer.lines()) {
      check(line);
    }
  }

  void check(Answer.Line line) {
    switch (line.label()) {
      case "verdict" -> heading(line.text());
      case "worst" -> worst(line.text());
      case "idle" -> idle(line.text());
      case "marks" -> marks(line.text());
      default -> throw new AssertionError("nobody knows whether it is true: " + line);
    }
  }

  private boolean alarm() {
    return !judge.are(Word.NOT_CHANCE).isEmpty()
        || !judge.are(Word.BROKEN).isEmpty()
        || judge.matrices().stream().anyMatch(judge::alarm);
  }

  /** The word for the whole run. */
  private String word() {
    if (!judge.are(Word.NOT_CHANCE).isEmpty() || judge.matrices().stream().anyMatch(judge::alarm)) {
      return "not-chance";
    }
    if (!judge.are(Word.BROKEN).isEmpty()) {
      return "law-broken";
    }
    List<Word> behind = facts.measured(c -> !c.direct()).stream().map(judge::word).toList();
    return behind.contains(Word.CONSISTENT)
        ? "consistent-with-chance"
        : behind.contains(Word.KEPT)
            ? "by-design"
            : behind.contains(Word.TOO_FEW) || behind.contains(Word.UNTOLD)
                ? "too-few-to-tell"
                : facts.measured().isEmpty() ? "not-measured" : "not-judged";
  }

  private void heading(String said) {
    Optional<Filled> stopped =
        Phrase.of("Stopped with results of [n] of [n] repetition[s]. [*]").in(said);
    assertThat(stopped.isPresent())
        .as(said)
        .isEqualTo(facts.text().manifest().contains("\"status\" : \"partial\""));
    stopped.ifPresent(f -> {
      f.is(0, facts.summaries().size());
      f.is(1, (double) asked());
    });
    found(stopped.map(f -> f.words(2)).orElse(said));
  }

  /** Repetitions that were to be had. */
  private long asked() {
    return facts.text().rows("cells").stream()
        .mapToLong(c -> CsvText.count(c, "repetitions_count"))
        .sum();
  }

  private void found(String text) {
    boolean alarm = alarm();
    Optional<Filled> both = Phrase.of("[*] But [*].").in(text);
    if (both.isPresent()) {
      String first = both.get().words(0);
      assertThat(ofCures(first) || effect(first)).as(text).isTrue();
      blemishes(both.get().words(1));
      return;
    }
    if (!alarm && answered() && unsaid() && ofCures(text)) {
      return;
    }
    if ((!alarm && few(text)) || effect(text)) {
      return;
    }
    String body = text.substring(0, text.length() - 1);
    for (String clause : body.split("; ", -1)) {
      clause(clause.startsWith("but ") ? clause : lower(clause), text);
    }
    boolean blemished = text.contains("; but ");
    assertThat(blemished || alarm || unsaid()).as(text).isTrue();
  }

  /** Whether the whole run is about herds, cures or shared pools, and this is said of them. */
  private boolean ofCures(String text) {
    return new OfHerds(facts).hold(text) || weighed().holds(text) || new OfHunts(facts).hold(text);
  }

  private OfCureHeading weighed() {
    return new OfCureHeading(facts, new OfCures(facts, judge));
  }

  private boolean answered() {
    return facts.measured().stream().anyMatch(c -> c.sum("requests_answered_count") > 0);
  }

  /** Whether nothing is wrong that a heading would have to say. */
  private boolean unsaid() {
    List<Cell> all = facts.measured();
    return !answered()
        || (OfRecord.strays(all) + OfRecord.lostOf(all) + OfRecord.doubtful(all) == 0
            && all.stream().mapToLong(c -> c.sum("cross_check_disagreements_count")).sum() == 0);
  }

  private static String lower(String clause) {
    return clause.substring(0, 1).toLowerCase(Locale.ROOT) + clause.substring(1);
  }

  private boolean few(String text) {
    OfPods pods = new OfPods(facts);
    List<Cell> few = pods.few();
    var claims =
        List.of(
            "Chance, not a fault: ",
            "Too few to tell by themselves: ",
            "No fault found: ",
            "Too few connections to tell: ");
    String claim = claims.stream().filter(text::startsWith).findFirst().orElse("");
    if (claim.isEmpty() && !text.contains(" idle; chance leaves ")) {
      return false;
    }
    assertThat(unsaid()).as(text).isTrue();
    Filled f =
        claim.isEmpty()
            ? Phrase.read("[*] left [r] of [n] pod[s] idle; [*].", text)
            : Phrase.read(
                "[*] left [r] of [n] pod[s] idle, as a fair draw [*].",
                text.substring(claim.length()).replaceFirst("; the same rules .*", "."));
    pods.connections(f.words(0), few);
    f.spans(1, few.stream().map(c -> c.idle("connections_count")).toList());
    f.is(2, few.getFirst().count("pods_count"));
    boolean asChance = few.stream().allMatch(OfPods::asChance);
    assertThat(asChance).as(text).isEqualTo(!claim.isEmpty());
    boolean told =
        facts.measured(c -> !c.direct()).stream()
            .anyMatch(c -> judge.word(c) == Word.CONSISTENT || judge.word(c) == Word.KEPT);
    if (claim.isEmpty()) {
      pods.chance(f.words(3), few);
    } else {
      assertThat(told).as(text).isEqualTo(!claim.startsWith("Too few connections"));
    }
    boolean own = few.stream().allMatch(c -> judge.word(c) == Word.CONSISTENT);
    assertThat(claim.startsWith("Chance")).as(text).isEqualTo(asChance && told && own);
    if (claim.endsWith("themselves: ")) {
      assertThat(few)
          .allSatisfy(c ->
              assertThat(judge.are(Word.CONSISTENT))
                  .anyMatch(o ->
                      o.variant().equals(c.variant()) && o.is("testbed").equals(c.is("testbed"))));
    }
    return true;
  }

  private boolean effect(String all) {
    String text = all.contains("Left out: ") ? OfEvents.leftOut(facts, all) : all;
    List<Map<String, String>> effects =
        facts.measured().stream().flatMap(c -> c.rows("effects").stream()).toList();
    var added =
        Phrase.of("New pods got [r] % of the connections that were opened after they joined.")
            .in(text);
    added.ifPresent(f ->
        f.spans(
            0,
            effects.stream()
                .filter(r -> r.get("cause").startsWith("add") && !r.get("opened_count").equals("0"))
                .map(r ->
                    100
                        * CsvText.number(r, "opened_to_added_count")
                        / CsvText.number(r, "opened_count"))
                .toList()));
    var left = Phrase.of("[n] of [n] open connections on pods that left went on.").in(text);
    left.ifPresent(f -> {
      f.is(0, sum(effects, "remove-endpoints", "leaving_kept_count"));
      f.is(1, sum(effects, "remove-endpoints", "leaving_count"));
    });
    var idle = Phrase.of("Of idle connections [*].").in(text);
    idle.ifPresent(f -> OfEffects.lost(f.words(0), facts));
    boolean untold = text.equals("What events did is not told.");
    boolean said =
        OfEvents.unhurried(facts).heading(text)
            || added.isPresent()
            || left.isPresent()
            || idle.isPresent()
            || untold;
    if (said) {
      assertThat(OfEvents.leftOut(facts, all)).isEqualTo(text);
    }
    if (untold) {
      assertThat(OfEvents.unhurried(facts).told()).as(all).isEmpty();
      assertThat(effects).as(all).noneMatch(r -> r.get("cause").equals("idle"));
    }
    assertThat(!said || facts.measured(c -> !c.direct() && !c.provoking() && c.judged()).isEmpty())
        .as(text)
        .isTrue();
    return said;
  }

  private static long sum(List<Map<String, String>> effects, String cause, String column) {
    return effects.stream()
        .filter(r -> r.get("cause").equals(cause))
        .mapToLong(r -> CsvText.count(r, column))
        .sum();
  }

  private void clause(String clause, String text) {
    Map<String, Word> counts =
        Map.of(
            "where connections landed is consistent with chance in [n] cell[s]", Word.CONSISTENT,
            "the law of the data plane was kept in [n] cell[s]", Word.KEPT,
            "connections were too few to tell in [n] cell[s]", Word.TOO_FEW);
    for (Map.Entry<String, Word> form : counts.entrySet()) {
      var f = Phrase.of(form.getKey()).in(clause);
      if (f.isPresent()) {
        f.get()
            .is(
                0,
                facts
                    .measured(c ->
                        !c.direct()
                            && (judge.word(c) == form.getValue()
                                || (judge.word(c) == Word.UNTOLD
                                    && form.getValue() == Word.TOO_FEW)))
                    .size());
        return;
      }
    }
    if (clause.startsWith("but ")) {
      blemishes(clause.substring(4));
      return;
    }
    alarm(clause, text);
  }

  private void alarm(String clause, String text) {
    var drawn =
        Phrase.of("not chance[*]: in [n] of [n] cell[s] connections landed [*] for a fair draw")
            .in(clause);
    var law =
        Phrase.of(
                "a law of where connections go was broken in [n] of [n] cell[s] whose pods are not drawn")
            .in(clause);
    if (drawn.isPresent()) {
      drawn.get().is(1, judge.are(Word.NOT_CHANCE).size());
      drawn.get().is(2, judge.drawn().size());
      assertThat(drawn.get().words(0).isEmpty())
          .isEqualTo(facts.text().manifest().contains("\"rulesEdit\" : \"\""));
    } else if (law.isPresent()) {
      law.get().is(0, judge.are(Word.BROKEN).size());
      law.get().is(1, judge.held());
    } else if (clause.startsWith("from node to node")) {
      assertThat(judge.matrices()).as(text).anyMatch(judge::alarm);
    } else {
      plain(clause);
    }
  }

  private void plain(String clause) {
    List<Cell> all = facts.measured();
    switch (clause) {
      case "nothing was measured" -> assertThat(all).isEmpty();
      case "no request of the measure phase had an answer" ->
          assertThat(all).allMatch(c -> c.sum("requests_answered_count") == 0);
      case "no cell goes through a Service, so no data plane is judged" ->
          assertThat(all).allMatch(Cell::direct);
      case "no cell behind a Service can be judged by where its connections landed" -> {
        assertThat(facts.measured(c -> !c.direct()))
            .isNotEmpty()
            .allMatch(c -> judge.word(c) == Word.NOT_JUDGED);
        assertThat(OfEvents.unhurried(facts).told()).as("there are events to tell of").isEmpty();
      }
      default -> throw new AssertionError("nobody knows whether: " + clause);
    }
  }

  private void blemishes(String list) {
    List<Cell> all = facts.measured();
    for (String part : list.split(", | and ", -1)) {
      long n = Long.parseLong(part.replaceAll("\\D", ""));
      long true_ =
          part.contains("from another pod")
              ? OfRecord.strays(all)
              : part.contains("witnesses")
                  ? all.stream().mapToLong(c -> c.sum("cross_check_disagreements_count")).sum()
                  : part.contains("request") ? OfRecord.lostOf(all) : OfRecord.doubtful(all);
      assertThat(n).as(list).isEqualTo(true_);
    }
  }

  private void worst(String text) {
    List<Cell> notChance = judge.are(Word.NOT_CHANCE);
    List<Cell> broken = judge.are(Word.BROKEN);
    List<Cell> replied =
        facts.measured(
            c -> !c.direct() && c.judged() && Double.isFinite(c.busiest("requests_count")));
    if (!notChance.isEmpty()) {
      Filled f =
          Phrase.read("[*]: not chance, [*]; busiest pod [n] times the mean of connections", text);
      Cell cell = facts.named(f.words(0));
      new OfVerdicts(facts, judge).departed(f.words(1), cell);
      assertThat(judge.p(cell.id()))
          .as("none is less probable: " + text)
          .isLessThanOrEqualTo(
              SURE * notChance.stream().mapToDouble(c -> judge.p(c.id())).min().orElseThrow());
      f.is(2, cell.busiest("connections_count"));
    } else if (!broken.isEmpty()) {
      Filled f =
          Phrase.read("[*]: law broken ([*]); busiest pod [n] times the mean of connections", text);
      assertThat(broken).as(text).contains(facts.named(f.words(0)));
      f.is(2, facts.named(f.words(0)).busiest("connections_count"));
    } else if (replied.isEmpty()) {
      OfEvents.unhurried(facts).dearest(text);
    } else {
      Filled f = Phrase.read("[*]: [*]; busiest pod [n] times the mean", text);
      Cell cell = facts.named(f.words(0));
      f.is(2, replied.stream().mapToDouble(c -> c.busiest("requests_count")).max().orElseThrow());
      f.is(2, cell.busiest("requests_count"));
      assertThat(f.words(1))
          .as(text)
          .isEqualTo(
              switch (judge.word(cell)) {
                case CONSISTENT -> "consistent with chance";
                case KEPT -> "by design";
                case TOO_FEW, UNTOLD -> "too few to tell";
                case NOT_JUDGED -> "not judged";
                case NOT_CHANCE, BROKEN -> throw new AssertionError(text);
              });
    }
  }

  private void idle(String text) {
    OfPods pods = new OfPods(facts);
    List<Cell> few = pods.few();
    if (few.isEmpty()) {
      OfEvents.unhurried(facts).newPods(text);
      return;
    }
    Filled f = Phrase.read("[r] of [n] pod[s] with [*]; [*]", text);
    f.spans(0, few.stream().map(c -> c.idle("connections_count")).toList());
    f.is(1, few.getFirst().count("pods_count"));
    if (few.size() == 1) {
      pods.connections(f.words(2), few);
    } else {
      Filled cells = Phrase.read("[*] ([n] cells)", f.words(2));
      pods.connections(cells.words(0), few);
      cells.is(1, few.size());
    }
    var usual = Phrase.of("chance leaves [r] (95 %: [r])").in(f.words(3));
    if (usual.isEmpty()) {
      pods.chance(f.words(3), few);
    } else {
      pods.chance(
          "chance leaves %s (%s in 95 of 100 such runs)"
              .formatted(usual.get().words(0), usual.get().words(1)),
          few);
    }
  }

  private void marks(String text) {
    List<Map<String, String>> all = facts.summaries();
    long asked = asked();
    String found = text;
    if (all.size() < asked) {
      Filled missing = Phrase.read("[*][n] of [n] repetition[s] without results", text);
      missing.is(1, asked - all.size());
      missing.is(2, asked);
      found = missing.words(0).replaceFirst("; $", "");
    }
    if (all.isEmpty()) {
      assertThat(found).isEmpty();
      return;
    }
    List<String> marks =
        all.stream()
            .filter(s -> !s.get("marks").equals("none"))
            .flatMap(s -> List.of(s.get("marks").split(";", -1)).stream())
            .toList();
    if (marks.isEmpty()) {
      Phrase.read("none of [n] repetition[s]", found).is(0, all.size());
      return;
    }
    Filled f = Phrase.read("[n] of [n] repetition[s]: [*]", found);
    f.is(0, all.stream().filter(s -> !s.get("marks").equals("none")).count());
    f.is(1, all.size());
    for (String each : f.words(2).split(", ", -1)) {
      Filled word = Phrase.read("[n] [*]", each);
      word.is(0, marks.stream().filter(word.words(1)::equals).count());
    }
    assertThat(f.words(2).split(", ", -1).length)
        .as(text)
        .isEqualTo((int) marks.stream().distinct().count());
  }
}
