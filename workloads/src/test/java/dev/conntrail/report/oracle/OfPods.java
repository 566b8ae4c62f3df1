package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Sentences on where connections and requests landed. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfPods(Facts facts) {
  private static final double FAR = 0.05;

  /** Cells with the fewest long-lived connections, alike but for data plane and protocol. */
  List<Cell> few() {
    List<Cell> all =
        facts.measured(
            c -> c.plain() && !c.direct() && c.drawn() && !c.shortLived() && !c.shared());
    int least = all.stream().mapToInt(c -> c.count("connections_count")).min().orElse(0);
    Optional<Cell> first =
        all.stream().filter(c -> c.count("connections_count") == least).findFirst();
    return all.stream()
        .filter(c ->
            first.isPresent()
                && Stream.of("testbed", "connections_count", "pods_count", "clients_count")
                    .allMatch(column -> c.is(column).equals(first.get().is(column))))
        .filter(c -> c.judged() && c.podsSeen() > 1)
        .toList();
  }

  /** The control of a cell. */
  Optional<Cell> control(Cell cell) {
    return facts
        .measured(c ->
            c.plain()
                && !c.direct()
                && c.shortLived()
                && c.is("testbed").equals(cell.is("testbed"))
                && c.variant().equals(cell.variant())
                && c.is("pods_count").equals(cell.is("pods_count")))
        .stream()
        .findFirst();
  }

  void idle(String text) {
    Filled f =
        Phrase.of("[*] left [r] of [n] pod[s] without one ([n] cell[s]); [*].[*]")
            .in(text)
            .orElseThrow(() -> new AssertionError(text));
    List<Cell> cells = few();
    connections(f.words(0), cells);
    f.spans(1, cells.stream().map(c -> c.idle("connections_count")).toList());
    f.is(2, cells.getFirst().count("pods_count"));
    f.is(3, cells.size());
    int cut = text.indexOf("chance leaves");
    String rest = text.substring(cut);
    String chance = rest.substring(0, rest.indexOf(").") + 1);
    chance(chance, cells);
    control(rest.substring(chance.length() + 1), cells);
  }

  /** {@code 10 long-lived connections}, or so many of them. */
  void connections(String said, List<Cell> cells) {
    int asked = cells.getFirst().count("connections_count");
    List<Double> opened = cells.stream().map(OfPods::opened).toList();
    if (opened.stream().allMatch(o -> o == asked)) {
      Phrase.read("[n] long-lived connection[s]", said).is(0, asked);
    } else {
      Filled f = Phrase.read("[r] of [n] long-lived connection[s]", said);
      f.spans(0, opened);
      f.is(1, asked);
    }
  }

  private static double opened(Cell c) {
    return (double) FairCounts.sum(c.sums("connections_count"))
        / c.counts("connections_count").size();
  }

  /** What chance leaves, and where 95 % of means lie. */
  void chance(String said, List<Cell> cells) {
    List<Double> expected = cells.stream().map(OfPods::expected).toList();
    Optional<Filled> one =
        Phrase.of("chance leaves [r] ([n] to [n] in 95 of 100 such runs)").in(said);
    if (one.isPresent()) {
      one.get().spans(0, expected);
      cells.forEach(c -> one.get().is(1, Idle.of(c).low()));
      cells.forEach(c -> one.get().is(2, Idle.of(c).high()));
      return;
    }
    Optional<Filled> point = Phrase.of("chance leaves [r] ([n] in 95 of 100 such runs)").in(said);
    if (point.isPresent()) {
      point.get().spans(0, expected);
      cells.forEach(c -> point.get().is(1, Idle.of(c).low()));
      cells.forEach(c -> point.get().is(1, Idle.of(c).high()));
      return;
    }
    Filled f =
        Phrase.read(
            "chance leaves [r] (in [n] of [n] cells the mean is one that 95 of 100 such runs give)",
            said);
    f.spans(0, expected);
    f.is(1, cells.stream().filter(OfPods::asChance).count());
    f.is(2, cells.size());
  }

  static boolean asChance(Cell c) {
    Idle idle = Idle.of(c);
    double mean = c.idle("connections_count");
    return mean >= idle.low() - FAR / 100 && mean <= idle.high() + FAR / 100;
  }

  private static double expected(Cell c) {
    return c.counts("connections_count").stream()
        .mapToDouble(r -> r.length * Math.pow(1 - 1.0 / r.length, FairCounts.sum(r)))
        .average()
        .orElseThrow();
  }

  private void control(String said, List<Cell> cells) {
    List<Cell> controls =
        cells.stream().flatMap(c -> control(c).stream()).distinct().filter(Cell::judged).toList();
    if (controls.isEmpty()) {
      assertThat(said).isEmpty();
      return;
    }
    Filled f =
        Phrase.read(
            " A new connection for each request left [r] without a request ([n] cell[s]).", said);
    f.spans(0, controls.stream().map(c -> c.idle("requests_count")).toList());
    f.is(1, controls.size());
  }

  void evenness(String text) {
    Predicate<Cell> told =
        c ->
            c.judged()
                && c.drawn()
                && c.podsSeen() > 1
                && !c.provoking()
                && Double.isFinite(c.busiest("requests_count"));
    List<Cell> kept = facts.measured(told.and(c -> !c.shortLived() && !c.shared()));
    List<Cell> compared =
        kept.stream()
            .filter(c ->
                control(c)
                    .filter(Cell::judged)
                    .filter(o -> Double.isFinite(o.busiest("requests_count")))
                    .isPresent())
            .toList();
    String rest = text;
    if (!compared.isEmpty()) {
      int end = text.indexOf(". ") + 1;
      Filled f =
          Phrase.read(
              "In [n] of [n] cell[s] with long-lived connections pods were loaded less evenly than with a"
                  + " new connection for each request through the same data plane.",
              text.substring(0, end));
      f.is(
          0,
          compared.stream()
              .filter(c ->
                  c.busiest("requests_count")
                      > control(c).orElseThrow().busiest("requests_count") + 1e-9)
              .count());
      f.is(1, compared.size());
      rest = text.substring(end + 1);
    }
    String parts = Phrase.read("Requests of the busiest pod over the mean: [*].", rest).words(0);
    for (String part : parts.split("(?<=\\)), |(?<=\\)) and ", -1)) {
      Filled f = Phrase.read("[r] with [*] ([n] cell[s])", part);
      List<Cell> cells =
          switch (f.words(1)) {
            case "long-lived connections" -> kept;
            case "one client object that all callers share" ->
                facts.measured(told.and(Cell::shared));
            case "a new connection for each request" -> facts.measured(told.and(Cell::shortLived));
            default -> throw new AssertionError(text);
          };
      f.spans(0, cells.stream().map(c -> c.busiest("requests_count")).toList());
      f.is(2, cells.size());
    }
  }

  void staying(String text) {
    List<Map<String, String>> telling =
        facts.measured(c -> !c.proxied()).stream()
            .flatMap(c -> c.rows("connections").stream())
            .filter(r -> count(r, "requests_count") > 1 || count(r, "strays_count") > 0)
            .toList();
    List<Map<String, String>> moved =
        telling.stream().filter(r -> count(r, "strays_count") > 0).toList();
    Filled f;
    if (moved.isEmpty()) {
      f =
          Phrase.read(
              "Connections stayed on their pod: of [n] [*] on [n] connection[s] that had more than one,"
                  + " none came from another pod than the first.",
              text);
    } else {
      f =
          Phrase.read(
              "Connections changed their pod: of [n] [*] on [n] connection[s] that had more than one, or"
                  + " another pod's, [n] came from another pod than the first, on [n] connection[s] ([*]).",
              text);
      f.is(3, facts.sum(moved, "strays_count"));
      f.is(4, moved.size());
      List<String> ids = moved.stream().map(r -> r.get("cell_id")).distinct().toList();
      List<String> named = OfVerdicts.items(f.words(5), ids.size());
      assertThat(named.stream().map(n -> facts.named(n).id()).toList()).isSubsetOf(ids);
    }
    f.is(0, facts.sum(telling, "requests_count"));
    f.is(2, telling.size());
  }

  void shared(String text) {
    Filled f =
        Phrase.read(
            "Callers that share one client object sent their requests to [r] of [r] pods: [*].",
            text);
    List<Cell> cells = facts.measured(c -> c.shared() && !c.rows("distribution").isEmpty());
    f.spans(0, cells.stream().flatMap(c -> used(c).stream()).toList());
    f.spans(1, cells.stream().map(c -> (double) c.count("pods_count")).toList());
    List<String> items = OfVerdicts.items(f.words(2), cells.size());
    for (int i = 0; i < items.size(); i++) {
      shared(items.get(i), cells.get(i));
    }
  }

  private static void shared(String item, Cell c) {
    Filled f =
        Phrase.read(
            "[*], [*]: [n] caller[s] opened [r] connection[s] on [*]of [n] pod[s], requests went to [r]",
            item);
    assertThat(f.words(0)).isEqualTo(c.variant());
    assertThat(f.words(1)).isEqualTo(c.is("protocol"));
    f.is(2, c.count("connections_count"));
    f.spans(3, c.figures("connections_opened_count"));
    boolean known =
        !c.rows("connections").isEmpty()
            && c.rows("connections").stream().noneMatch(r -> r.get("pod").equals("NA"));
    assertThat(f.words(4).startsWith("at least ")).as(item).isEqualTo(!known);
    Phrase.read("[r] ", f.words(4).replace("at least ", ""))
        .spans(0, c.figures("pods_reached_count"));
    f.is(5, c.count("pods_count"));
    f.spans(6, used(c));
  }

  private static List<Double> used(Cell c) {
    return c.summaries().stream()
        .map(s -> c.pods(s.get("repetition")))
        .filter(rows -> !rows.isEmpty())
        .map(rows -> (double) rows.stream().filter(r -> count(r, "requests_count") > 0).count())
        .toList();
  }

  void hashing(String text) {
    String list = Phrase.read("Pods reached where ipvs's scheduler hashes: [*].", text).words(0);
    List<Cell> cells =
        facts.measured(
            c -> c.ipvs("sh", "dh", "mh") && !c.direct() && !c.pinned() && !c.provoking());
    List<String> items = OfVerdicts.items(list, cells.size());
    for (int i = 0; i < items.size(); i++) {
      Cell c = cells.get(i);
      Filled f = Phrase.read("[*], from [n] client[s]: [r] of [n] pod[s] by [*]", items.get(i));
      assertThat(f.words(0)).isEqualTo(c.name());
      f.is(1, c.count("clients_count"));
      f.spans(2, c.figures("pods_reached_count"));
      f.is(3, c.count("pods_count"));
    }
  }

  void nodesTogether(String text) {
    Filled f =
        Phrase.read(
            "[*]: [n] of [n] pod[s] idle from one node, [n] from [n] nodes that start together; a draw"
                + " would leave [r].",
            text);
    Cell many = facts.named(f.words(0).replace(", each node taking its own turns", ""));
    assertThat(f.words(0).endsWith("turns")).isEqualTo(many.ipvs("rr", "wrr"));
    Cell one =
        facts.measured(c -> c.count("nodes_count") == 1 && c.alike(many, "nodes_count")).getFirst();
    f.is(1, one.idle("connections_count"));
    f.is(2, many.podsSeen());
    f.is(3, many.idle("connections_count"));
    f.is(4, many.count("nodes_count"));
    f.spans(5, List.of(expected(one), expected(many)));
  }

  void portReuse(String text) {
    Filled all = Phrase.read("Ports used again through ipvs ([*]; [*]): [*].", text);
    List<Cell> cells =
        facts.measured(c ->
            c.settings().containsKey("conn-reuse-mode")
                && c.judged()
                && c.workload().equals(all.words(0))
                && c.is("testbed").equals(all.words(1))
                && FairCounts.sum(c.sums("connections_count")) > 0);
    List<String> items = OfVerdicts.items(all.words(2), cells.size());
    for (int i = 0; i < items.size(); i++) {
      Filled f =
          Phrase.read(
              "[*]: the busiest pod got [n] times the mean of connections, [n] of [n] pod[s] none",
              items.get(i));
      assertThat(f.words(0)).isEqualTo(cells.get(i).variant());
      f.is(1, cells.get(i).busiest("connections_count"));
      f.is(2, cells.get(i).idle("connections_count"));
      f.is(3, cells.get(i).podsSeen());
    }
  }
}
