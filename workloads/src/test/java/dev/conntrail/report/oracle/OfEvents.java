package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What events cost and what pods got that joined: heading, lines for the terminal, findings. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfEvents(Facts facts, long hurriedLeft) {
  OfEvents(Facts facts) {
    this(facts, 0);
  }

  static final Set<String> OF_ENDPOINTS =
      Set.of("add-endpoints", "remove-endpoints", "delete-endpoints");

  /** What is said of a heading's events where protocols or cures are far apart. */
  private static final Pattern RANGE =
      Pattern.compile(
          "(.*?), from ([\\d,]+) of ([\\d,]+) \\((.*)\\) to ([\\d,]+) of ([\\d,]+) \\((.*)\\)");

  /** Of a finding, with the cell and the event's place, if it is not the first. */
  private static final Pattern ID = Pattern.compile(".*-([0-9a-f]{8})(?:-(\\d+))?");

  /** Requests of some cells that were due in the measure phase. */
  private record Requests(long lost, long due) {
    Requests(List<Cell> cells) {
      this(
          cells.stream().mapToLong(OfEvents::lost).sum(),
          cells.stream().mapToLong(c -> c.sum("requests_due_count")).sum());
    }

    double share() {
      return (double) lost / due;
    }

    boolean are(String lostWords, String dueWords) {
      return lostWords.equals(lost == 0 ? "none" : figure(lost)) && dueWords.equals(figure(due));
    }

    private static String figure(long n) {
      return String.format(java.util.Locale.ROOT, "%,d", n);
    }
  }

  /**
   * Of a run without repetitions in which an event was cut short, and without what clients short of
   * CPU saw, where others of the same events had CPU to spare.
   */
  static OfEvents unhurried(Facts facts) {
    Map<String, String> events =
        facts.measured().stream().collect(Collectors.toMap(Cell::id, OfEvents::events));
    CsvText left = facts.text().copy();
    left.drop("summary", OfEvents::cutShort);
    Set<String> told =
        left.rows("summary").stream()
            .filter(s -> !hurried(s))
            .map(s -> events.get(s.get("cell_id")))
            .collect(Collectors.toSet());
    Set<String> some =
        facts
            .measured(c -> !c.is("events").equals("none") && !OF_ENDPOINTS.containsAll(kinds(c)))
            .stream()
            .map(Cell::id)
            .collect(Collectors.toSet());
    Predicate<Map<String, String>> out =
        s -> hurried(s) && told.contains(events.get(s.get("cell_id")));
    long count =
        left.rows("summary").stream()
            .filter(out)
            .filter(s -> some.contains(s.get("cell_id")))
            .count();
    left.drop("summary", out);
    return new OfEvents(new Facts(left), count);
  }

  private static boolean hurried(Map<String, String> summary) {
    return List.of(summary.get("marks").split(";", -1)).contains("client-short-of-cpu");
  }

  static boolean cutShort(Map<String, String> summary) {
    return List.of(summary.get("marks").split(";", -1)).contains("event-cut-short");
  }

  /** What a sentence on events says besides that it leaves repetitions out; it says how many. */
  static String leftOut(Facts facts, String text) {
    List<Map<String, String>> cut = facts.summaries().stream().filter(OfEvents::cutShort).toList();
    Optional<Filled> said =
        Phrase.of(
                "[*]Left out: [n] repetition[s] of [n] cell[s] that ended before an event was over[*].")
            .in(text);
    assertThat(said.isPresent()).as(text).isEqualTo(!cut.isEmpty());
    if (cut.isEmpty()) {
      return text;
    }
    Filled f = said.orElseThrow();
    f.is(1, cut.size());
    f.is(2, cut.stream().map(s -> s.get("cell_id")).distinct().count());
    int wholly = facts.measured(c -> c.summaries().stream().allMatch(OfEvents::cutShort)).size();
    assertThat(f.words(3))
        .as(text)
        .isEqualTo(wholly == 0 ? "" : "; of " + wholly + " of these cells nothing is left");
    return f.words(0).strip();
  }

  private static long lost(Cell c) {
    return c.sum("requests_due_count") - c.sum("requests_answered_count");
  }

  /** Rows of the first event of a cell, one a repetition; none if no event did anything. */
  private static List<Map<String, String>> first(Cell c) {
    int place = -1;
    String cause = "";
    List<Map<String, String>> rows = new ArrayList<>();
    for (Map<String, String> s : c.summaries()) {
      List<Map<String, String>> own =
          c.rows("effects").stream()
              .filter(r -> r.get("repetition").equals(s.get("repetition")))
              .toList();
      for (int i = 0; place < 0 && i < own.size(); i++) {
        if (!own.get(i).get("cause").equals("idle")) {
          place = i;
          cause = own.get(i).get("cause");
        }
      }
      if (place >= 0 && place < own.size() && own.get(place).get("cause").equals(cause)) {
        rows.add(own.get(place));
      }
    }
    return rows;
  }

  private List<Cell> touched() {
    return facts.measured(c -> !first(c).isEmpty());
  }

  private static Set<String> kinds(Cell c) {
    return List.of(c.is("events").split(";", -1)).stream()
        .map(e -> e.substring(0, Math.max(0, e.indexOf('='))))
        .collect(Collectors.toSet());
  }

  /** Events of a cell, each as its kind and what it is done to. */
  private static String events(Cell c) {
    return List.of(c.is("events").split(";", -1)).stream()
            .map(e ->
                e.replaceFirst("(?:,pre-stop=0ms)", "")
                    .replaceFirst("[,@](?:.*(,pre-stop=\\w+))?.*", "$1")
                    .replaceAll("[=,]", " "))
            .collect(Collectors.joining(" and "))
        + (kinds(c).contains("change-mode") ? " from " + c.is("data_plane") : "")
        + (c.retried() ? ", retried by the library" : "");
  }

  /** Effects of the same event in the cell without what is asked of; empty if there is none. */
  interface Without {
    Optional<List<Map<String, String>>> of(Cell with, List<Map<String, String>> rows, int place);
  }

  /** What is said of a cell, held to its effects and to those without. */
  interface Compared {
    void check(String item, List<Map<String, String>> with, List<Map<String, String>> without);
  }

  /** "What it made of an event": cell by cell, beside the same without it. */
  void made(String it, String id, String text, Without without, Compared each) {
    Map<Cell, List<Map<String, String>>> side = new LinkedHashMap<>(side(id));
    Map<String, List<Map<String, String>>> others = new LinkedHashMap<>();
    side.forEach((c, rows) -> without.of(c, rows, place(id)).ifPresent(o -> others.put(c.id(), o)));
    side.keySet().removeIf(c -> !others.containsKey(c.id()));
    Filled f = Phrase.read("What " + it + " made of [*] ([*]): [*].", text);
    assertThat(f.words(0)).isEqualTo(side.values().iterator().next().getFirst().get("cause"));
    OfEffects.where(f.words(1), side);
    OfEffects.each(
        f.words(2),
        ":",
        side,
        (item, rows) -> each.check(item, rows, others.get(rows.getFirst().get("cell_id"))));
  }

  /** What an event did, by cell: those that stand side by side with the cell of an id. */
  Map<Cell, List<Map<String, String>>> side(String id) {
    Matcher m = ID.matcher(id);
    assertThat(m.matches()).as(id).isTrue();
    int place = place(id);
    Cell named = facts.measured(c -> c.id().equals(m.group(1))).getFirst();
    List<Map<String, String>> causes = at(named, place);
    assertThat(causes).as(id).isNotEmpty();
    String cause = causes.getFirst().get("cause");
    Map<Cell, List<Map<String, String>>> side = new LinkedHashMap<>();
    for (Cell c :
        facts.measured(c ->
            c.alike(named, OfEffects.OF_DATA_PLANE) && c.workload().equals(named.workload()))) {
      List<Map<String, String>> rows =
          at(c, place).stream().filter(r -> r.get("cause").equals(cause)).toList();
      if (!rows.isEmpty()) {
        side.put(c, rows);
      }
    }
    return side;
  }

  /** The place of the event that a finding tells of, from 0. */
  static int place(String id) {
    Matcher m = ID.matcher(id);
    assertThat(m.matches()).as(id).isTrue();
    return m.group(2) == null ? 0 : Integer.parseInt(m.group(2)) - 1;
  }

  /** Effects at a place among those of each repetition. */
  static List<Map<String, String>> at(Cell c, int place) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Map<String, String> s : c.summaries()) {
      List<Map<String, String>> own =
          c.rows("effects").stream()
              .filter(r -> r.get("repetition").equals(s.get("repetition")))
              .toList();
      if (place < own.size()) {
        rows.add(own.get(place));
      }
    }
    return rows;
  }

  static boolean free(List<Map<String, String>> rows) {
    return !spared(rows)
        && ended(rows) == 0
        && sum(rows, "open_unanswered_count") == 0
        && sum(rows, "failures_count") == 0;
  }

  /** What an event cost. */
  void cost(String id, String text) {
    Map<Cell, List<Map<String, String>>> side = side(id);
    side.values().removeIf(rows -> sum(rows, "open_count") == 0 || free(rows));
    Filled f = Phrase.read("What [*] cost ([*]): [*].", text);
    assertThat(side.values())
        .allSatisfy(rows -> assertThat(rows.getFirst().get("cause")).isEqualTo(f.words(0)));
    assertThat(OF_ENDPOINTS).as(text).doesNotContain(f.words(0));
    OfEffects.where(f.words(1), side);
    OfEffects.each(f.words(2), ":", side, this::cost);
  }

  private void cost(String item, List<Map<String, String>> rows) {
    long unanswered = sum(rows, "open_unanswered_count");
    String cost =
        "[n] of [n] connection[s] open ended before the client wanted it"
            + (unanswered == 0
                ? ""
                : ", on " + unanswered + " nothing sent afterwards was answered")
            + ", [n] failure[s] of a request or connect "
            + (followed(rows) ? "until the next event" : "from then on");
    Filled f =
        Phrase.read(
            spared(rows)
                ? "no connection was open on a pod that it struck, so what it costs is not told ("
                    + cost
                    + ")"
                : cost,
            item);
    f.is(0, ended(rows));
    f.is(1, sum(rows, "open_count"));
    f.is(2, sum(rows, "failures_count"));
  }

  /** Whether another event came after this one, in any repetition of its cell. */
  private boolean followed(List<Map<String, String>> rows) {
    Cell c = facts.measured(m -> m.id().equals(rows.getFirst().get("cell_id"))).getFirst();
    int place = ofRepetition(c, rows.getFirst().get("repetition")).indexOf(rows.getFirst());
    return c.summaries().stream()
        .anyMatch(s -> ofRepetition(c, s.get("repetition")).size() > place + 1);
  }

  private static List<Map<String, String>> ofRepetition(Cell c, String repetition) {
    return c.rows("effects").stream().filter(r -> r.get("repetition").equals(repetition)).toList();
  }

  /** What pods got that joined by an event. */
  void joined(String id, String text) {
    Map<Cell, List<Joined>> side = new LinkedHashMap<>();
    side(id).forEach((c, rows) -> side.put(c, c.proxied() ? List.of() : joined(c, rows)));
    side.values().removeIf(List::isEmpty);
    Filled f = Phrase.read("Pods that joined ([*]): [*].", text);
    side.keySet()
        .forEach(c -> assertThat(f.words(0)).isEqualTo(c.workload() + "; " + c.is("testbed")));
    List<Cell> cells = List.copyOf(side.keySet());
    List<String> items = OfVerdicts.items(f.words(1), cells.size());
    for (int i = 0; i < items.size(); i++) {
      String name = cells.get(i).variant() + ": ";
      assertThat(items.get(i)).startsWith(name);
      joined(items.get(i).substring(name.length()), side.get(cells.get(i)));
    }
  }

  /** Those of the event behind some effects. */
  private List<Joined> joined(Cell c, List<Map<String, String>> effects) {
    return joined(c).stream()
        .filter(p ->
            effects.stream()
                .anyMatch(r ->
                    r.get("repetition").equals(p.step().get("repetition"))
                        && r.get("cause").equals(p.step().get("event"))
                        && number(r, "from_ms") == p.fromMs()))
        .toList();
  }

  private static void joined(String item, List<Joined> pods) {
    List<Double> first =
        pods.stream().flatMap(p -> p.firstMs().stream()).map(ms -> ms * 1e6).toList();
    long older = pods.stream().mapToLong(Joined::older).sum();
    long connections = pods.stream().mapToLong(p -> p.own().size()).sum();
    Filled f =
        Phrase.read(
            "[n] of [n] got a connection"
                + (first.isEmpty() ? "" : ", the first after [t]")
                + (connections == 0
                    ? ""
                    : ", and [*] of their [n] connections were older than they"),
            item);
    f.is(0, first.size());
    f.is(1, pods.size());
    int place = 2;
    if (!first.isEmpty()) {
      f.spansTimes(place++, first);
    }
    if (connections > 0) {
      assertThat(f.words(place)).isEqualTo(older == 0 ? "none" : Long.toString(older));
      f.is(place + 1, connections);
    }
  }

  /** A pod that joined in a repetition that was watched: the step by which, and its connections. */
  record Joined(Cell cell, double fromMs, Map<String, String> step, List<Map<String, String>> own) {
    /** After its event began; empty if it got none while it was watched. */
    Optional<Double> firstMs() {
      return own.stream()
          .filter(c -> begun(c) >= number(step, "begun_ms"))
          .map(c -> number(c, "born_ms"))
          .filter(born -> born <= lengthMs(cell))
          .min(Double::compare)
          .map(born -> born - fromMs);
    }

    double watchedMs() {
      return lengthMs(cell) - fromMs;
    }

    long older() {
      return own.stream().filter(c -> begun(c) < number(step, "begun_ms")).count();
    }
  }

  static double lengthMs(Cell cell) {
    return cell.count("warmup_ms") + cell.count("idle_ms") + cell.count("measure_ms");
  }

  static double begun(Map<String, String> connection) {
    return number(connection, "born_ms") - number(connection, "connect_ns") / 1e6 % 1000;
  }

  List<Joined> joined(Cell c) {
    List<Joined> all = new ArrayList<>();
    for (Map<String, String> s : c.summaries()) {
      String repetition = s.get("repetition");
      if (facts.watched(c, repetition)) {
        List<Map<String, String>> steps =
            c.rows("events").stream().filter(e -> e.get("repetition").equals(repetition)).toList();
        steps.stream()
            .filter(e -> e.get("step").equals("joined"))
            .forEach(e -> all.addAll(joined(c, e, steps)));
      }
    }
    return all;
  }

  private static List<Joined> joined(
      Cell c, Map<String, String> step, List<Map<String, String>> steps) {
    double from =
        steps.stream()
            .filter(e -> e.get("event").equals(step.get("event")))
            .filter(e -> e.get("asked_ms").equals(step.get("asked_ms")))
            .mapToDouble(e -> number(e, "begun_ms"))
            .min()
            .orElseThrow();
    return List.of(step.get("pods").split(";", -1)).stream()
        .map(pod ->
            new Joined(
                c,
                from,
                step,
                c.rows("connections").stream()
                    .filter(r -> r.get("repetition").equals(step.get("repetition")))
                    .filter(r -> r.get("pod").equals(pod))
                    .toList()))
        .toList();
  }

  /** Cells that the heading tells of, where it is about events. */
  List<Cell> told() {
    return touched().stream()
        .filter(c -> !OF_ENDPOINTS.containsAll(kinds(c)) && c.sum("requests_due_count") > 0)
        .filter(c -> !allSpared(c))
        .toList();
  }

  /** The heading's sentence on events, if it is one; such a run has no calm cell that is judged. */
  boolean heading(String text) {
    Optional<Filled> said = Phrase.of("Requests without an answer: [*].").in(text);
    List<Cell> about = told();
    if (said.isEmpty()) {
      return false;
    }
    String list = said.get().words(0);
    Optional<Filled> not =
        Phrase.of(
                "[*]. Not in it: [n] repetition[s] whose clients were short of CPU, where others of the"
                    + " same events had CPU to spare")
            .in(list);
    assertThat(not.isPresent()).as(text).isEqualTo(hurriedLeft > 0);
    if (not.isPresent()) {
      not.get().is(1, hurriedLeft);
      list = not.get().words(0);
    }
    List<Joined> pods = about.stream().flatMap(c -> joined(c).stream()).toList();
    Optional<Filled> joined =
        Phrase.of("[*]. Of [n] pod[s] that joined [*] got a connection").in(list);
    assertThat(joined.isPresent()).as(text).isEqualTo(!pods.isEmpty());
    if (joined.isPresent()) {
      long reached = pods.stream().filter(p -> p.firstMs().isPresent()).count();
      joined.get().is(1, pods.size());
      assertThat(joined.get().words(2)).as(text).isEqualTo(reached == 0 ? "none" : "" + reached);
      list = joined.get().words(0);
    }
    Map<String, List<Cell>> byEvents =
        about.stream().collect(Collectors.groupingBy(OfEvents::events, Collectors.toList()));
    double before = 1;
    for (String item : OfVerdicts.items(list, byEvents.size())) {
      Matcher range = RANGE.matcher(item);
      boolean apart = range.matches();
      Filled f = Phrase.read("[*] of [*] with [*]", apart ? range.group(1) : item);
      List<Cell> cells = byEvents.get(f.words(2));
      assertThat(cells).as(item).isNotNull();
      assertThat(new Requests(cells).share()).as(text).isLessThanOrEqualTo(before);
      before = new Requests(cells).share();
      assertThat(new Requests(cells).are(f.words(0), f.words(1))).as(text).isTrue();
      range(cells, apart ? Optional.of(range.toMatchResult()) : Optional.empty());
    }
    return true;
  }

  /** By protocol and cure, where those differ: who lost least and most, if that is far apart. */
  private static void range(List<Cell> cells, Optional<MatchResult> said) {
    boolean protocols = cells.stream().map(c -> c.is("protocol")).distinct().count() > 1;
    boolean cures = cells.stream().map(OfCures::called).distinct().count() > 1;
    Map<String, List<Cell>> ways =
        cells.stream()
            .collect(
                Collectors.groupingBy(c ->
                    (protocols ? c.is("protocol") : "")
                        + (protocols && cures ? ", " : "")
                        + (cures ? OfCures.called(c) : "")));
    List<Double> shares = ways.values().stream().map(w -> new Requests(w).share()).toList();
    double least = shares.stream().min(Double::compare).orElseThrow();
    double most = shares.stream().max(Double::compare).orElseThrow();
    assertThat(said.isPresent()).as("%s to %s", least, most).isEqualTo(most > 1.5 * least);
    said.ifPresent(m -> {
      Requests low = new Requests(ways.get(m.group(4)));
      Requests high = new Requests(ways.get(m.group(7)));
      assertThat(low.share()).isEqualTo(least);
      assertThat(high.share()).isEqualTo(most);
      assertThat(List.of(m.group(2), m.group(3), m.group(5), m.group(6)))
          .containsExactly(
              Requests.figure(low.lost()),
              Requests.figure(low.due()),
              Requests.figure(high.lost()),
              Requests.figure(high.due()));
    });
  }

  /** The line on the worst cell where none is judged. */
  void dearest(String text) {
    List<Cell> some = new ArrayList<>(touched());
    some.removeIf(c -> c.sum("requests_due_count") == 0);
    if (some.isEmpty()) {
      assertThat(text).isEqualTo("no cell behind a Service is judged");
      return;
    }
    boolean spared = some.stream().allMatch(OfEvents::allSpared);
    some.removeIf(c -> !spared && allSpared(c));
    String not =
        spared
            ? "no connection was on a pod that was struck, so what that costs is not told ("
            : "";
    Filled f =
        Phrase.read(
            "[*]: " + not + "[n] of [n] request[s] had no answer[*]" + (spared ? ")" : ""), text);
    Cell cell = facts.named(f.words(0));
    f.is(1, lost(cell));
    f.is(2, cell.sum("requests_due_count"));
    assertThat(some).as(text).contains(cell);
    assertThat(new Requests(List.of(cell)).share())
        .as(text)
        .isEqualTo(
            some.stream().mapToDouble(c -> new Requests(List.of(c)).share()).max().orElseThrow());
    long open = sum(first(cell), "open_count");
    if (open == 0) {
      assertThat(f.words(3)).isEmpty();
    } else {
      Filled ended =
          Phrase.read(
              "; [n] of [n] open connection[s] ended before the client wanted it"
                  + (cell.is("events").contains(";") ? " and a second event began" : ""),
              f.words(3));
      ended.is(0, ended(first(cell)));
      ended.is(1, open);
    }
  }

  /** The line on idle pods where no cell tells of them. */
  void newPods(String text) {
    List<Joined> pods = touched().stream().flatMap(c -> joined(c).stream()).toList();
    if (pods.isEmpty()) {
      assertThat(text)
          .isEqualTo(
              "not judged: no cell that nothing was done to has long-lived connections whose pods are drawn");
      return;
    }
    List<Double> first =
        pods.stream().flatMap(p -> p.firstMs().stream()).map(ms -> ms * 1e6).toList();
    Filled f = Phrase.read("[n] of [n] pod[s] that joined got no connection[*]", text);
    f.is(0, pods.size() - first.size());
    f.is(1, pods.size());
    if (first.isEmpty()) {
      assertThat(f.words(2)).isEmpty();
    } else {
      Phrase.read("; the others' first came [t] after their event began", f.words(2))
          .spansTimes(0, first);
    }
  }

  static long sum(List<Map<String, String>> rows, String column) {
    return rows.stream().mapToLong(r -> count(r, column)).sum();
  }

  /** Whether pods were struck, and none that a connection was open on. */
  private static boolean spared(List<Map<String, String>> rows) {
    List<Map<String, String>> told =
        rows.stream().filter(r -> !r.get("open_struck_count").equals("NA")).toList();
    return !told.isEmpty() && sum(told, "open_struck_count") == 0;
  }

  /** Whether each event of a cell spared all connections. */
  private static boolean allSpared(Cell c) {
    return IntStream.range(
            0,
            c.summaries().stream()
                .mapToInt(s ->
                    (int)
                        c.rows("effects").stream()
                            .filter(r -> r.get("repetition").equals(s.get("repetition")))
                            .count())
                .max()
                .orElse(0))
        .mapToObj(place -> at(c, place))
        .flatMap(rows ->
            rows.stream().collect(Collectors.groupingBy(r -> r.get("cause"))).values().stream())
        .filter(rows -> !rows.getFirst().get("cause").equals("idle"))
        .allMatch(OfEvents::spared);
  }

  private static long ended(List<Map<String, String>> rows) {
    return sum(rows, "open_reset_count") + sum(rows, "open_closed_count");
  }
}
