package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Verdicts, worked out anew: Holm over all tests of cells and matrices, and laws by the ledger. */
final class Judge {
  static final double FAMILY = 0.001;
  private static final double ENOUGH = 0.8;

  /** What can be said of a cell's connections. */
  enum Word {
    NOT_CHANCE,
    CONSISTENT,
    TOO_FEW,
    KEPT,
    BROKEN,
    UNTOLD,
    NOT_JUDGED
  }

  /** A matrix from node to node. */
  record Matrix(
      List<Cell> cells,
      List<Map<String, Map<String, Long>>> repetitions,
      Map<String, Map<String, Long>> counts,
      Map<String, Long> pods) {
    boolean tested() {
      return cells.getFirst().drawn();
    }

    long connections() {
      return counts.values().stream().flatMap(r -> r.values().stream()).mapToLong(n -> n).sum();
    }

    double sameNodePct() {
      return 100.0
          * counts.entrySet().stream()
              .mapToLong(r -> r.getValue().getOrDefault(r.getKey(), 0L))
              .sum()
          / connections();
    }

    double chancePct() {
      double all = pods.values().stream().mapToLong(n -> n).sum();
      return 100
          * counts.entrySet().stream()
              .mapToDouble(r ->
                  r.getValue().values().stream().mapToLong(n -> n).sum()
                      * pods.getOrDefault(r.getKey(), 0L)
                      / all)
              .sum()
          / connections();
    }

    /** All repetitions together, as one part. */
    List<Map<String, Map<String, Long>>> pooled() {
      return List.of(counts);
    }

    /** Of all repetitions together, and of each for itself where there are more than one. */
    List<Double> tests() {
      return repetitions.size() < 2
          ? List.of(p(List.of(counts)))
          : List.of(p(List.of(counts)), p(repetitions));
    }

    private double p(List<Map<String, Map<String, Long>>> parts) {
      List<String> columns = List.copyOf(new TreeSet<>(pods.keySet()));
      assertThat(columns).as("the oracle counts matrices of two columns").hasSize(2);
      return FairCounts.matrix(
          parts.stream()
              .flatMap(part -> part.values().stream())
              .map(r -> columns.stream().mapToLong(c -> r.getOrDefault(c, 0L)).toArray())
              .toList(),
          (double) pods.get(columns.getFirst()) / pods.values().stream().mapToLong(n -> n).sum());
    }
  }

  private record Test(Object of, int form, double p) {}

  private final Facts facts;
  private final Map<String, Word> words = new HashMap<>();
  private final List<Matrix> matrices;
  private final Map<Object, Map<Integer, Double>> adjusted = new LinkedHashMap<>();
  private int tests;

  Judge(Facts facts) {
    this.facts = facts;
    this.matrices = matricesOf(facts);
    adjust();
  }

  int tests() {
    return tests;
  }

  List<Matrix> matrices() {
    return matrices;
  }

  private void adjust() {
    List<Test> all = new ArrayList<>();
    drawn().forEach(c -> tests(c, all));
    matrices.stream()
        .filter(Matrix::tested)
        .forEach(m -> {
          List<Double> forms = m.tests();
          for (int form = 0; form < forms.size(); form++) {
            all.add(new Test(m, form, forms.get(form)));
          }
        });
    tests = all.size();
    all.sort(Comparator.comparingDouble(Test::p));
    double most = 0;
    for (int i = 0; i < all.size(); i++) {
      most = Math.max(most, Math.min(1, all.get(i).p() * (all.size() - i)));
      adjusted.computeIfAbsent(all.get(i).of(), _ -> new TreeMap<>()).put(all.get(i).form(), most);
    }
  }

  private static void tests(Cell c, List<Test> all) {
    if (c.zoned() && Zoned.outside(c)) {
      all.add(new Test(c.id(), 0, 0));
      return;
    }
    int form = 0;
    for (List<long[]> counts : c.draws()) {
      all.add(new Test(c.id(), form, FairCounts.p(List.of(new Zoned.Draw(counts).sums()))));
      if (counts.stream().filter(r -> FairCounts.sum(r) > 0).count() > 1) {
        all.add(new Test(c.id(), form + 1, FairCounts.p(counts)));
      }
      form += 2;
    }
  }

  /** Cells whose pods are drawn, and that can be judged. */
  List<Cell> drawn() {
    return facts.measured(Cell::tested);
  }

  /** The smallest adjusted probability of a cell or a matrix. */
  double p(Object of) {
    return adjusted.get(of).values().stream().mapToDouble(d -> d).min().orElseThrow();
  }

