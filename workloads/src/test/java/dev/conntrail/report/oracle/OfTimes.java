package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Sentences on times: medians of repetitions, and how far they scatter. */
record OfTimes(Facts facts) {
  private static final String CONNECT = "connect_p50_ns";
  private static final String RESPONSE = "response_p50_ns";

  void connect(String text) {
    Filled f = Phrase.read("A TCP connect took ([*]; [*]) [*]. [*].", text);
    List<Cell> all =
        facts.measured(c ->
            c.plain()
                && c.shortLived()
                && c.is("testbed").equals(f.words(1))
                && !c.figures(CONNECT).isEmpty());
    List<Cell> group = all.stream().filter(c -> c.workload().equals(f.words(0))).toList();
    List<String> items = OfVerdicts.items(f.words(2), group.size());
    for (int i = 0; i < items.size(); i++) {
      Cell cell = group.get(i);
      String item = items.get(i);
      assertThat(item).startsWith(cell.variant() + " ");
      List<Double> medians = cell.figures(CONNECT);
      String times = item.substring(cell.variant().length() + 1);
      if (medians.size() == 1) {
        Phrase.read("[t]", times).spansTimes(0, medians);
      } else {
        Filled t = Phrase.read("[t] ([t])", times);
        t.spansTimes(0, List.of(Facts.median(medians)));
        t.spansTimes(1, medians);
      }
    }
    if (all.stream().noneMatch(c -> c.figures(CONNECT).size() > 1)) {
      assertThat(f.words(3))
          .isEqualTo("No such cell has two repetitions, so nothing tells how well this repeats");
    } else {
      scatter(
          Phrase.read(
              "Repetitions of one such cell differ by up to [n] times (half of [n] cell[s]: up to [n])",
              f.words(3)),
          0,
          all,
          CONNECT);
    }
  }

  private static void scatter(Filled f, int from, List<Cell> cells, String column) {
    List<Double> ratios =
        cells.stream()
            .map(c -> c.figures(column))
            .filter(m -> m.size() > 1)
            .map(m ->
                m.stream().max(Double::compare).orElseThrow()
                    / m.stream().min(Double::compare).orElseThrow())
            .toList();
    f.is(from, ratios.stream().max(Double::compare).orElseThrow());
    f.is(from + 1, ratios.size());
    f.is(from + 2, Facts.median(ratios));
  }

  void scatter(String text) {
    List<Cell> calm = facts.measured(c -> !c.provoking());
    if (text.startsWith("No cell")) {
      assertThat(calm)
          .allSatisfy(c -> {
            assertThat(c.figures(CONNECT).size()).isLessThan(2);
            assertThat(c.figures(RESPONSE).size()).isLessThan(2);
          });
      return;
    }
    String list = Phrase.read("Repetitions of one cell differ [*].", text).words(0);
    for (String part : list.split(", and ", -1)) {
      Filled f =
          Phrase.read(
              "in their median [*] by up to [n] times (half of [n] cell[s]: up to [n])[*]", part);
      String column = f.words(0).equals("connect") ? CONNECT : RESPONSE;
      scatter(f, 1, calm, column);
      if (!f.words(4).isEmpty()) {
        Phrase.read(", odd against even repetitions up to [n]", f.words(4))
            .is(
                0,
                calm.stream()
                    .map(c -> halves(c, column))
                    .filter(Double::isFinite)
                    .max(Double::compare)
                    .orElseThrow());
      }
    }
  }

  private static double halves(Cell c, String column) {
    List<Double> odd = half(c, column, 1);
    List<Double> even = half(c, column, 0);
    if (odd.isEmpty() || even.isEmpty()) {
      return Double.NaN;
    }
    double ratio = Facts.median(odd) / Facts.median(even);
    return Math.max(ratio, 1 / ratio);
  }

  private static List<Double> half(Cell c, String column, int rest) {
    return c.summaries().stream()
        .filter(s -> CsvText.count(s, "repetition") % 2 == rest)
        .map(s -> CsvText.number(s, column))
        .filter(Double::isFinite)
        .toList();
  }

  private record Pair(Cell kept, Cell fresh) {
    double ratio() {
      return median(fresh) / median(kept);
    }

    static double median(Cell c) {
      return Facts.median(c.figures(RESPONSE));
    }

    boolean busy() {
      return Stream.of(kept, fresh).anyMatch(Pair::busy);
    }

    private static boolean busy(Cell c) {
      long busy =
          c.summaries().stream()
              .map(s -> List.of(s.get("marks").split(";", -1)))
              .filter(m ->
                  Stream.of("client-short-of-cpu", "rate-missed", "cpu-stolen")
                      .anyMatch(m::contains))
              .count();
      return 2 * busy > c.summaries().size();
    }
  }

