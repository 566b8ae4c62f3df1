package dev.conntrail.report;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The report of a run: {@code report.html} (one file, no network), {@code report.md} and SVGs. */
public final class Report {
  /** A chart ready for the page. */
  public record Drawn(
      String id,
      String title,
      String description,
      String svg,
      String json,
      int height,
      List<String> series) {}

  /** A cell ready for the page. */
  public record CellView(
      int number,
      String title,
      String id,
      String verdict,
      boolean chance,
      Drawn chart,
      List<List<String>> facts,
      String marks) {}

  /** A table ready for the page. */
  public record Table(List<String> head, List<List<String>> rows) {}

  private static final int RULES_SHOWN = 20_000;
  private static final String UML = "uml";
  private static final Set<String> OWN_RULES = Set.of("netns", UML);

  private final RunData run;
  private final SvgRenderer renderer;
  private final Charts charts;

  private Report(RunData run, SvgRenderer renderer) {
    this.run = run;
    this.renderer = renderer;
    this.charts = new Charts(run);
  }

  /**
   * Writes all of it.
   *
   * @return the page
   */
  public static Path write(RunFolder folder) throws IOException {
    RunData run = RunData.read(folder);
    Files.createDirectories(folder.report());
    try (SvgRenderer renderer = new SvgRenderer()) {
      Map<String, Object> model = new Report(run, renderer).model();
      Path page = folder.report().resolve("report.html");
      Files.writeString(page, fill("report.html.ftlh", model));
      Files.writeString(folder.report().resolve("report.md"), fill("report.md.ftl", model));
      return page;
    }
  }