  /** Those of a cell or a matrix: pooled, and by repetition if there is more than one. */
  List<Double> forms(Object of) {
    return List.copyOf(adjusted.get(of).values());
  }

  boolean alarm(Matrix m) {
    return m.tested() && p(m) <= FAMILY;
  }

  Word word(Cell c) {
    return words.computeIfAbsent(c.id(), _ -> judged(c));
  }

  private Word judged(Cell c) {
    if (!c.judged()) {
      return Word.NOT_JUDGED;
    }
    if (c.drawn() || c.zoned()) {
      return c.tested() ? drawnWord(c) : Word.NOT_JUDGED;
    }
    boolean other =
        c.balanced()
            || c.otherTurns()
            || c.forgets()
            || c.proxied()
            || c.settings().containsKey("local-ports")
            || c.settings().containsKey("conntrack-max");
    if (other || c.rows("connections").isEmpty()) {
      return Word.NOT_JUDGED;
    }
    if (!Law.kept(c)) {
      return Word.BROKEN;
    }
    return Law.metByDraw(c) <= 1 - ENOUGH ? Word.KEPT : Word.UNTOLD;
  }

  private Word drawnWord(Cell c) {
    if (p(c.id()) <= FAMILY) {
      return Word.NOT_CHANCE;
    }
    double power = twicePower(c);
    assertThat(Math.abs(power - ENOUGH))
        .as("drawing tells this power from enough")
        .isGreaterThan(0.03);
    return power >= ENOUGH ? Word.CONSISTENT : Word.TOO_FEW;
  }

  /** How often one pod at twice its share is found. */
  double twicePower(Cell c) {
    return power(c, 2.0 / c.podsSeen());
  }

  /**
   * How often one pod with a share of its own is found: in any of its draws, as if all pods were in
   * each.
   */
  double power(Cell c, double share) {
    return c.draws().stream()
        .map(Zoned.Draw::new)
        .mapToDouble(d -> {
          int n = (int) FairCounts.sum(d.sums());
          double own = Math.min(1, share * c.podsSeen() / d.pods());
          return n == 0 ? 0 : FairCounts.power(n, d.pods(), own, FAMILY / tests);
        })
        .min()
        .orElse(0);
  }

  List<Cell> are(Word word) {
    return facts.measured(c -> word(c) == word);
  }

  private static List<Matrix> matricesOf(Facts facts) {
    Map<List<String>, List<Cell>> alike =
        facts
            .measured(c ->
                !c.direct()
                    && !c.pinned()
                    && !c.sameZone()
                    && !c.changes()
                    && (c.count("nodes_count") > 1
                        || List.of("kind", "cluster").contains(c.is("testbed"))))
            .stream()
            .collect(
                Collectors.groupingBy(
                    c ->
                        List.of(
                            c.is("testbed"),
                            c.is("data_plane"),
                            c.is("iptables_backend"),
                            c.is("ipvs_scheduler"),
                            c.is("nodes_count"),
                            c.is("pods_count")),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return alike.values().stream().flatMap(cells -> matrix(cells).stream()).toList();
  }

  /** Cells whose pods are not drawn and that are held to a law. */
  int held() {
    return are(Word.BROKEN).size() + are(Word.KEPT).size() + are(Word.UNTOLD).size();
  }

  private static Optional<Matrix> matrix(List<Cell> cells) {
    Function<Cell, List<Map<String, String>>> first =
        c -> c.pods(c.summaries().getFirst().get("repetition"));
    Map<String, Long> pods =
        cells.stream()
            .map(first)
            .filter(rows -> !rows.isEmpty())
            .findFirst()
            .orElse(List.of())
            .stream()
            .collect(Collectors.groupingBy(r -> r.get("node"), Collectors.counting()));
    List<Map<String, String>> ledger =
        cells.stream()
            .flatMap(c -> c.connections().stream())
            .filter(r -> !r.get("node").equals("NA") && !r.get("client_node").equals("NA"))
            .toList();
    List<Map<String, Map<String, Long>>> repetitions =
        ledger.stream()
            .collect(
                Collectors.groupingBy(
                    r -> List.of(r.get("cell_id"), r.get("repetition")),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values()
            .stream()
            .map(Judge::counts)
            .toList();
    return pods.size() < 2 || ledger.isEmpty()
        ? Optional.empty()
        : Optional.of(new Matrix(cells, repetitions, counts(ledger), pods));
  }

  private static Map<String, Map<String, Long>> counts(List<Map<String, String>> ledger) {
    return ledger.stream()
        .collect(
            Collectors.groupingBy(
                r -> r.get("client_node"),
                TreeMap::new,
                Collectors.groupingBy(r -> r.get("node"), Collectors.counting())));
  }
}
