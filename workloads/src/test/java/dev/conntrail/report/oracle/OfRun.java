package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Judge.Matrix;
import dev.conntrail.report.oracle.PageText.Kind;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Paragraphs and captions of the run: nodes, rules, witnesses, method, limits. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
final class OfRun extends Forms {
  private static final String MONTE_CARLO = "Monte-Carlo, 1000000 draws";
  private final OfTimes times;
  private final Optional<Facts> beside;

  OfRun(Facts facts, Judge judge, Optional<Facts> beside) {
    super(facts, judge);
    this.times = new OfTimes(facts);
    this.beside = beside;
    nodes();
    besideAnother();
    rules();
    witnesses();
    method();
    limits();
  }

  private boolean edited() {
    return !facts.text().manifest().contains("\"rulesEdit\" : \"\"");
  }

  private void nodes() {
    String counts =
        ": connections from node to node, and in brackets what a fair draw from all pods gives ([*])";
    form(
        "nodes",
        Kind.CAPTION,
        "[*], [n] node[s], [n] pod[s], [*]" + counts,
        (t, f) -> {
          Matrix m = matrix(f.words(0), (int) Phrases.figure(f.words(2)), f.words(3), f.words(1));
          matrix(f.words(4), m, t.text());
        });
    form(
        "nodes",
        Kind.CAPTION,
        "[*], [n] pod[s], [*]" + counts,
        (t, f) -> {
          assertThat(kubernetes()).as(t.text()).isTrue();
          Matrix m = matrix(f.words(0), (int) Phrases.figure(f.words(1)), f.words(2), "");
          matrix(f.words(3), m, t.text());
        });
  }

  private Matrix matrix(String plane, int pods, String testbed, String nodes) {
    return judge.matrices().stream()
        .filter(m -> {
          Cell any = m.cells().getFirst();
          return any.variant().equals(plane)
              && any.count("pods_count") == pods
              && any.is("testbed").equals(testbed)
              && (nodes.isEmpty() || any.is("nodes_count").equals(nodes));
        })
        .findFirst()
        .orElseThrow(() -> new AssertionError("no matrix of " + plane + ", " + pods + " pods"));
  }

  private void matrix(String said, Matrix m, String text) {
    if (!m.tested()) {
      assertThat(said).as(text).isEqualTo("not tested: pods are not drawn");
      return;
    }
    List<Double> p = judge.forms(m);
    String[] forms = said.split("; each for itself, summed: ", -1);
    assertThat(forms).as(text).hasSize(p.size());
    test(forms[0].replace("all repetitions together: ", ""), p.getFirst(), m.pooled(), m);
    if (p.size() > 1) {
      test(forms[1], p.getLast(), m.repetitions(), m);
    }
  }

  private static void test(
      String said, double p, List<Map<String, Map<String, Long>>> parts, Matrix m) {
    Filled f = Phrase.read("p [*], corrected, [*]", said);
    OfVerdicts.p("p " + f.words(0), p);
    double all = m.pods().values().stream().mapToLong(n -> n).sum();
    double least = m.pods().values().stream().mapToLong(n -> n).min().orElseThrow() / all;
    List<Long> rows =
        parts.stream()
            .flatMap(part -> part.values().stream())
            .map(r -> r.values().stream().mapToLong(n -> n).sum())
            .toList();
    boolean large = rows.stream().allMatch(n -> least * n >= 30);
    assertThat(f.words(1))
        .as(said)
        .isEqualTo(
            large ? "chi-square, " + rows.size() * (m.pods().size() - 1) + " df" : MONTE_CARLO);
  }

  private void besideAnother() {
    form(
        "beside",
        Kind.PROSE,
        "The other run is `[*]`: the newest whole run of the same experiment on [*]. Two draws of the"
            + " same rules differ as chance has it; times are each testbed's own.",
        (t, f) -> {
          assertThat(beside).as(t.text()).isPresent();
          assertThat(f.words(0)).isEqualTo("base");
          assertThat(f.words(1)).isEqualTo("netns");
        });
    onlyIf(
        "beside",
        Kind.CAPTION,
        "Each cell that both runs have; times are medians, with their range over repetitions",
        t -> t.holds() == OfTimes.pairs(facts, beside.orElseThrow()).size());
  }

