package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.PageText.Kind;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is said of cures: which fits a case best, of those measured in it; which were not. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
final class OfCures extends Forms {
  private static final double AS_GOOD = 1.1;
  private static final int FEW = 10;
  private static final int LISTED = 8;

  private static final Pattern TEXT =
      Pattern.compile(
          "(.+?) \\((.+), ([\\d,]+) pods?(.*?); ([a-z]+)\\), by ([a-z -]+): of ([\\d,]+) measured best:"
              + " (.*?)\\. Then (.*)\\.");

  private static final Pattern ALIKE =
      Pattern.compile(
          "(.+?) \\((.+), ([\\d,]+) pods?(.*?); ([a-z]+)\\), by ([a-z -]+): none of the ([\\d,]+)"
              + " measured differs by this figure, within a tenth of the least: (.*)\\.");

  private static final Pattern SLOW =
      Pattern.compile(
          "A slow pod \\((.+), ([\\d,]+) pods?(.*?); ([a-z]+)\\), whose fair share of answers is (.+) %:"
              + " noticed by (.+); not noticed by (.+)\\.");

  private static final String NO_CURE = "no cure";

  private static final List<String> OF_COURSE =
      List.of("cure", "ipvs_scheduler", "warmup_ms", "idle_ms", "measure_ms", "drain_ms", "events");

  private static final List<String> OF_SILENCE = List.of("keep-alive-interval", "tcp-retries");

  private static final List<Map<String, String>> NOTHING = List.of();

  /** By the words of ids, in order: what a sentence calls it. */
  private static final Map<String, String> CASES = cases();

  private static Map<String, String> cases() {
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put("few-clients", "Few connections a pod");
    cases.put("many-clients", "Many connections a pod");
    cases.put("streams", "Streams");
    cases.put("websocket", "WebSocket");
    cases.put("autoscaling", "Autoscaling");
    cases.put("slow-pod", "A slow pod");
    cases.put("rolling-update", "A rolling update");
    cases.put("silent-pod", "A pod that falls silent");
    return cases;
  }

  /** A cell, what decides of it, and whether that is only a lower bound. */
  record Measured(Cell cell, double figure, boolean bound, boolean ofSilence) {
    Measured(Cell cell, double figure, boolean bound) {
      this(cell, figure, bound, false);
    }

    String name() {
      List<String> words = new ArrayList<>();
      if (!called(cell).equals(NO_CURE)) {
        words.add(called(cell));
      }
      if (ofSilence && !cell.is("keep_alive").equals("none")) {
        words.add("keep-alive " + cell.is("keep_alive"));
      }
      OF_SILENCE.stream()
          .filter(s -> ofSilence && cell.settings().containsKey(s))
          .forEach(s -> words.add(s + " " + cell.settings().get(s)));
      String nothing = ofSilence ? NO_CURE + ", no keep-alive" : NO_CURE;
      return (words.isEmpty() ? nothing : String.join(", ", words))
          + " (#"
          + cell.is("number")
          + ")";
    }

    /** Whose code it is in, where that is said. */
    String takes() {
      List<String> who = new ArrayList<>();
      if (!cell.is("keep_alive").equals("none")) {
        who.add("client code: ");
      }
      if (called(cell).startsWith("ipvs-")) {
        who.add("cluster: kube-proxy's mode and scheduler");
      }
      if (cell.settings().containsKey("tcp-retries")) {
        who.add("cluster: how often client pods send data again");
      }
      return who.isEmpty() ? "nobody anything" : who.getFirst();
    }
  }

  OfCures(Facts facts, Judge judge) {
    super(facts, judge);
    onlyIf(
        "cures",
        Kind.CAPTION,
        "What each cure gives: all repetitions of its cells, lowest to highest; what is empty was not"
            + " measured",
        t -> t.holds() > 1);
    onlyIf(
        "cures",
        Kind.CAPTION,
        "What each cure costs: all repetitions of its cells; what is empty was not measured",
        t -> t.holds() > 1);
    form(
        "cures",
        Kind.CHART_TITLE,
        "Connects after a common start: [*]",
        (t, f) -> assertThat(new OfHerds(facts).drawn(f.words(0))).as(t.text()).isTrue());
    form(
        "cures",
        Kind.CHART_TITLE,
        "Connections on pods that joined: [*]",
        (t, f) -> assertThat(new OfNewShares(facts).drawn(f.words(0))).as(t.text()).isTrue());
    form(
        "cures",
        Kind.CHART_TITLE,
        "Requests on a shared pool's first connections: [*]",
        (t, f) -> assertThat(new OfHunts(facts).drawn(f.words(0))).as(t.text()).isTrue());
    form(
        "cures",
        Kind.PROSE,
        "Not measured with two cures that could be compared: [*].",
        (_, f) -> missing(f));
  }

