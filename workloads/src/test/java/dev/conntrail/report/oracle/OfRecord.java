package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sentences on the record itself: lost requests, witnesses, marks. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfRecord(Facts facts) {
  private static final Set<String> OF_TIMES =
      Set.of(
          "client-short-of-cpu",
          "rate-missed",
          "cpu-stolen",
          "drained-early",
          "clients-not-together");
  static final Set<String> OF_CONNECTIONS =
      Set.of(
          "connection-changed-pod",
          "connections-missing",
          "witnesses-disagree",
          "load-lost",
          "pod-lost",
          "proxy-counts-differ",
          "does-not-add-up");

  void lost(String text) {
    List<Cell> calm = facts.measured(c -> !c.provoking());
    List<Cell> lossy =
        calm.stream()
            .filter(c -> c.sum("requests_failed_count") + c.sum("requests_unanswered_count") > 0)
            .toList();
    String answered;
    if (lossy.isEmpty()) {
      Filled f =
          Phrase.read(
              "No request is known to have failed, or to have stayed without an answer, in [n] cell[s] that"
                  + " [*] about no errors. [*]",
              text);
      f.is(0, calm.size());
      answered = f.words(2);
    } else {
      Filled f =
          Phrase.read(
              "Requests were lost in [n] of [n] cell[s] that bring about no errors: [n] failed, connects"
                  + " included, and [n] had no answer when the drain ended ([*]). [*]",
              text);
      f.is(0, lossy.size());
      f.is(1, calm.size());
      f.is(2, total(lossy, "requests_failed_count"));
      f.is(3, total(lossy, "requests_unanswered_count"));
      answered = f.words(5).substring(f.words(5).lastIndexOf(". ") + 1).strip();
    }
    long due = total(calm, "requests_due_count");
    if (due == 0) {
      assertThat(answered).isEqualTo("None was due in the measure phase.");
    } else {
      Filled f =
          Phrase.read(
              "In the measure phase [n] of [n] request[s] that were due had an answer.", answered);
      f.is(0, total(calm, "requests_answered_count"));
      f.is(1, due);
    }
  }

  private static long total(List<Cell> cells, String column) {
    return cells.stream().mapToLong(c -> c.sum(column)).sum();
  }

  void witnesses(String text) {
    List<String> seen =
        facts.measured(c -> !c.is("events").equals("none")).stream()
            .flatMap(c -> c.summaries().stream().flatMap(s -> c.raw(s, "echo")))
            .map(r -> r[9])
            .filter(by -> !by.equals("NA"))
            .toList();
    Optional<Filled> closed =
        Phrase.of(
                "[*] In cells with events pods saw [n] of [n] connection[s] closed by who had opened them,"
                    + " [n] by pods or after a pod's goodbye, and [n] by nobody.")
            .in(text);
    assertThat(closed.isPresent()).as(text).isEqualTo(!seen.isEmpty());
    closed.ifPresent(f -> {
      f.is(1, seen.stream().filter("client"::equals).count());
      f.is(2, seen.size());
      f.is(3, seen.stream().filter(by -> by.startsWith("pod")).count());
      f.is(4, seen.stream().filter("open"::equals).count());
    });
    compared(closed.map(f -> f.words(0)).orElse(text));
  }

  private void compared(String text) {
    List<Map<String, String>> all = facts.summaries();
    List<Map<String, String>> asked =
        all.stream().filter(s -> s.get("cross_check_kernel").equals("true")).toList();
    long compared = facts.sum(all, "cross_check_rows_count");
    long differ = facts.sum(all, "cross_check_disagreements_count");
    if (differ > 0) {
      Filled f =
          Phrase.read(
              "The witnesses of where connections landed differ on [n] of [n] connection[s] that were"
                  + " compared[*]. The kernel's connection table was asked in [n] of [n] repetition[s].",
              text);
      f.is(0, differ);
      f.is(1, compared);
      who(f.words(2), differ);
      f.is(3, asked.size());
      f.is(4, all.size());
      return;
    }
    Filled f =
        Phrase.read(
            "Client and pods tell the same of all [n] connection[s] that were compared. [*]", text);
    f.is(0, compared);
    if (asked.isEmpty()) {
      assertThat(f.words(1)).isEqualTo("The kernel's connection table was asked in no repetition.");
    } else {
      Filled k =
          Phrase.read(
              "The kernel's connection table, asked in [n] of [n] repetition[s], contradicts none of the [n]"
                  + " there.",
              f.words(1));
      k.is(0, asked.size());
      k.is(1, all.size());
      k.is(2, facts.sum(asked, "cross_check_rows_count"));
    }
  }

  private void who(String words, long differ) {
    List<Map<String, String>> rows = facts.text().rows("disagreements");
    if (rows.isEmpty()) {
      assertThat(words).isEqualTo("; disagreements.csv lists none of them");
      return;
    }
    String listed =
        rows.size() == differ ? ": " : "; disagreements.csv lists " + rows.size() + ": ";
    assertThat(words).startsWith(listed);
    long kernel = rows.stream().filter(r -> kernelAlone(Set.of(differences(r)))).count();
    long place = rows.stream().filter(r -> r.get("differences").equals("node")).count();
    long pair = rows.size() - kernel - place;
    for (String part : words.substring(listed.length()).split(", ", -1)) {
      long n = Long.parseLong(part.replaceAll("\\D", ""));
      if (part.startsWith("client and pods differ on")) {
        assertThat(n).isEqualTo(pair);
      } else if (part.startsWith("the kernel's connection table alone differs on")) {
        assertThat(n).isEqualTo(kernel);
      } else {
        assertThat(part).startsWith("a reply and the testbed name different nodes for");
        assertThat(n).isEqualTo(place);
      }
    }
  }

  private static String[] differences(Map<String, String> row) {
    return row.get("differences").split(";", -1);
  }

  private static boolean kernelAlone(Set<String> why) {
    return why.equals(Set.of("not-in-ledger", "not-at-any-pod"))
        || (Set.of("not-in-kernel", "kernel-pod", "node").containsAll(why)
            && !why.equals(Set.of("node")));
  }

  void marks(String text) {
    List<Map<String, String>> all = facts.summaries();
    List<List<String>> marked =
        all.stream()
            .map(s -> s.get("marks"))
            .filter(m -> !m.equals("none"))
            .map(m -> List.of(m.split(";", -1)))
            .toList();
    if (marked.isEmpty()) {
      Phrase.read("None of [n] repetition[s] carries a mark that would make it doubtful.", text)
          .is(0, all.size());
      return;
    }
    Filled f = Phrase.read("[n] of [n] repetition[s] [*] marked: [*].[*]", text);
    f.is(0, marked.size());
    f.is(1, all.size());
    for (String item : f.words(3).split("; ", -1)) {
      Filled mark = Phrase.read("[n] [*] ([*])", item);
      mark.is(0, marked.stream().filter(m -> m.contains(mark.words(1))).count());
    }
    doubtful(f.words(4), " Times of [n] say less for it.", marked, OF_TIMES);
    doubtful(f.words(4), " Where connections of [n] landed is doubtful.", marked, OF_CONNECTIONS);
  }

  private static void doubtful(
      String text, String form, List<List<String>> marked, Set<String> which) {
    long n = marked.stream().filter(m -> m.stream().anyMatch(which::contains)).count();
    String said = form.replace("[n]", Long.toString(n));
    assertThat(text.contains(form.substring(0, form.indexOf("[n]")))).isEqualTo(n > 0);
    if (n > 0) {
      assertThat(text).contains(said);
    }
  }

  /** Of cells in which a connection leads to one pod. */
  static long strays(List<Cell> cells) {
    return total(cells.stream().filter(c -> !c.proxied()).toList(), "connections_strays_count");
  }

  /** Repetitions of which connections are doubtful. */
  static long doubtful(List<Cell> cells) {
    return cells.stream()
        .flatMap(c -> c.summaries().stream())
        .filter(
            s -> List.of(s.get("marks").split(";", -1)).stream().anyMatch(OF_CONNECTIONS::contains))
        .count();
  }

  static long lostOf(List<Cell> cells) {
    return cells.stream()
        .filter(c -> !c.provoking())
        .flatMap(c -> c.summaries().stream())
        .mapToLong(s -> count(s, "requests_failed_count") + count(s, "requests_unanswered_count"))
        .sum();
  }
}