  private void rules() {
    onlyIf(
        "rules",
        Kind.PROSE,
        "kube-proxy's own rules, as found on a client's node; `rules.txt` of each repetition holds"
            + " those of the Service.",
        _ -> kubernetes());
    form(
        "rules",
        Kind.PROSE,
        "The text is what kube-proxy [*] of the Service and its endpoints[*]; `rules.txt` of"
            + " each repetition holds it as loaded, and as the kernel then listed it.",
        (t, f) -> {
          assertThat(kubernetes()).as(t.text()).isFalse();
          List<String> versions =
              facts.measured().stream()
                  .map(c -> c.row().get("kube_proxy"))
                  .filter(v -> !v.equals("NA"))
                  .distinct()
                  .toList();
          assertThat(f.words(0))
              .as(t.text())
              .isEqualTo(
                  versions.size() == 1 ? versions.getFirst() + " makes" : "1.34 and 1.37 make");
          assertThat(f.words(1).isEmpty()).as(t.text()).isEqualTo(!edited());
        });
    onlyIf("rules", Kind.CAPTION, "Loads of rules, over all repetitions", _ -> !kubernetes());
    onlyIf("rules", Kind.CAPTION, "Rules of the Service, as found", _ -> kubernetes());
    form(
        "rules",
        Kind.SUMMARY,
        "[*], [n] pod[s]",
        (t, f) ->
            assertThat(facts.measured(c -> c.variant().split(",", -1)[0].equals(f.words(0))))
                .as(t.text())
                .anyMatch(c -> c.count("pods_count") == Phrases.figure(f.words(1))));
    form(
        "rules",
        Kind.PROSE,
        "`cells/[*]/rep-[n]/rules.txt`[*]",
        (t, f) -> {
          assertThat(facts.measured(c -> c.id().equals(f.words(0)))).as(t.text()).hasSize(1);
          assertThat(f.words(2)).isIn("", ", its first 6,000 characters");
        });
  }

  private void witnesses() {
    form(
        "witnesses",
        Kind.PROSE,
        "Of [n] connection[s] in [n] repetition[s] the client's ledger and the pods' own counts were"
            + " compared, pod and requests; the kernel's table [*]. They differ on [*].",
        (_, f) -> {
          List<Map<String, String>> all = facts.summaries();
          long asked = all.stream().filter(s -> s.get("cross_check_kernel").equals("true")).count();
          f.is(0, facts.sum(all, "cross_check_rows_count"));
          f.is(1, all.size());
          assertThat(f.words(2))
              .isEqualTo(
                  asked == 0
                      ? "could be asked in none"
                      : asked == all.size()
                          ? "was asked in all of them"
                          : "was asked in " + asked + " of these repetitions");
          long differ = facts.sum(all, "cross_check_disagreements_count");
          assertThat(f.words(3)).isEqualTo(differ == 0 ? "none" : Long.toString(differ));
        });
    String differ = "Connections on which the witnesses differ, as disagreements.csv lists them";
    onlyIf(
        "witnesses",
        Kind.CAPTION,
        differ,
        t -> t.holds() == facts.text().rows("disagreements").size());
    form(
        "witnesses",
        Kind.CAPTION,
        differ + ": the first [n] of [n]",
        (t, f) -> {
          f.is(0, (double) t.holds());
          f.is(1, facts.text().rows("disagreements").size());
        });
  }