  private void missing(Filled f) {
    List<String> none =
        CASES.entrySet().stream()
            .filter(e -> groups(e.getKey()).stream().noneMatch(g -> told(known(e.getKey(), g))))
            .map(e -> e.getValue().toLowerCase(Locale.ROOT))
            .toList();
    assertThat(List.of(f.words(0).split(", | and ", -1))).isEqualTo(none);
  }

  private static boolean told(List<Measured> known) {
    return known.size() > 1 && !known.getFirst().bound();
  }

  /** The words of cases, in order. */
  List<String> words() {
    return List.copyOf(CASES.keySet());
  }

  /** What a case is called. */
  String title(String word) {
    return CASES.get(word);
  }

  /** What is known of cures of which one can be said to be best in a case, a group each. */
  List<List<Measured>> weighed(String word) {
    return groups(word).stream()
        .sorted(Comparator.comparingInt(g -> place(g.getFirst(), word.equals("silent-pod"))))
        .map(g -> known(word, g))
        .filter(OfCures::told)
        .toList();
  }

  /** The place of the first cell that is asked the same, whatever happens in it. */
  private int place(Cell c, boolean silence) {
    List<Cell> all = facts.measured();
    return IntStream.range(0, all.size())
        .filter(i -> asked(all.get(i), c, silence))
        .findFirst()
        .orElseThrow();
  }

  static boolean asked(Cell a, Cell b, boolean silence) {
    List<String> but = new ArrayList<>(OF_COURSE);
    if (silence) {
      but.addAll(List.of("keep_alive", "settings"));
    }
    return a.alike(b, but.toArray(new String[0])) && (!silence || others(a).equals(others(b)));
  }

  /** Whether every cell is asked what one with another cure is. */
  boolean ofEvery() {
    return facts.measured().stream().allMatch(c -> weighed(facts, c));
  }

  /** Whether another cell is asked the same with another cure. */
  static boolean weighed(Facts facts, Cell c) {
    return facts.measured().stream()
        .anyMatch(o -> !called(o).equals(called(c)) && asked(o, c, false));
  }

  /** What a cell has against imbalance: a cure, or an ipvs scheduler which is not the usual one. */
  static String called(Cell c) {
    List<String> words = new ArrayList<>();
    if (c.is("data_plane").equals("ipvs") && !c.ipvs("rr")) {
      words.add("ipvs-" + c.is("ipvs_scheduler"));
    }
    if (!c.is("cure").equals("none")) {
      words.add(c.is("cure").replace('=', ' ').replace(",", ", ").replace("+", " + "));
    }
    return words.isEmpty() ? NO_CURE : String.join(" + ", words);
  }

  /** The same with its number. */
  static String numbered(Cell c) {
    return called(c) + " (#" + c.is("number") + ")";
  }

  /** The least, and what is within a tenth of it. */
  List<Measured> best(List<Measured> known) {
    double most = AS_GOOD * known.getFirst().figure();
    return known.stream().filter(m -> !m.bound() && m.figure() <= most).toList();
  }

  /** Cells that differ in nothing but the cure. */
  private List<List<Cell>> groups() {
    return groups("");
  }

  /** The same, where a pod falls silent in nothing but that, keep-alives and time-outs. */
  List<List<Cell>> groups(String word) {
    boolean silence = word.equals("silent-pod");
    List<List<Cell>> groups = new ArrayList<>();
    for (Cell c : facts.measured()) {
      groups.stream()
          .filter(g ->
              silence
                  ? g.getFirst().alike(c, "cure", "ipvs_scheduler", "keep_alive", "settings")
                      && others(g.getFirst()).equals(others(c))
                  : g.getFirst().alike(c, "cure", "ipvs_scheduler"))
          .findFirst()
          .ifPresentOrElse(g -> g.add(c), () -> groups.add(new ArrayList<>(List.of(c))));
    }
    groups.removeIf(g ->
        g.stream()
                .map(c ->
                    silence ? called(c) + " " + c.is("keep_alive") + " " + c.unusual() : called(c))
                .distinct()
                .count()
            < 2);
    return groups;
  }

