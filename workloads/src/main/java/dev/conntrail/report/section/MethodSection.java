package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;

/** How figures were had. */
final class MethodSection implements Section {
  private static final double PCT = 100;

  @Override
  public String id() {
    return "method";
  }

  @Override
  public String title() {
    return "Method";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    if (run.results().measured().isEmpty()) {
      return List.of();
    }
    List<String> items = new ArrayList<>();
    items.add(
        "Load runs in a process of its own for each client pod; pods answer each request with"
            + " their name. Phases: warm-up, idle (where asked for), measure, drain.");
    load(run, items);
    items.add(
        "Where pods are drawn, counts of connections are tested against equal shares by Pearson's"
            + " statistic, two-sided, for too even is as suspect as too uneven: once pooled over"
            + " repetitions, once stratified by repetition, so that a fault that moves from pod to"
            + " pod is seen. Exact or by Monte Carlo where connections are few.");
    items.add(tests(run.tests()));
    items.add(
        "Where pods follow from a law (turns, fewest connections, a hash), the cell is held to"
            + " that law, and it is said how often a fair draw would keep it too.");
    items.add(
        "Band: binomial, "
            + Numbers.number(PCT * Verdicts.BAND)
            + " % for all pods of a cell together. Idle pods expected: k(1-1/k)^n for n connections"
            + " to k pods. Jain's index: (sum x)² / (k sum x²).");
    items.add(
        "Percentiles are of histograms of all repetitions together, never of percentiles; ranges"
            + " are of the repetitions' own.");
    items.add(
        "Repetitions go round all cells that share a testbed, in an order drawn from the seed ("
            + run.results().manifest().seed()
            + ")."
            + beginning(run));
    return List.of(new Block.Bullets(items));
  }

  private static String tests(int tests) {
    String none =
        "a run without a fault says \"not chance\" anywhere in at most one of "
            + Numbers.number(1 / Verdicts.FAMILY_ERROR)
            + " runs. Requests follow their connections and are described, not tested.";
    return switch (tests) {
      case 0 -> "No test of this kind was made in this run; were there any, " + none;
      case 1 -> "There is one such test in this run: " + none;
      default ->
          "All "
              + Numbers.count(tests)
              + " tests of this run are corrected together (Holm), so that "
              + none;
    };
  }

  private static String beginning(Analysis run) {
    if (Testbeds.kubernetes(run)) {
      return " kube-proxy's rules stay; where the run made the cluster, each repetition begins with"
          + " no connection of a client in the nodes' tables.";
    }
    return Testbeds.had(run, TestbedKind.NETNS) || Testbeds.had(run, TestbedKind.UML)
        ? " Before each the connection table is emptied and rules are loaded anew."
        : "";
  }

  private static void load(Analysis run, List<String> items) {
    List<Cell> cells = run.results().measured().stream().map(CellResults::cell).toList();
    List<Cell> regular = cells.stream().filter(c -> c.arrivals() == Arrivals.REGULAR).toList();
    if (regular.stream().anyMatch(c -> c.load().steady().isPresent())) {
      items.add(
          "At a rate, request i is due at i/rate and belongs to caller i mod callers; response time"
              + " counts from the moment it was due, so a stall shows in full.");
    }
    if (regular.stream().map(Cell::load).anyMatch(m -> !m.closed() && m.steady().isEmpty())) {
      items.add(
          "Where the rate changes, request i is due when it has added up to i, belongs to caller i mod"
              + " callers, and response time counts from then; the warm-up goes by its first value.");
    }
    if (regular.size() < cells.size()) {
      items.add(
          "With Poisson arrivals request i is due when the rate has added up to i + 1 exponential gaps"
              + " of mean 1, drawn from the repetition's number; response time counts from then.");
    }
    if (cells.stream().anyMatch(c -> c.load().closed())) {
      items.add(
          "In a closed loop each caller sends its next request when the reply to the last is there;"
              + " it is due when it is sent.");
    }
  }
}
