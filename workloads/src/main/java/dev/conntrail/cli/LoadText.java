package dev.conntrail.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code load} answers as lines for a terminal: what went wrong, then how long the rest took.
 */
final class LoadText {
  private static final double NS_PER_MS = 1e6;

  /** Begins what mends a failure, at the end of what is said of it. */
  private static final String MEND = "; mend: ";

  /** How many kinds of failures are shown: bodies that differ make as many as there are. */
  private static final int KINDS = 10;

  private LoadText() {}

  /** A line each. */
  static List<String> lines(LoadAnswer answer) {
    List<String> lines = new ArrayList<>();
    answer.targets().stream()
        .filter(TargetAddress::named)
        .forEach(t -> lines.add(t.said() + " is " + t.address()));
    requests(answer.requests(), lines);
    lines.add(
        "response time: "
            + answer.response().entrySet().stream()
                .map(e -> e.getKey() + " " + text(e.getValue()))
                .collect(Collectors.joining(", ")));
    times("service time", answer.service()).ifPresent(lines::add);
    times("send lag", answer.sendLag()).ifPresent(lines::add);
    times("connect time", answer.connect()).ifPresent(lines::add);
    lines.add("connections: %,d".formatted(answer.connections().count()));
    answer.connections().byPod().forEach((pod, n) -> lines.add("  %,d  %s".formatted(n, pod)));
    answer.connections().unknown().ifPresent(lines::add);
    lines.add(pauses(answer.client()));
    if (answer.client().shortOfCpu()) {
      lines.add("the client was short of CPU: times are partly its own");
    }
    lines.add(
        answer
            .folder()
            .map(folder -> "written to " + folder)
            .orElse("not kept; with --out DIR it is, and the ledger and histograms beside it"));
    return lines;
  }

  private static void requests(LoadAnswer.Requests r, List<String> lines) {
    lines.add(
        "requests due in the measure phase: %,d, answered: %,d%s"
            .formatted(
                r.dueCount(),
                r.answeredCount(),
                r.answeredPerS().map(", %,.0f a second"::formatted).orElse("")));
    if (r.carriedCount() > 0) {
      lines.add(
          "due before the measure phase and not sent when it began, so that they delay those due in it: %,d; mend: a lower --rate, or more --connections"
              .formatted(r.carriedCount()));
    }
    lines.add(
        "in all phases without an answer when the drain ended: %,d"
            .formatted(r.allUnansweredCount()));
    lines.add("in all phases failed, connects too: %,d%s".formatted(r.allFailedCount(), phases(r)));
    errors(r.errors(), lines);
    if (!r.statuses().isEmpty()) {
      lines.add(
          "in all phases replies by status, first exchanges too: "
              + r.statuses().entrySet().stream()
                  .map(e -> "%s %,d".formatted(e.getKey(), e.getValue()))
                  .collect(Collectors.joining(", ")));
    }
  }

  /** How many of those that failed belong to what, in the order in which it comes. */
  private static String phases(LoadAnswer.Requests r) {
    if (r.allFailedCount() == 0) {
      return "";
    }
    return " (connects %,d, due before the measure phase %,d, due in it %,d)"
        .formatted(r.connectFailedCount(), r.earlierFailedCount(), r.failedCount());
  }

  /** The most frequent first, and after them, once each, what mends them. */
  private static void errors(Map<String, Long> errors, List<String> lines) {
    List<Map.Entry<String, Long>> kinds =
        errors.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    kinds.stream()
        .limit(KINDS)
        .forEach(e -> lines.add("  %,d  %s".formatted(e.getValue(), e.getKey().split(MEND)[0])));
    if (kinds.size() > KINDS) {
      lines.add(
          "  %,d  of %,d more kinds, which errors.csv of --out has"
              .formatted(
                  kinds.stream().skip(KINDS).mapToLong(Map.Entry::getValue).sum(),
                  kinds.size() - KINDS));
    }
    kinds.stream()
        .map(Map.Entry::getKey)
        .filter(kind -> kind.contains(MEND))
        .map(kind -> "mend: " + kind.substring(kind.indexOf(MEND) + MEND.length()))
        .distinct()
        .forEach(lines::add);
  }

  /**
   * Those of the measure phase; empty where there were none, as of connects, or in a closed loop.
   */
  private static Optional<String> times(String what, Optional<Map<String, LoadAnswer.Time>> found) {
    return found.map(times ->
        times.entrySet().stream()
            .map(e ->
                e.getKey()
                    + " %.3f ms"
                        .formatted(e.getValue().ns().map(ns -> ns / NS_PER_MS).orElse(Double.NaN)))
            .collect(Collectors.joining(", ", what + ": ", "")));
  }

  /** What the client's own Java did to its times. */
  private static String pauses(LoadAnswer.Client client) {
    if (client.gcCount() == 0) {
      return "the client collected no garbage meanwhile";
    }
    String times = client.gcCount() == 1 ? "once" : "%,d times".formatted(client.gcCount());
    return "the client collected garbage "
        + times
        + ", for "
        + (client.gcPauseMs() == 0
            ? "how long is not known"
            : "less than %,d ms each time".formatted(client.gcPauseMs()));
  }

  private static String text(LoadAnswer.Time time) {
    return time.ns()
        .map(ns ->
            (time.atLeast() ? "more than " : "")
                + String.format(Locale.ROOT, "%.2f ms", ns / NS_PER_MS))
        .orElse("not known");
  }
}