  private static Map<String, String> others(Cell c) {
    Map<String, String> left = new LinkedHashMap<>(c.unusual());
    OF_SILENCE.forEach(left::remove);
    return left;
  }

  void finding(String id, String text) {
    String word = id.replaceAll("^cure-|-[0-9a-f]{8}$", "");
    List<Cell> group =
        groups(word).stream().filter(g -> id.endsWith(g.getFirst().id())).findFirst().orElseThrow();
    List<Measured> known = known(word, group);
    assertThat(told(known)).as(text).isTrue();
    List<Measured> best = best(known);
    List<Measured> others = known.stream().filter(m -> !best.contains(m)).toList();
    Matcher said = (others.isEmpty() ? ALIKE : TEXT).matcher(text);
    assertThat(said.matches()).as(text).isTrue();
    assertThat(said.group(1)).isEqualTo(CASES.get(word));
    named(group.getFirst(), said, 2);
    assertThat(said.group(7)).isEqualTo(Integer.toString(known.size()));
    listed(said.group(8), best, text);
    if (!others.isEmpty()) {
      listed(said.group(9), others, text);
    }
  }

  /** What cells of a group have in common: what was asked, pods, what happens, testbed. */
  private static void named(Cell any, Matcher said, int first) {
    assertThat(any.is("title").replaceFirst("^ipvs-\\w+", "ipvs").split(", ", -1))
        .contains(said.group(first).split(", ", -1));
    assertThat(said.group(first + 1)).isEqualTo(any.is("pods_count"));
    String settings = any.settings().isEmpty() ? "" : ".*";
    assertThat(any.is("title")).matches("(?s).*" + Pattern.quote(said.group(first + 2)) + settings);
    assertThat(said.group(first + 2).isEmpty()).isEqualTo(!any.changes());
    assertThat(said.group(first + 3)).isEqualTo(any.is("testbed"));
  }

  private static void listed(String words, List<Measured> cells, String text) {
    List<String> items = words.isEmpty() ? List.of() : List.of(words.split("; ", -1));
    int shown = Math.min(LISTED, cells.size());
    assertThat(items).as(text).hasSize(shown + (cells.size() > LISTED ? 1 : 0));
    for (int i = 0; i < shown; i++) {
      Measured m = cells.get(i);
      assertThat(items.get(i)).as(text).startsWith(m.name() + ": " + (m.bound() ? "> " : ""));
      String figure = items.get(i).substring(m.name().length() + 2).replace("> ", "");
      if (m.ofSilence()) {
        assertThat(figure).as(text).contains(" (" + m.takes());
        figure = figure.substring(0, figure.indexOf(" ("));
      }
      if (figure.endsWith("s")) {
        Phrase.read("[t]", figure).spansTimes(0, List.of(m.figure()));
      } else {
        Phrase.read("[n]", figure.replace(" %", "")).is(0, m.figure());
      }
    }
  }

  /** A cell with slow pods, and what these answered: per cent, fair and found. */
  private record Slow(Measured p99, double fair, double share) {}

  /** Who notices slow pods. */
  void slow(String id, String text) {
    List<Cell> group =
        groups().stream().filter(g -> id.endsWith(g.getFirst().id())).findFirst().orElseThrow();
    List<Slow> known =
        group.stream()
            .map(c -> slow(c))
            .filter(s -> Double.isFinite(s.share()) && Double.isFinite(s.p99().figure()))
            .toList();
    assertThat(known).as(text).hasSizeGreaterThan(1);
    Matcher said = SLOW.matcher(text);
    assertThat(said.matches()).as(text).isTrue();
    named(group.getFirst(), said, 1);
    Phrase.read("[n]", said.group(5)).is(0, known.getFirst().fair());
    slow(said.group(6), known.stream().filter(s -> s.share() < s.fair() / 2).toList());
    slow(said.group(7), known.stream().filter(s -> s.share() >= s.fair() / 2).toList());
  }

  private static void slow(String words, List<Slow> cells) {
    if (cells.isEmpty()) {
      assertThat(words).isEqualTo("none of them");
      return;
    }
    List<String> items = List.of(words.split("; ", -1));
    assertThat(items).hasSize(Math.min(LISTED, cells.size()) + (cells.size() > LISTED ? 1 : 0));
    for (int i = 0; i < Math.min(LISTED, cells.size()); i++) {
      Measured p99 = cells.get(i).p99();
      assertThat(items.get(i)).startsWith(p99.name() + ": ");
      assertThat(items.get(i).contains("p99 > ")).isEqualTo(p99.bound());
      Filled item =
          Phrase.read(
              "[n] %, p99 [t]", items.get(i).substring(p99.name().length() + 2).replace("> ", ""));
      item.is(0, cells.get(i).share());
      item.spansTimes(1, List.of(p99.figure()));
    }
  }

