package dev.conntrail.report.oracle;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.OfCures.Measured;
import dev.conntrail.report.oracle.OfEvents.Joined;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The heading of a run in which every cell weighs a cure against others. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfCureHeading(Facts facts, OfCures cures) {
  private static final int CASES = 3;
  private static final int LISTED = 3;
  private static final String OF_PODS = "requests of the busiest pod over the mean";

  /** By the words of cases: what decides. */
  private static final Map<String, String> MEASURES =
      Map.of(
          "few-clients",
          OF_PODS,
          "many-clients",
          OF_PODS,
          "streams",
          OF_PODS,
          "websocket",
          OF_PODS,
          "autoscaling",
          "requests of the hottest pod over the mean in the second after",
          "slow-pod",
          "the response time that one in a hundred exceeds",
          "rolling-update",
          "requests without an answer",
          "silent-pod",
          "requests without an answer");

  /** What should be said: words, and what their places hold. */
  private record Said(String form, List<BiConsumer<Filled, Integer>> checks) {
    private static Said words(String words) {
      return new Said(words, List.of());
    }

    private static Said figure(double figure) {
      return new Said("[n]", List.of((f, i) -> f.is(i, figure)));
    }

    private static Said times(List<Double> ns) {
      return new Said("[t]", List.of((f, i) -> f.spansTimes(i, ns)));
    }

    private Said and(Said more) {
      List<BiConsumer<Filled, Integer>> all = new ArrayList<>(checks);
      all.addAll(more.checks);
      return new Said(form + more.form, all);
    }

    private Said and(String words) {
      return and(words(words));
    }

    private static Said joined(List<Said> each, String between) {
      return each.stream().reduce((a, b) -> a.and(between).and(b)).orElseThrow();
    }

    private static Said some(List<Said> each, int most) {
      Said first = joined(each.subList(0, Math.min(most, each.size())), "; ");
      return each.size() <= most ? first : first.and("; and " + (each.size() - most) + " more");
    }

    private void check(String text) {
      Filled filled = Phrase.read(form, text);
      for (int i = 0; i < checks.size(); i++) {
        checks.get(i).accept(filled, i);
      }
    }
  }

  /** Whether that is what the run is about; then its heading is this. */
  boolean holds(String text) {
    Optional<Said> said = said();
    said.ifPresent(s -> s.check(text));
    return said.isPresent();
  }

  private Optional<Said> said() {
    if (!cures.ofEvery() || facts.summaries().stream().anyMatch(OfEvents::cutShort)) {
      return Optional.empty();
    }
    List<Said> parts = new ArrayList<>();
    List<Said> cases = cures.words().stream().flatMap(word -> cases(word).stream()).toList();
    if (!cases.isEmpty()) {
      parts.add(Said.some(cases, CASES).and("."));
    }
    List<Said> pools = facts.measured().stream().flatMap(c -> pool(c).stream()).toList();
    if (!pools.isEmpty()) {
      parts.add(Said.words("Of proxies behind a Service ").and(Said.some(pools, LISTED)).and("."));
    }
    List<Said> joined = facts.measured().stream().flatMap(c -> joined(c).stream()).toList();
    if (!joined.isEmpty()) {
      parts.add(
          Said.words("Pods that joined had their first connection ")
              .and(Said.some(joined, LISTED))
              .and("."));
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(Said.joined(parts, " "));
  }

  private List<Said> cases(String word) {
    List<Said> all = new ArrayList<>();
    for (List<Measured> known : cures.weighed(word)) {
      List<Measured> best = cures.best(known);
      if (best.size() == known.size()) {
        all.add(
            Said.words(cures.title(word) + ": none of ")
                .and(Said.figure(known.size()))
                .and(" is better (" + MEASURES.get(word) + ": ")
                .and(figure(word, known.getFirst()))
                .and(" to ")
                .and(figure(word, known.getLast()))
                .and(")"));
        continue;
      }
      Said said = Said.words(cures.title(word) + ": best is ").and(said(word, best.getFirst()));
      if (best.size() > 1) {
        said = said.and(" (" + (best.size() - 1) + " more as good)");
      }
      List<Measured> others = known.stream().filter(m -> !best.contains(m)).toList();
      said = said.and(", last ").and(said(word, others.getLast())).and(" (" + MEASURES.get(word));
      all.add(said.and(cpu(best.getFirst().cell(), others.getLast().cell())).and(")"));
    }
    return all;
  }

  private static Said figure(String word, Measured m) {
    Said figure =
        word.equals("slow-pod")
            ? Said.words(m.bound() ? "> " : "").and(Said.times(List.of(m.figure())))
            : Said.figure(m.figure());
    return List.of("rolling-update", "silent-pod").contains(word) ? figure.and(" %") : figure;
  }

  private Said said(String word, Measured m) {
    return Said.words(m.name() + " with ").and(figure(word, m));
  }

  private static Said cpu(Cell best, Cell last) {
    if (best.is("testbed").equals("uml")) {
      return Said.words("");
    }
    List<Double> a = cpu(best);
    List<Double> b = cpu(last);
    String doubt =
        Math.min(best.summaries().size(), last.summaries().size()) == 1
            ? ", of one repetition, which cannot tell them apart"
            : a.getFirst() <= b.getLast() && b.getFirst() <= a.getLast()
                ? ", which cannot be told apart"
                : "";
    return Said.words(", CPU a request ")
        .and(Said.times(a))
        .and(" and ")
        .and(Said.times(b))
        .and(doubt);
  }

  /**
   * Of a request, all processes together, nanoseconds, in order; a tick off where all are ticks.
   */
  private static List<Double> cpu(Cell c) {
    List<Double> all = new ArrayList<>();
    for (Map<String, String> s : c.summaries()) {
      List<String[]> rows = c.raw(s, "processes").toList();
      double ns = rows.stream().mapToDouble(OfCureHeading::took).sum();
      double off =
          rows.stream().collect(Collectors.groupingBy(fields -> fields[3])).values().stream()
              .filter(role -> role.stream().allMatch(r -> took(r) % 10e6 == 0))
              .mapToDouble(role -> 10e6 * role.size())
              .sum();
      double answered = CsvText.count(s, "requests_answered_count");
      all.add((ns - off) / answered);
      all.add((ns + off) / answered);
    }
    return all.stream().sorted().toList();
  }

  private static double took(String[] process) {
    return Double.parseDouble(process[6]);
  }

  private Optional<Said> pool(Cell c) {
    if (c.changes() || c.count("idle_ms") > 0) {
      return Optional.empty();
    }
    return cures
        .pool(c)
        .map(p ->
            Said.words("the busiest of " + p.proxies() + " had ")
                .and(Said.figure(p.found()))
                .and(" times the mean of connections, where a fair draw has ")
                .and(Said.figure(p.expected()))
                .and(", and the busiest pod ")
                .and(Said.figure(p.pod()))
                .and(" times the mean of requests with " + name(c)));
  }

  private Optional<Said> joined(Cell c) {
    List<Joined> pods =
        OfCures.grows(c) && !c.proxied() ? new OfEvents(facts).joined(c) : List.of();
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    List<Double> first =
        pods.stream().flatMap(p -> p.firstMs().stream()).map(ms -> ms * 1e6).toList();
    if (first.isEmpty()) {
      List<Double> watched = pods.stream().map(p -> p.watchedMs() * 1e6).toList();
      return Optional.of(Said.words("never in ").and(Said.times(watched)).and(" with " + name(c)));
    }
    int never = pods.size() - first.size();
    return Optional.of(
        Said.words("after ")
            .and(Said.times(first))
            .and(never == 0 ? "" : ", " + never + " of them never,")
            .and(" with " + name(c)));
  }

  private static String name(Cell c) {
    return OfCures.numbered(c);
  }
}