  private void method() {
    String fair =
        "a run without a fault says \"not chance\" anywhere in at most one of 1,000 runs. Requests follow"
            + " their connections and are described, not tested.";
    form(
        "method",
        Kind.ITEM,
        "All [n] tests of this run are corrected together (Holm), so that " + fair,
        (_, f) -> f.is(0, judge.tests()));
    onlyIf(
        "method",
        Kind.ITEM,
        "There is one such test in this run: " + fair,
        _ -> judge.tests() == 1);
    onlyIf(
        "method",
        Kind.ITEM,
        "No test of this kind was made in this run; were there any, " + fair,
        _ -> judge.tests() == 0);
    onlyIf(
        "method",
        Kind.ITEM,
        "At a rate, request i is due at i/rate and belongs to caller i mod callers; response "
            + "time counts from the moment it was due, so a stall shows in full.",
        _ -> due(false, "\\d+"));
    onlyIf(
        "method",
        Kind.ITEM,
        "Where the rate changes, request i is due when it has added up to i, belongs to caller i mod"
            + " callers, and response time counts from then; the warm-up goes by its first value.",
        _ -> due(false, "\\d+(\\.\\.\\d+|(/\\d+)+)"));
    onlyIf(
        "method",
        Kind.ITEM,
        "With Poisson arrivals request i is due when the rate has added up to i + 1 exponential gaps"
            + " of mean 1, drawn from the repetition's number; response time counts from then.",
        _ -> due(true, "\\d.*"));
    onlyIf(
        "method",
        Kind.ITEM,
        "In a closed loop each caller sends its next request when the reply to the last is there; it is"
            + " due when it is sent.",
        _ -> due(false, "closed"));
    form(
        "method",
        Kind.ITEM,
        "Repetitions go round all cells that share a testbed, in an order drawn from the seed ([*]).[*]",
        (t, f) -> {
          assertThat(facts.text().manifest()).contains("\"seed\" : " + f.words(0) + ",");
          assertThat(f.words(1))
              .as(t.text())
              .isEqualTo(
                  kubernetes()
                      ? " kube-proxy's rules stay; where the run made the cluster, each repetition"
                          + " begins with no connection of a client in the nodes' tables."
                      : had("netns", "uml")
                          ? " Before each the connection table is emptied and rules are loaded anew."
                          : "");
        });
  }

  private void limits() {
    form(
        "limits",
        Kind.ITEM,
        "Client, pods and kernel share the CPUs of one machine: times are those of this machine. [*]",
        (_, f) -> {
          assertThat(had("cluster")).isFalse();
          noise(f.words(0));
        });
    form(
        "limits",
        Kind.ITEM,
        "Times are those of this cluster, as it was then. [*]",
        (_, f) -> {
          assertThat(had("cluster")).isTrue();
          noise(f.words(0));
        });
    onlyIf(
        "limits",
        Kind.ITEM,
        "Nodes of kind are containers of one machine: they share its CPUs and kernel, and a "
            + "path between nodes has no wire in it.",
        _ -> had("kind"));
    onlyIf(
        "limits",
        Kind.ITEM,
        "Rules are kube-proxy's own, as found on a client's node; how long they took to load "
            + "is not known.",
        _ -> kubernetes());
    onlyIf("limits", Kind.ITEM, "Testbed uml: its cells ran in one [*]", _ -> had("uml"));
    onlyIf(
        "limits",
        Kind.ITEM,
        "Veths in place of a network: a connect or request has no wire and no encapsulation "
            + "in it; between nodes there is one more namespace that routes.",
        _ -> had("netns", "uml"));
    onlyIf(
        "limits",
        Kind.ITEM,
        "The order of Services within KUBE-SERVICES is that of the input (kube-proxy's is "
            + "random at each sync).",
        _ -> had("netns", "uml"));
    onlyIf(
        "limits",
        Kind.ITEM,
        "The data plane direct takes pods in turn; connection tracking stays on, as other "
            + "rules keep it on a real node.",
        _ -> facts.measured().stream().anyMatch(Cell::direct));
    onlyIf(
        "limits",
        Kind.ITEM,
        "The testbed loopback has no Service and no rules: it shows that the harness works, "
            + "not what a cluster does.",
        _ -> had("loopback"));
  }

  private void noise(String said) {
    Optional<Filled> some =
        Phrase.of(
                "Repetitions of one and the same cell differ [*]: cells that differ by no more than that"
                    + " are not told apart.")
            .in(said);
    times.scatter(some.map(f -> "Repetitions of one cell differ " + f.words(0) + ".").orElse(said));
  }

  /** Whether requests of a cell were due so. */
  private boolean due(boolean poisson, String rate) {
    return facts.measured().stream()
        .anyMatch(c ->
            c.is("settings").contains("arrivals=poisson") == poisson && c.is("rate").matches(rate));
  }
}