  /** Whether callers of a slow pod, and the pod itself, can do all that is due to them. */
  private static boolean keepsUp(Cell c) {
    if (!c.is("rate").matches("\\d+")) {
      return false;
    }
    double perMs = c.count("rate") / 1000.0;
    return perMs / c.count("connections_count") * ms("delay", c) < 1
        && perMs / c.count("pods_count") * ms("cpu", c) < 1;
  }

  /** A time of a cell's event; 0 where it has none of that name. */
  private static double ms(String name, Cell c) {
    Matcher time = Pattern.compile(name + "=(\\d+)(ms|s)").matcher(c.is("events"));
    return time.find()
        ? Double.parseDouble(time.group(1)) * (time.group(2).equals("s") ? 1000 : 1)
        : 0;
  }

  private Slow slow(Cell c) {
    String events = c.is("events");
    long all = 0;
    long own = 0;
    Set<String> pods = Set.of();
    for (Map<String, String> s :
        events.startsWith("slow-pod=") && !events.contains(";") && keepsUp(c)
            ? c.counted()
            : NOTHING) {
      String repetition = s.get("repetition");
      List<Map<String, String>> steps =
          c.rows("events").stream()
              .filter(e -> e.get("repetition").equals(repetition))
              .filter(e -> e.get("step").equals("slowed"))
              .toList();
      if (steps.isEmpty()) {
        return new Slow(decides("slow-pod", c), Double.NaN, Double.NaN);
      }
      pods =
          steps.stream()
              .flatMap(e -> Arrays.stream(e.get("pods").split(";", -1)))
              .collect(Collectors.toSet());
      double from = steps.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
      for (String line : facts.text().raw(c.id(), Long.parseLong(repetition), "pods_over_time")) {
        String[] bin = line.split(",", -1);
        double at = Double.parseDouble(bin[3]);
        if (at >= from && at + 100 <= OfEvents.lengthMs(c) && !bin[5].equals("NA")) {
          all += Long.parseLong(bin[6]);
          own += pods.contains(bin[5]) ? Long.parseLong(bin[6]) : 0;
        }
      }
    }
    return new Slow(
        decides("slow-pod", c),
        100.0 * pods.size() / c.count("pods_count"),
        all == 0 ? Double.NaN : 100.0 * own / all);
  }

  /** What a pool's Service dealt out, as the proxies counted it, and what pods got. */
  record Pool(int proxies, double found, double expected, double p, double pod) {}

  /** That of a cell; empty where no proxy counted. */
  Optional<Pool> pool(Cell c) {
    Map<String, Long> sums = new LinkedHashMap<>();
    List<Double> found = new ArrayList<>();
    List<Double> drawn = new ArrayList<>();
    for (Map<String, String> s : c.counted()) {
      Map<String, Long> each = new LinkedHashMap<>();
      c.raw(s, "counters")
          .filter(r -> r[3].matches("proxy-\\d+") && r[4].equals("connections_count"))
          .forEach(r -> each.merge(r[3], Math.round(Double.parseDouble(r[5])), Long::sum));
      each.forEach((proxy, n) -> sums.merge(proxy, n, Long::sum));
      found.add(
          most(each.values().stream().map(n -> (double) n).toList())
              * each.size()
              / each.values().stream().mapToLong(n -> n).sum());
      drawn.add(
          drawnMaxOverMean(each.values().stream().mapToInt(Math::toIntExact).sum(), each.size()));
    }
    double pod = most(busiest(c));
    return sums.size() < 2 || !Double.isFinite(pod)
        ? Optional.empty()
        : Optional.of(
            new Pool(
                sums.size(),
                found.stream().mapToDouble(x -> x).average().orElseThrow(),
                drawn.stream().mapToDouble(x -> x).average().orElseThrow(),
                FairCounts.p(List.of(sums.values().stream().mapToLong(n -> n).toArray())),
                pod));
  }

