package dev.conntrail.proxy;

import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * HAProxy 2.6. A server line for each pod that is known from the first; which of them serve is said
 * at run time, and so is each pod that comes later (management guide, 9.3: {@code add server}).
 */
final class HaproxyAdapter implements ProxyAdapter {
  private static final String CONFIGURATION = "haproxy.cfg";
  private static final String CLIENTS = "clients";
  private static final String PODS = "pods";

  /** What it says to a new server line. */
  private static final String ADDED = "New server registered.";

  /** Its lines end with a comma. */
  private static final CSVFormat TABLE =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setAllowMissingColumnNames(true)
          .get();

  @Override
  public String mend() {
    return "apt-get install -y --no-install-recommends haproxy";
  }

  @Override
  public String version(Path program) {
    return ProxyPrograms.said(program, "-v");
  }

  @Override
  public void configure(ProxyPlan plan, Path folder) throws IOException {
    if (!plan.clients().equals(ProxyPlan.Limits.NONE)
        || !plan.pods().equals(ProxyPlan.Limits.NONE)
        || !plan.options().equals(ProxyPlan.Options.NONE)) {
      throw new IllegalArgumentException(
          "haproxy: found limits of connections, or options; allowed: none, for it has none of them");
    }
    Configurations.write(plan, folder, CONFIGURATION, Map.of());
  }

  @Override
  public List<String> command(Path program, Path folder) {
    return List.of(program.toString(), "-db", "-f", folder.resolve(CONFIGURATION).toString());
  }

  @Override
  public boolean ready(Path folder) throws IOException {
    return AdminDoor.say(folder, "show info\n").contains("Name: HAProxy");
  }

  @Override
  public void serve(ProxyPlan plan, Path folder, Set<String> pods) throws IOException {
    Set<String> known = table(folder).keySet();
    String commands =
        plan.backends().stream()
            .flatMap(b -> {
              String server = PODS + "/" + b.pod();
              String state = pods.contains(b.pod()) ? "ready" : "maint";
              return Stream.concat(
                  Stream.of(added(plan, b, server)).filter(_ -> !known.contains(server)),
                  Stream.of("set server %s state %s".formatted(server, state)));
            })
            .collect(Collectors.joining(";", "", "\n"));
    Optional<String> said =
        AdminDoor.say(folder, commands)
            .lines()
            .filter(l -> !l.isBlank() && !l.equals(ADDED))
            .findFirst();
    if (said.isPresent()) {
      throw new IOException("haproxy refuses: " + said.get());
    }
  }

  private static String added(ProxyPlan plan, Backend pod, String server) {
    return "add server %s %s%s".formatted(server, pod.text(), plan.http2() ? " proto h2" : "");
  }

  @Override
  public Set<String> serving(ProxyPlan plan, Path folder) throws IOException {
    Map<String, CSVRecord> rows = table(folder);
    return plan.backends().stream()
        .map(Backend::pod)
        .filter(pod -> !rows.get(PODS + "/" + pod).get("status").equals("MAINT"))
        .collect(Collectors.toSet());
  }

  @Override
  public ProxyCounts counts(ProxyPlan plan, Path folder) throws IOException {
    Map<String, CSVRecord> rows = table(folder);
    CSVRecord clients = rows.get(CLIENTS + "/FRONTEND");
    List<ProxyCounts.OfPod> pods = new ArrayList<>();
    for (Backend backend : plan.backends()) {
      CSVRecord row = rows.get(PODS + "/" + backend.pod());
      pods.add(
          new ProxyCounts.OfPod(
              backend.pod(),
              count(row, "connect"),
              count(row, "stot"),
              // each try after which it tried again, and each after which it gave up
              count(row, "wretr") + count(row, "econ")));
    }
    CSVRecord all = rows.get(PODS + "/BACKEND");
    return new ProxyCounts(
        count(clients, "conn_tot"),
        count(clients, "req_tot"),
        count(all, "wretr") + count(all, "wredis"),
        pods);
  }

  /** What it counted, by proxy and server. */
  private static Map<String, CSVRecord> table(Path folder) throws IOException {
    String table = AdminDoor.say(folder, "show stat\n").replaceFirst("^# ", "");
    Map<String, CSVRecord> rows = new HashMap<>();
    try (CSVParser csv = CSVParser.parse(table, TABLE)) {
      csv.forEach(row -> rows.put(row.get("pxname") + "/" + row.get("svname"), row));
    }
    return rows;
  }

  private static long count(CSVRecord row, String column) throws IOException {
    if (row == null || row.get(column).isEmpty()) {
      throw new IOException("haproxy says nothing of " + column);
    }
    return Long.parseLong(row.get(column));
  }

  /** A soft stop: listeners close, idle connections too, and it ends when the last one has. */
  @Override
  public void drain(Path folder, long pid) {
    // the shell's own: an image may have no other
    Programs.run(List.of("sh", "-c", "kill -USR1 " + pid), "", Programs.SHORT);
  }
}
