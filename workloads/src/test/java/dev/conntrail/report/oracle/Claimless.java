package dev.conntrail.report.oracle;

import java.util.Set;

/**
 * Paragraphs and captions that claim nothing of a run's data: what a picture shows and how it is to
 * be read, and how figures are had in every run.
 */
final class Claimless {
  private static final Set<String> TEXTS =
      Set.of(
          "Requests that each pod got, first repetition",
          "Connections and requests of each pod",
          "Both legs of each way through proxies: all repetitions of a cell together",
          "Figures",
          "Response time by pod",
          "Requests a second of a pod",
          "Open connections of a pod",
          "Failed requests a second",
          "Connections ended early a second",
          "What events cost: all repetitions of a cell together, lowest to highest",
          "When load was even again after events, and what an autoscaler's mean hides: all"
              + " repetitions of a cell together, lowest to highest",
          "Only cells of one kernel that were asked the same stand beside each other. Which "
              + "figure decides depends on the workload. Where pods are drawn, that one draw came out"
              + " more even than another is luck: hold it against what chance gives. Nothing here is "
              + "tested; see the verdicts, and the ranges over repetitions.",
          "Response time by cell, p50 to longest, and what it is made of: percentiles of all "
              + "repetitions together, from histograms; empty where fewer than five values lie beyond"
              + " a percentile",
          "Percentiles of all repetitions together; a line ends where fewer than five values "
              + "lie beyond a percentile, or requests without an answer begin; its longest stands "
              + "apart.",
          "How even pods are against what a request costs",
          "A point is a cell: lower is more even, further left is cheaper. Filled: requests; small and"
              + " hollow: connections; a dash: connections, as a fair draw has them on average; of"
              + " repetitions the worst. CPU is of clients, a proxy and pods together; of cells in a guest"
              + " it is not known, and they have no point.",
          "Proxies behind a Service of their own",
          "A point is a cell, mean over repetitions; a dash: a fair draw of as many connections has it"
              + " so on average. Below: whether the counts of all proxies agree with a draw.",
          "Solid: measured in each tenth of the age, mean over repetitions. Dashed: theory; shaded: the"
              + " least and the most that it has, however late each connection is next used.",
          "Solid: measured, all repetitions together. Dashed: theory of the maximum age, from each"
              + " connection's own age when pods had joined; shaded: the least and the most that it"
              + " has, with ages 5 % longer or shorter and however late each connection is next"
              + " used.",
          "Solid: measured, mean over clients of all repetitions; shaded: lowest to highest. Dashed:"
              + " Erlang's formula for a pool that takes the first that is free, by the median and by the mean service time.",
          "Published of one of five pods that answers 200 ms later (Buoyant, June 2026; not repeated"
              + " here): a p99 of 29 to 30 ms with a balancer of requests, more with every balancer of"
              + " connections.",
          "When each repetition ran",
          "Repetitions go round all cells that share a testbed, in a new order each time, so "
              + "that drift of the machine meets these cells alike.",
          "Drift",
          "Each point is a repetition: its median time over the median of its own cell's "
              + "repetitions. Drift of the machine shows as a slope, noise as a cloud round 1.",
          "Longest response of each repetition",
          "Each point is a repetition; where a request had no answer its longest is longer "
              + "still. Stalls of the machine show as points that stand apart in all protocols at the"
              + " same time.",
          "Load runs in a process of its own for each client pod; pods answer each request with"
              + " their name. Phases: warm-up, idle (where asked for), measure, drain.",
          "Where pods are drawn, counts of connections are tested against equal shares by "
              + "Pearson's statistic, two-sided, for too even is as suspect as too uneven: once "
              + "pooled over repetitions, once stratified by repetition, so that a fault that moves "
              + "from pod to pod is seen. Exact or by Monte Carlo where connections are few.",
          "Where pods follow from a law (turns, fewest connections, a hash), the cell is held "
              + "to that law, and it is said how often a fair draw would keep it too.",
          "Band: binomial, 99 % for all pods of a cell together. Idle pods expected: k(1-1/k)^n"
              + " for n connections to k pods. Jain's index: (sum x)² / (k sum x²).",
          "Percentiles are of histograms of all repetitions together, never of percentiles; "
              + "ranges are of the repetitions' own.",
          "Models are the kernel's data structures in Java, measured by JMH; `calibrate` "
              + "measures a kernel itself: connect() to the last Service, or to any, against "
              + "connect() to the first, in turn. Each load of rules, and each fork of a benchmark, "
              + "is one observation; those beside which other processes had more than 5 % of the "
              + "CPUs, or the hypervisor took more than 2 %, are left out. A cost is called constant "
              + "if it stays within 0.500 ns a Service, a tenth of what the cheapest walked rule costs; "
              + "linear if it grows by more, a line goes through its means and n log n does not. A "
              + "verdict takes 5 numbers of Services and 2 undisturbed observations of each.",
          "What a Service more makes a first packet dearer, in ns, with 95 % intervals",
          "What a first packet costs against the number of Services",
          "Both axes are logarithmic; means over loads or forks. Models: the lookup alone. "
              + "Kernels: a whole connect(), of which the rules are a part. Solid: a model, to the "
              + "last Service; dashed: a kernel, to the last; dotted: either, to a Service drawn anew"
              + " each time, whose memory the caches may no longer hold.",
          "What finding a known connection costs against how many there are",
          "Both axes are logarithmic; means over forks of the models, connections drawn at "
              + "random. A curve may rise because caches no longer hold the memory, or, where the "
              + "buckets do not grow, because chains are longer.",
          "Every fit",
          "Every fit of cost over numbers of Services",
          "Every benchmark",
          "Every benchmark: median of the iterations of each fork, and of these the least, the "
              + "median and the most");

  private Claimless() {}

  static boolean knows(PageText text) {
    return TEXTS.contains(text.text());
  }
}