  void price(String text) {
    Predicate<Cell> timed = c -> !c.figures(RESPONSE).isEmpty();
    List<Pair> all =
        facts.measured(timed.and(c -> c.plain() && c.shortLived())).stream()
            .flatMap(fresh ->
                facts
                    .measured(
                        timed.and(c ->
                            c.is("protocol").equals("http1")
                                && !c.shared()
                                && c.alike(fresh, "protocol")))
                    .stream()
                    .map(kept -> new Pair(kept, fresh)))
            .toList();
    List<Pair> telling = all.stream().filter(p -> !p.busy()).toList();
    if (telling.isEmpty()) {
      Phrase.read(
              "What a new connection for each request costs cannot be told: most repetitions of [n]"
                  + " pair[s] of cells that compare are marked, and say more about how busy the machine"
                  + " was.",
              text)
          .is(0, all.size());
      return;
    }
    Filled f =
        Phrase.read(
            "A request on a new connection took [r] times as long as one on a kept connection ([t] against"
                + " [t], medians; [n] pair[s] of cells that differ in that alone[*]).",
            text);
    f.spans(0, telling.stream().map(Pair::ratio).toList());
    f.spansTimes(1, telling.stream().map(p -> Pair.median(p.fresh())).toList());
    f.spansTimes(2, telling.stream().map(p -> Pair.median(p.kept())).toList());
    f.is(3, telling.size());
    int left = all.size() - telling.size();
    if (left == 0) {
      assertThat(f.words(4)).isEmpty();
    } else {
      Phrase.read(", without [n] that [*] more about how busy the machine was", f.words(4))
          .is(0, left);
    }
  }

  void closedLoop(String text) {
    Filled f =
        Phrase.read(
            "In [n] of [n] cell[s] each caller waits for the reply before it sends again (closed loop):"
                + " while a pod stalls little is sent, so a stall counts as a few long requests however"
                + " long it lasts, and percentiles of these cells hardly show it.",
            text);
    f.is(0, facts.measured(c -> c.is("rate").equals("closed")).size());
    f.is(1, facts.measured().size());
  }

  /** Cells that a run beside this has too. */
  static Map<Cell, Cell> pairs(Facts here, Facts there) {
    Map<Cell, Cell> pairs = new java.util.LinkedHashMap<>();
    for (Cell c : here.measured()) {
      there
          .measured(o -> o.id().equals(c.id()) && o.is("testbed").equals("netns"))
          .forEach(o -> pairs.put(c, o));
    }
    return pairs;
  }

  /** Cells that the run beside this has with another kube-proxy, all else being equal. */
  private static long otherRules(Facts here, Facts there) {
    Map<Cell, Cell> pairs = pairs(here, there);
    return here.measured(c ->
            c.is("data_plane").equals("nftables")
                && !pairs.containsKey(c)
                && !there
                    .measured(
                        o -> o.is("testbed").equals("netns") && c.alike(o, "testbed", "kube_proxy"))
                    .isEmpty())
        .size();
  }

  void otherTestbed(String text, Facts there) {
    Filled f =
        Phrase.read(
            "Beside run [*] on netns, which has [n] of [n] cell[s] with the same set-up[*]: the verdict on"
                + " connections [*].",
            text);
    Map<Cell, Cell> pairs = pairs(facts, there);
    f.is(1, pairs.size());
    f.is(2, facts.measured().size());
    long rules = otherRules(facts, there);
    assertThat(f.words(3))
        .isEqualTo(rules == 0 ? "" : ", and " + rules + " with the rules of another kube-proxy");
    Judge mine = new Judge(facts);
    Judge theirs = new Judge(there);
    List<String> differ =
        pairs.entrySet().stream()
            .filter(p -> mine.word(p.getKey()) != theirs.word(p.getValue()))
            .map(p -> p.getKey().name())
            .toList();
    if (differ.isEmpty()) {
      assertThat(f.words(4)).isEqualTo("is the same word in all of them");
    } else {
      Filled d = Phrase.read("is another word in [n] ([*])", f.words(4));
      d.is(0, differ.size());
      assertThat(d.words(1)).startsWith(differ.getFirst() + ": ");
    }
  }

  void otherTestbedTimes(String text, Facts there) {
    Filled f =
        Phrase.read(
            "Over the [n] cell[s] with the same set-up in run [*] on netns, a median request took [r] times"
                + " and a median connect [r] times as long here.",
            text);
    Map<Cell, Cell> pairs = pairs(facts, there);
    f.is(0, pairs.size());
    f.spans(2, ratios(pairs, RESPONSE));
    f.spans(3, ratios(pairs, CONNECT));
  }

  private static List<Double> ratios(Map<Cell, Cell> pairs, String column) {
    return pairs.entrySet().stream()
        .filter(
            p -> !p.getKey().figures(column).isEmpty() && !p.getValue().figures(column).isEmpty())
        .map(p ->
            Facts.median(p.getKey().figures(column)) / Facts.median(p.getValue().figures(column)))
        .toList();
  }
}
