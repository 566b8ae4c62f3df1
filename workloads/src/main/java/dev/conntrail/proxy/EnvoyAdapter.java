package dev.conntrail.proxy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Envoy 1.40. Pods come by EDS from a file that is watched; one that has gone stays in it as
 * draining, as meshes do it with an endpoint that terminates, so what was counted of it stays.
 */
final class EnvoyAdapter implements ProxyAdapter {
  private static final String CONFIGURATION = "envoy.yaml";
  private static final String ENDPOINTS = "eds.yaml";
  private static final String CLIENTS = "clients";
  private static final String PODS = "pods";
  private static final String RETRIES = "upstream_rq_retry";
  private static final double MS_PER_S = 1e3;
  private static final double PCT = 100;

  @Override
  public String mend() {
    return "scripts/setup.sh --proxies (of an image: and then scripts/image.sh)";
  }

  @Override
  public String version(Path program) {
    // it begins with its own path
    return ProxyPrograms.said(program, "--version").replaceFirst("^\\S+\\s+version: ", "");
  }

  @Override
  public void configure(ProxyPlan plan, Path folder) throws IOException {
    Configurations.write(
        plan,
        folder,
        CONFIGURATION,
        Map.of(
            "limits",
            Map.of("clients", limits(plan.clients()), "pods", limits(plan.pods())),
            "endpoints",
            folder.resolve(ENDPOINTS).toString()));
    serve(plan, folder, Set.of());
  }

  /** As its {@code HttpProtocolOptions} has them, on either side: an object of JSON. */
  private static String limits(ProxyPlan.Limits limits) {
    StringJoiner fields = new StringJoiner(", ", "{", "}").add("idle_timeout: 3600s");
    if (limits.requests() > 0) {
      fields.add("max_requests_per_connection: " + limits.requests());
    }
    if (limits.age().isPositive()) {
      fields
          .add("max_connection_duration: " + limits.age().toMillis() / MS_PER_S + "s")
          .add("max_connection_duration_jitter: {value: " + PCT * limits.jitter() + "}");
    }
    return fields.toString();
  }

  @Override
  public List<String> command(Path program, Path folder) {
    return List.of(
        program.toString(),
        "--config-path",
        folder.resolve(CONFIGURATION).toString(),
        "--disable-hot-restart",
        "--concurrency",
        Integer.toString(Runtime.getRuntime().availableProcessors()),
        "--log-level",
        "warning",
        "--drain-time-s",
        "1",
        "--drain-strategy",
        "immediate");
  }

  @Override
  public boolean ready(Path folder) throws IOException {
    return AdminHttp.get(folder, "/ready").strip().equals("LIVE");
  }

  /** The file is moved to its place: Envoy watches for moves. */
  @Override
  public void serve(ProxyPlan plan, Path folder, Set<String> pods) throws IOException {
    Configurations.write(plan, folder, ENDPOINTS, Map.of("serving", List.copyOf(pods)));
  }

  @Override
  public Set<String> serving(ProxyPlan plan, Path folder) throws IOException {
    Pattern healthy = Pattern.compile(PODS + "::(.+)::health_flags::healthy");
    Set<String> addresses =
        AdminHttp.get(folder, "/clusters")
            .lines()
            .map(healthy::matcher)
            .filter(Matcher::matches)
            .map(m -> m.group(1))
            .collect(Collectors.toSet());
    return plan.backends().stream()
        .filter(b -> addresses.contains(b.text()))
        .map(Backend::pod)
        .collect(Collectors.toSet());
  }

  @Override
  public ProxyCounts counts(ProxyPlan plan, Path folder) throws IOException {
    // pods::10.244.1.1:8080::cx_total::5
    Map<String, Long> hosts =
        numbers(
            AdminHttp.get(folder, "/clusters"),
            PODS + "::(.+::(?:[cr][xq]_total|cx_connect_fail))::([0-9]+)");
    Map<String, Long> clients = clients(folder);
    Map<String, Long> all =
        numbers(
            AdminHttp.get(folder, "/stats?filter=^cluster." + PODS + "." + RETRIES + "$"),
            "cluster\\." + PODS + "\\.(" + RETRIES + "): ([0-9]+)");
    return new ProxyCounts(
        count(clients, "downstream_cx_total"),
        count(clients, "downstream_rq_total"),
        count(all, RETRIES),
        plan.backends().stream()
            .map(b ->
                new ProxyCounts.OfPod(
                    b.pod(),
                    hosts.getOrDefault(b.text() + "::cx_total", 0L),
                    hosts.getOrDefault(b.text() + "::rq_total", 0L),
                    hosts.getOrDefault(b.text() + "::cx_connect_fail", 0L)))
            .toList());
  }

  private static Map<String, Long> numbers(String text, String line) {
    Pattern pattern = Pattern.compile(line);
    Map<String, Long> numbers = new HashMap<>();
    text.lines()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .forEach(m -> numbers.put(m.group(1), Long.valueOf(m.group(2))));
    return numbers;
  }

  private static long count(Map<String, Long> numbers, String name) throws IOException {
    Long found = numbers.get(name);
    if (found == null) {
      throw new IOException("envoy says nothing of " + name);
    }
    return found;
  }

  @Override
  public void drain(Path folder, long pid) throws IOException {
    AdminHttp.post(folder, "/drain_listeners?graceful&skip_exit");
  }

  @Override
  public boolean drained(Path folder) throws IOException {
    return count(clients(folder), "downstream_cx_active") == 0;
  }

  /** What it counted of clients, by name. */
  private static Map<String, Long> clients(Path folder) throws IOException {
    return numbers(
        AdminHttp.get(folder, "/stats?filter=^http." + CLIENTS + ".downstream_"),
        "http\\." + CLIENTS + "\\.(downstream_[a-z_]+): ([0-9]+)");
  }
}