  private Map<String, Object> model() throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("manifest", run.manifest());
    model.put("environment", run.environment());
    model.put("guest", run.guest().stream().toList());
    model.put("folder", run.folder().path().getFileName().toString());
    Optional<Beside> beside = beside();
    Lookups lookups = Lookups.read(run.folder());
    List<Findings.Finding> findings = new ArrayList<>(Findings.of(run));
    findings.addAll(Laws.of(run));
    findings.addAll(lookups.findings());
    beside.ifPresent(b -> findings.addAll(b.findings()));
    model.put("findings", findings);
    model.put("beside", beside.map(Beside::table).stream().toList());
    model.put(
        "besideFolder",
        beside.map(b -> b.there().folder().path().getFileName().toString()).orElse(""));
    model.put("matrices", matrices());
    model.put("rulesShown", rulesShown());
    model.put("onCluster", !run.environment().cluster().isEmpty());
    model.put("glance", charts.glance().map(this::draw).stream().toList());
    model.put("cells", cells());
    model.put("overview", overview());
    List<Drawn> latency = charts.latency().stream().map(this::draw).toList();
    model.put("latency", latency);
    model.put("latencyTable", latencyTable());
    model.put("connect", charts.connect().stream().map(this::draw).toList());
    List<Drawn> time = new ArrayList<>();
    charts.timeline().map(this::draw).ifPresent(time::add);
    charts.seconds().map(this::draw).ifPresent(time::add);
    model.put("timeline", time);
    model.put("installs", installs());
    model.put("disagreements", disagreements());
    model.put("lookupCharts", lookups.charts().stream().map(this::draw).toList());
    model.put("lookupBeside", lookups.beside());
    model.put("lookupFits", lookups.fits());
    model.put("jmh", lookups.scores());
    Modes modes = new Modes(run);
    model.put("modes", modes.tables());
    model.put("effects", modes.effects());
    model.put("limits", limits());
    model.put("library", SvgRenderer.library());
    return model;
  }

  private Optional<Beside> beside() throws IOException {
    Optional<Path> other = Beside.find(run.folder(), run.manifest());
    return other.isEmpty()
        ? Optional.empty()
        : Optional.of(new Beside(run, RunData.read(new RunFolder(other.get()))));
  }

  /** A table of rules as text, by what they are. */
  public record Shown(String title, String text) {}

  /** The rules of the first repetition of each data plane. */
  private List<Shown> rulesShown() throws IOException {
    List<Shown> shown = new ArrayList<>();
    Set<String> planes = new LinkedHashSet<>();
    for (Rows.Cells cell : run.measured()) {
      Rows.Summary first = run.summariesOf(cell).getFirst();
      Path rules = run.folder().found(cell.cell(), first.repetition()).rules();
      if (Files.exists(rules) && planes.add(cell.dataPlane())) {
        String text = Files.readString(rules);
        shown.add(
            new Shown(
                cell.dataPlane() + ", " + cell.podsCount() + " pods",
                text.length() > RULES_SHOWN ? text.substring(0, RULES_SHOWN) + "\n..." : text));
      }
    }
    return shown;
  }

  /** From node to node, where there is more than one. */
  private List<Titled> matrices() {
    List<Titled> tables = new ArrayList<>();
    run.matrices()
        .forEach((alike, m) -> {
          if (m.podNodes().size() > 1) {
            List<String> head = new ArrayList<>(List.of("from client node"));
            m.podNodes().forEach(n -> head.add("to " + n));
            head.add("same node");
            List<List<String>> rows = new ArrayList<>();
            for (String client : m.clientNodes()) {
              List<String> row = new ArrayList<>(List.of(client));
              double all = 0;
              for (String pod : m.podNodes()) {
                row.add(
                    Text.count(m.count(client, pod))
                        + " ("
                        + Text.number(m.expected(client, pod))
                        + ")");
                all += m.count(client, pod);
              }
              row.add(
                  Text.number(100 * m.count(client, client) / all)
                      + " % ("
                      + Text.number(100 * m.expected(client, client) / all)
                      + " %)");
              rows.add(row);
            }
            tables.add(
                new Titled(
                    alike.title()
                        + ": connections from node to node, and in brackets what chance gives ("
                        + Text.test(m.p())
                        + ")",
                    new Table(head, rows)));
          }
        });
    return tables;
  }

  /** A table with its caption. */
  public record Titled(String title, Table table) {}

  private Drawn draw(Chart chart) {
    String svg = renderer.svg(chart);
    try {
      Files.writeString(run.folder().report().resolve(chart.id() + ".svg"), svg);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new Drawn(
        chart.id(),
        chart.title(),
        chart.description(),
        svg,
        Json.text(chart.option()).replace("</", "<\\/"),
        chart.height(),
        chart.series());
  }

  private List<CellView> cells() {
    List<CellView> views = new ArrayList<>();
    int number = 1;
    for (Rows.Cells cell : run.measured()) {
      Drawn chart = draw(charts.cell(cell, number));
      String verdict =
          run.verdict(cell, Verdicts.CONNECTIONS).map(Rows.Verdict::verdict).orElse("none");
      String marks =
          String.join(
              ", ",
              run.summariesOf(cell).stream()
                  .map(Rows.Summary::marks)
                  .filter(m -> !m.equals("none"))
                  .distinct()
                  .toList());
      views.add(
          new CellView(
              number,
              cell.title(),
              cell.cell(),
              verdict,
              verdict.equals(Verdicts.IS_CHANCE),
              chart,
              facts(cell),
              marks));
      number++;
    }
    return views;
  }

  private List<List<String>> facts(Rows.Cells cell) {
    List<List<String>> facts = new ArrayList<>();
    for (String unit : List.of(Verdicts.CONNECTIONS, Verdicts.REQUESTS)) {
      run.verdict(cell, unit)
          .ifPresent(v ->
              facts.add(
                  List.of(
                      unit,
                      Text.count(v.observedCount()),
                      v.verdict(),
                      Text.p(v.pAdjusted()),
                      v.method(),
                      Text.number(v.idleMeanCount())
                          + " ("
                          + Text.number(v.idleExpectedCount())
                          + ")",
                      Text.number(v.maxOverMean())
                          + " ("
                          + Text.number(v.maxOverMeanExpected())
                          + ")",
                      Text.number(v.jain()),
                      Text.number(v.bandLowCount()) + " to " + Text.number(v.bandHighCount()))));
    }
    return facts;
  }

  private Table overview() {
    List<List<String>> rows = new ArrayList<>();
    int number = 1;
    for (Rows.Cells cell : run.measured()) {
      List<Rows.Summary> s = run.summariesOf(cell);
      Optional<Rows.Verdict> c = run.verdict(cell, Verdicts.CONNECTIONS);
      Optional<Rows.Verdict> r = run.verdict(cell, Verdicts.REQUESTS);
      rows.add(
          List.of(
              Integer.toString(number++),
              cell.title(),
              cell.testbed(),
              Text.count(s.stream().mapToLong(Rows.Summary::connectionsOpenedCount).sum()),
              c.map(Rows.Verdict::verdict).orElse("its Service changed"),
              c.map(v ->
                      Text.number(v.idleMeanCount())
                          + " ("
                          + Text.number(v.idleExpectedCount())
                          + ")")
                  .orElse(Csv.MISSING),
              c.map(v -> Text.number(v.maxOverMean())).orElse(Csv.MISSING),
              r.map(v -> Text.number(v.maxOverMean())).orElse(Csv.MISSING),
              r.map(v -> Text.number(v.jain())).orElse(Csv.MISSING),
              Text.number(mean(s.stream().mapToDouble(Rows.Summary::achievedPerS))),
              Text.number(mean(s.stream().mapToDouble(Rows.Summary::clientCpuPct))) + " %",
              Long.toString(s.stream().filter(x -> !x.marks().equals("none")).count())
                  + " of "
                  + s.size()));
    }
    return new Table(
        List.of(
            "#",
            "cell",
            "testbed",
            "connections",
            "where they land",
            "idle pods (expected)",
            "max/mean connections",
            "max/mean requests",
            "Jain requests",
            "requests/s",
            "client CPU",
            "marked"),
        rows);
  }

  private static double mean(java.util.stream.DoubleStream values) {
    return values.filter(Double::isFinite).average().orElse(Double.NaN);
  }

  private Table latencyTable() {
    List<List<String>> rows = new ArrayList<>();
    for (Rows.Cells cell : run.measured()) {
      Map<Metric, Histogram> h = run.latencies().get(cell.cell());
      Histogram response = h.get(Metric.RESPONSE);
      List<String> row =
          new ArrayList<>(List.of(cell.title(), Text.count(response.getTotalCount())));
      for (double p : new double[] {50, 90, 99, 99.9, 100}) {
        row.add(Text.time(LoadFiles.percentile(response, p)));
      }
      row.add(Text.time(LoadFiles.percentile(h.get(Metric.SERVICE), 50)));
      row.add(
          cell.rate().equals("closed")
              ? "NA"
              : Text.time(LoadFiles.percentile(h.get(Metric.SEND_LAG), 99)));
      row.add(Text.time(LoadFiles.percentile(h.get(Metric.CONNECT), 50)));
      row.add(Text.time(LoadFiles.percentile(h.get(Metric.CONNECT), 99)));
      rows.add(row);
    }
    return new Table(
        List.of(
            "cell",
            "requests",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "max",
            "service p50",
            "send lag p99",
            "connect p50",
            "connect p99"),
        rows);
  }

  private Table installs() {
    Map<String, List<Rows.Install>> kinds = new LinkedHashMap<>();
    run.installs().stream()
        .filter(i -> i.rulesCount() > 0)
        .forEach(i ->
            kinds
                .computeIfAbsent(
                    i.dataPlane() + (i.backend().equals("NA") ? "" : " (" + i.backend() + ")"),
                    _ -> new ArrayList<>())
                .add(i));
    List<List<String>> rows = new ArrayList<>();
    kinds.forEach((kind, list) ->
        rows.add(
            List.of(
                kind,
                list.getFirst().tool(),
                Text.count(list.getFirst().rulesCount()),
                Text.count(list.size()),
                Text.number(mean(list.stream().mapToDouble(Rows.Install::loadMs))) + " ms",
                Text.number(mean(list.stream().mapToDouble(Rows.Install::removeMs))) + " ms",
                list.getFirst().rulesSha256().substring(0, 12))));
    return new Table(
        List.of(
            "data plane",
            "program",
            "rules",
            "loads",
            "load, mean",
            "removal, mean",
            "SHA-256 of the text"),
        rows);
  }

  private Table disagreements() {
    return new Table(
        List.of("cell", "repetition", "client's end", "ledger", "pod's count", "kernel", "why"),
        run.disagreements().stream()
            .limit(100)
            .map(d ->
                List.of(
                    title(d.cell()),
                    Integer.toString(d.repetition()),
                    d.localAddress() + ":" + d.localPort(),
                    d.ledgerPod(),
                    d.echoPod(),
                    d.kernelPod(),
                    d.why()))
            .toList());
  }

  private String title(String cell) {
    return run.cells().stream()
        .filter(c -> c.cell().equals(cell))
        .map(Rows.Cells::title)
        .findFirst()
        .orElse(cell);
  }

  private List<String> limits() {
    List<String> limits = new ArrayList<>(run.manifest().notes());
    limits.add(
        "Client, pods and kernel share "
            + run.environment().cpus()
            + " CPUs: times are those of this machine, and a difference below 20 % between cells is within its noise.");
    limits.add(
        "The load processes are primed before the first cell and stay for all repetitions; they compile with C1 only ("
            + String.join(" ", run.environment().jvmFlags())
            + ").");
    if (!run.environment().cluster().isEmpty()) {
      limits.add(
          "Nodes of kind are containers of one machine: they share its CPUs and kernel, and a path between nodes has no wire in it.");
      limits.add(
          "Rules are kube-proxy's own, as found on a client's node; how long they took to load is not known.");
    } else if (run.measured().stream().anyMatch(c -> OWN_RULES.contains(c.testbed()))) {
      if (run.measured().stream().anyMatch(c -> c.testbed().equals(UML))) {
        limits.add(
            "Testbed uml: its cells ran in one User-mode Linux kernel"
                + run.guest().map(g -> " (" + g.kernel() + ")").orElse("")
                + " on one CPU, where a call of the clock alone can take tens of microseconds: its times can be compared with each other only, never with those of netns.");
      }
      limits.add(
          "Veths in place of a network: a connect or request has no wire and no encapsulation in it; between nodes there is one more namespace that routes.");
      limits.add(
          "The data plane direct takes pods in turn, so its spread is even by design; connection tracking stays on, as other rules keep it on a real node.");
      limits.add(
          "The order of Services within KUBE-SERVICES is that of the input (kube-proxy's is random at each sync).");
    } else {
      limits.add(
          "The testbed loopback has no Service and no rules: it shows that the harness works, not what a cluster does.");
    }
    return limits;
  }

  private static String fill(String template, Map<String, Object> model) throws IOException {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassLoaderForTemplateLoading(Report.class.getClassLoader(), "report");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setRecognizeStandardFileExtensions(true);
    configuration.setNumberFormat("computer");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    try (Writer out = new StringWriter()) {
      configuration.getTemplate(template).process(model, out);
      return out.toString();
    } catch (TemplateException e) {
      throw new IOException("the template " + template + " failed: " + e.getMessage(), e);
    }
  }
}