  /** What is said of it. */
  void proxies(String id, String text) {
    Cell c = facts.measured().stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    Pool pool = pool(c).orElseThrow();
    Filled f =
        Phrase.read(
            "Proxies behind a Service of their own ([*]): the busiest of [n] had [n] times the mean of"
                + " connections, where a fair draw has [n] on average ([*]); the busiest pod had [n] times"
                + " the mean of requests.",
            text);
    assertThat(f.words(0)).isEqualTo(c.name());
    f.is(1, pool.proxies());
    f.is(2, pool.found());
    f.is(3, pool.expected());
    assertThat(f.words(4).equals("the counts differ from a draw"))
        .as(text)
        .isEqualTo(pool.p() <= 0.001);
    f.is(5, pool.pod());
  }

  /** Of so many connections that draw proxies: the sum of how likely more than any number is. */
  private static double drawnMaxOverMean(int connections, int proxies) {
    double most = 0;
    for (int m = 0; m < connections; m++) {
      most += 1 - atMost(m, connections, proxies);
    }
    return most * proxies / connections;
  }

  /** How likely no proxy gets more. */
  private static double atMost(int most, int connections, int proxies) {
    if (proxies == 1) {
      return connections <= most ? 1 : 0;
    }
    double sum = 0;
    double first = Math.pow(1 - 1.0 / proxies, connections);
    for (int j = 0; j <= Math.min(most, connections); j++) {
      sum += first * atMost(most, connections - j, proxies - 1);
      first *= (connections - j) / (j + 1.0) / (proxies - 1.0);
    }
    return sum;
  }

  /** Cells of a case in which what decides is known, the least first. */
  private List<Measured> known(String word, List<Cell> group) {
    return group.stream()
        .filter(c -> holds(word, c))
        .map(c -> decides(word, c))
        .filter(m -> Double.isFinite(m.figure()))
        .sorted(Comparator.comparingDouble(Measured::figure))
        .toList();
  }

  private static boolean holds(String word, Cell c) {
    boolean lasting = Set.of("grpc-stream", "websocket").contains(c.is("protocol"));
    boolean calm = !c.shortLived() && !c.changes() && c.count("idle_ms") == 0;
    boolean few = c.count("connections_count") <= FEW * c.count("pods_count");
    return switch (word) {
      case "few-clients" -> calm && !lasting && few;
      case "many-clients" -> calm && !lasting && !few;
      case "streams" -> calm && c.is("protocol").equals("grpc-stream");
      case "websocket" -> calm && c.is("protocol").equals("websocket");
      case "autoscaling" -> grows(c);
      case "slow-pod" -> c.is("events").startsWith("slow-pod=") && !c.is("events").contains(";");
      case "silent-pod" ->
          Arrays.stream(c.is("events").split(";", -1)).anyMatch(e -> e.startsWith("power-off="));
      default ->
          Arrays.stream(c.is("events").split(";", -1)).anyMatch(e -> e.startsWith(word + "="));
    };
  }

  /** Whether its Service gets more pods. */
  static boolean grows(Cell c) {
    return Arrays.stream(c.is("events").split(";", -1)).anyMatch(e -> grows(c, e));
  }

  private static boolean grows(Cell c, String event) {
    Matcher scale = Pattern.compile("scale=(\\d+)[,@].*").matcher(event);
    return event.startsWith("add-endpoints=")
        || (scale.matches() && Integer.parseInt(scale.group(1)) > c.count("pods_count"));
  }

  private Measured decides(String word, Cell c) {
    return switch (word) {
      case "autoscaling" ->
          new Measured(c, most(new OfAutoscaler(facts).hottestOverMean(c)), false);
      case "slow-pod" ->
          new Measured(
              c,
              most(c.figures("response_p99_ns")),
              c.summaries().stream().anyMatch(s -> number(s, "response_exact_up_to_pct") < 99));
      case "rolling-update", "silent-pod" -> {
        double due = c.sum("requests_due_count");
        yield new Measured(
            c,
            100 * (due - c.sum("requests_answered_count")) / due,
            false,
            word.equals("silent-pod"));
      }
      default -> new Measured(c, most(busiest(c)), false);
    };
  }

  private static double most(List<Double> figures) {
    return figures.stream().filter(Double::isFinite).mapToDouble(x -> x).max().orElse(Double.NaN);
  }

  private static List<Double> busiest(Cell c) {
    return c.summaries().stream()
        .filter(Facts::podsCounted)
        .map(s -> c.pods(s.get("repetition")))
        .map(pods -> pods.stream().map(p -> (double) count(p, "requests_count")).toList())
        .map(n -> most(n) * n.size() / n.stream().mapToDouble(x -> x).sum())
        .toList();
  }
}
