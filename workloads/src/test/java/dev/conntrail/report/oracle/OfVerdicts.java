package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Judge.Matrix;
import dev.conntrail.report.oracle.Judge.Word;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.function.Predicate;

/** Sentences on verdicts: chance, laws, nodes. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfVerdicts(Facts facts, Judge judge) {
  private static final double DRAWN = 0.03;

  /** Probabilities that differ by less may be the same after the correction. */
  private static final double SURE = 100;

  void notChance(String text) {
    Filled f =
        Phrase.read(
            "Not chance: in [n] of [n] cell[s] whose pods are drawn, connections landed otherwise than a"
                + " fair draw lets them: [*].",
            text);
    List<Cell> bad = judge.are(Word.NOT_CHANCE);
    f.is(0, bad.size());
    f.is(1, judge.drawn().size());
    List<String> items = items(f.words(2), bad.size());
    for (int i = 0; i < items.size(); i++) {
      Cell c = bad.get(i);
      assertThat(items.get(i)).startsWith(c.name() + " (");
      assertThat(items.get(i)).contains(even(c) ? "(too even" : "(too uneven");
      p(
          items.get(i).replaceAll(".*[(,:] ?(?:[a-z ]*, )?(p [=<] [^)]*)\\)$", "$1"),
          judge.p(c.id()));
    }
  }

  /** {@code too uneven, p = 0.0004}. */
  void departed(String said, Cell c) {
    Filled f = Phrase.read("[*], p [*]", said);
    assertThat(f.words(0)).as(said).startsWith(even(c) ? "too even" : "too uneven");
    p("p " + f.words(1), judge.p(c.id()));
  }

  /** Which side: by the form that decides, busiest far above or all alike. */
  boolean even(Cell c) {
    return !(c.zoned() && Zoned.outside(c))
        && c.draws().stream()
            .map(Zoned.Draw::new)
            .allMatch(d ->
                Math.max(
                        FairCounts.pearson(d.sums()),
                        d.counts().stream()
                            .filter(r -> FairCounts.sum(r) > 0)
                            .mapToDouble(FairCounts::pearson)
                            .max()
                            .orElse(0))
                    < d.pods() - 1);
  }

  static void p(String said, double expected) {
    if (said.startsWith("p <")) {
      assertThat(expected).isLessThan(1e-11);
      return;
    }
    double figure = Double.parseDouble(said.substring(4));
    assertThat(figure)
        .as("%s where counting gives %s", said, expected)
        .isBetween(0.6 * expected - 0.004, 1.5 * expected + 0.004);
  }

  /** The items of a list; with those that it says it left out they are as many as there are. */
  static List<String> items(String list, int all) {
    List<String> parts = List.of(list.split("; ", -1));
    List<String> items = parts.stream().filter(i -> !i.matches("and [\\d,]+ more")).toList();
    String left = items.size() == parts.size() ? "0" : parts.getLast();
    assertThat(items.size() + Integer.parseInt(left.replaceAll("\\D", ""))).as(list).isEqualTo(all);
    return items;
  }

  void chance(String text) {
    Filled f =
        Phrase.read(
            "Where connections landed is consistent with chance in [n] of [n] cell[s] whose pods are drawn;"
                + " one pod at [r] times its fair share would have been found.",
            text);
    List<Cell> cells = judge.are(Word.CONSISTENT);
    f.is(0, cells.size());
    f.is(1, judge.drawn().size());
    for (String times : f.words(2).split(" to ", -1)) {
      double share = Double.parseDouble(times);
      assertThat(cells)
          .as(text)
          .anySatisfy(c ->
              assertThat(Math.abs(judge.power(c, share / c.podsSeen()) - 0.9)).isLessThan(DRAWN));
    }
  }

  void tooFew(String text) {
    Filled f =
        Phrase.read(
            "Too few connections to tell whether it is chance in [n] of [n] cell[s] whose pods are drawn"
                + " ([r] connections, all repetitions together; [*]): one pod at twice its share would be"
                + " found in [r] % of such runs.[*]",
            text);
    List<Cell> cells = judge.are(Word.TOO_FEW);
    f.is(0, cells.size());
    f.is(1, judge.drawn().size());
    f.spans(
        2, cells.stream().map(c -> (double) FairCounts.sum(c.sums("connections_count"))).toList());
    List<String> named = items(f.words(3), cells.size());
    for (int i = 0; i < named.size(); i++) {
      assertThat(named.get(i)).isEqualTo(cells.get(i).name());
    }
    String[] power = f.words(4).split(" to ", -1);
    near(power[0], cells.stream().mapToDouble(judge::twicePower).min().orElseThrow());
    near(
        power[power.length - 1], cells.stream().mapToDouble(judge::twicePower).max().orElseThrow());
    needed(f.words(5));
  }

  /** Per cent against a share of a few thousand draws. */
  private static void near(String pct, double drawn) {
    assertThat(Math.abs(Phrases.figure(pct) / 100 - drawn))
        .as("%s %% where drawing gives %s", pct, drawn)
        .isLessThan(drawn < DRAWN ? 0.005 : DRAWN);
  }

  private void needed(String text) {
    if (text.isEmpty()) {
      return;
    }
    String list = Phrase.read(" To tell takes [*].", text).words(0);
    for (String item : list.split(", | and ", -1)) {
      Filled f = Phrase.read("[n] for [n] pod[s]", item);
      int n = (int) Phrases.figure(f.words(0));
      int k = (int) Phrases.figure(f.words(1));
      double power = FairCounts.power(n, k, 2.0 / k, Judge.FAMILY / judge.tests());
      assertThat(Math.abs(power - 0.8)).as(text).isLessThan(DRAWN);
    }
  }

  void lawBroken(String text) {
    Filled f =
        Phrase.read("A law was broken in [n] of [n] cell[s] whose pods are not drawn: [*].", text);
    List<Cell> broken = judge.are(Word.BROKEN);
    f.is(0, broken.size());
    f.is(1, judge.held());
    List<String> items = items(f.words(2), broken.size());
    for (int i = 0; i < items.size(); i++) {
      assertThat(items.get(i))
          .isEqualTo(broken.get(i).name() + " does not keep that " + Law.words(broken.get(i)));
    }
  }

  void lawKept(String text) {
    laws(
        Word.KEPT,
        Phrase.read(
            "By design, not by chance: the law of the choice was kept in [n] of [n] cell[s] whose pods are"
                + " not drawn ([*]), which a fair draw does in [n] % of such runs at most.",
            text));
  }

  void lawUntold(String text) {
    laws(
        Word.UNTOLD,
        Phrase.read(
            "Too few connections to tell a law from chance in [n] of [n] cell[s] whose pods are not drawn"
                + " ([*]): it was kept, but a fair draw keeps it too in up to [n] % of such runs.",
            text));
  }

  private void laws(Word word, Filled f) {
    List<Cell> cells = judge.are(word);
    f.is(0, cells.size());
    f.is(1, judge.held());
    for (String item : f.words(2).split("; ", -1)) {
      Filled law = Phrase.read("[*]: [n] cell[s]", item);
      law.is(1, cells.stream().filter(c -> Law.words(c).equals(law.words(0))).count());
    }
    f.is(3, cells.stream().mapToDouble(c -> 100 * Law.metByDraw(c)).max().orElseThrow());
  }

  void planted(String text) {
    Filled f =
        Phrase.read(
            "The rules of this run were edited before they were loaded ([*]): [n] of [n] cell[s] whose pods"
                + " are drawn [*] found not to be chance[*].",
            text);
    assertThat(facts.text().manifest()).contains("\"rulesEdit\" : \"" + f.words(0) + "\"");
    f.is(1, judge.are(Word.NOT_CHANCE).size());
    f.is(2, judge.drawn().size());
    int few = judge.are(Word.TOO_FEW).size();
    assertThat(f.words(4))
        .isEqualTo(few == 0 ? "" : ", and " + few + " had too few connections to tell");
  }

  void notJudged(String text) {
    Filled f =
        Phrase.read("Where connections landed is not judged in [n] of [n] cell[s]: [*].", text);
    f.is(0, judge.are(Word.NOT_JUDGED).size());
    f.is(1, facts.measured().size());
    for (String reason : f.words(2).split(", (?=\\d)| and (?=\\d)", -1)) {
      Filled r = Phrase.read("[n] because [*]", reason);
      r.is(0, facts.measured(why(r.words(1))).size());
    }
  }

  private Predicate<Cell> why(String words) {
    Predicate<Cell> lawful = c -> c.judged() && !c.drawn() && judge.word(c) == Word.NOT_JUDGED;
    Predicate<Cell> settings =
        c ->
            c.otherTurns()
                || c.forgets()
                || c.settings().containsKey("local-ports")
                || c.settings().containsKey("conntrack-max");
    return switch (words) {
      case "events happened meanwhile" -> Cell::changes;
      case "no repetition of theirs has counts of all its pods" -> c -> !c.changes() && !c.judged();
      case "there is one pod to go to" -> c -> c.judged() && c.podsSeen() == 1;
      case "there is one pod in each client's zone" ->
          c -> c.judged() && c.zoned() && !c.tested() && !c.rows("connections").isEmpty();
      case "their clients balance for themselves" -> lawful.and(Cell::balanced);
      case "a proxy balances for their clients" -> lawful.and(Cell::proxied);
      case "their settings make the law another" ->
          lawful.and(settings).and(c -> !c.balanced() && !c.proxied());
      case "connections.csv has no connection of theirs" ->
          lawful
              .and(settings.or(Cell::balanced).or(Cell::proxied).negate())
              .and(c -> c.rows("connections").isEmpty());
      default -> throw new AssertionError("no such reason: " + words);
    };
  }

  void nodes(String text, boolean alarm) {
    Filled f =
        Phrase.read(
            alarm
                ? "Not chance: from node to node connections went otherwise than a draw gives that knows no"
                    + " nodes: [*]."
                : "From node to node connections went as a draw may send them that knows no nodes: [*].",
            text);
    matrices(f.words(0), m -> m.tested() && judge.alarm(m) == alarm);
  }

  void nodesNotTested(String text) {
    matrices(Phrase.read("From node to node, not tested: [*].", text).words(0), m -> !m.tested());
  }

  private void matrices(String list, Predicate<Matrix> which) {
    List<Matrix> matrices = judge.matrices().stream().filter(which).toList();
    List<String> items = items(list, matrices.size());
    for (int i = 0; i < items.size(); i++) {
      Matrix m = matrices.get(i);
      Filled f =
          Phrase.read(
              "through [*] ([*], [n] pod[s]) [n] % of [n] connection[s] came to a pod on their client's own"
                  + " node, where chance gives [n] %[*]",
              items.get(i));
      String text = items.get(i);
      assertThat(f.words(0)).isEqualTo(m.cells().getFirst().variant());
      assertThat(f.words(1)).isEqualTo(m.cells().getFirst().is("testbed"));
      f.is(2, m.cells().getFirst().count("pods_count"));
      f.is(3, m.sameNodePct());
      f.is(4, m.connections());
      f.is(5, m.chancePct());
      if (m.tested()) {
        Filled test = Phrase.read(" (whole matrix[*]: [*])", f.words(6));
        p(test.words(1), judge.p(m));
        assertThat(test.words(0)).isIn("", " repetition by repetition");
        List<Double> forms = m.tests();
        if (judge.alarm(m) && forms.getFirst() > SURE * forms.getLast()) {
          assertThat(test.words(0)).as(text).isNotEmpty();
        } else if (judge.alarm(m) && SURE * forms.getFirst() < forms.getLast()) {
          assertThat(test.words(0)).as(text).isEmpty();
        }
      } else {
        assertThat(f.words(6)).isEmpty();
      }
    }
  }
}
