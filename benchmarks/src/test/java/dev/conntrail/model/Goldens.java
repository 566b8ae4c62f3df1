package dev.conntrail.model;

import dev.conntrail.model.iptables.Match;
import dev.conntrail.model.iptables.Rule;
import dev.conntrail.model.iptables.RuleText;
import dev.conntrail.model.iptables.Target;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What kube-proxy's own code wrote for drawn Services, and the ClusterIP Services read off it. */
public final class Goldens {
  /** As kube-proxy was told when the files were made. */
  public static final String CLUSTER_CIDR = "10.244.0.0/16";

  private Goldens() {}

  public static Stream<Path> iptables() throws IOException, URISyntaxException {
    return files(".iptables");
  }

  public static Stream<Path> nftables() throws IOException, URISyntaxException {
    return files(".nftables");
  }

  private static Stream<Path> files(String ending) throws IOException, URISyntaxException {
    Path folder = Path.of(Goldens.class.getResource("/golden/1.34/random").toURI());
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> p.toString().endsWith(ending)).sorted().toList().stream();
    }
  }

  public static RuleText text(Path file, String table) {
    try (Stream<String> lines = Files.lines(file)) {
      return RuleText.read(lines, table);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** By name: the Services whose ClusterIP rule jumps to a KUBE-SVC chain. */
  public static Map<String, Service> services(RuleText nat) {
    Map<String, Service> services = new LinkedHashMap<>();
    for (Rule rule : nat.chains().get("KUBE-SERVICES")) {
      if (rule.target() instanceof Target.Jump jump
          && jump.chain().startsWith("KUBE-SVC-")
          && rule.matches().getFirst() instanceof Match.Comment comment
          && comment.text().endsWith(" cluster IP")) {
        services.put(
            comment.text().replace(" cluster IP", ""),
            service(nat, rule, nat.chains().get(jump.chain())));
      }
    }
    return services;
  }

  private static Service service(RuleText nat, Rule rule, List<Rule> chain) {
    int port =
        rule.matches().stream()
            .flatMap(m -> m instanceof Match.Port p ? Stream.of(p.port()) : Stream.empty())
            .findFirst()
            .orElseThrow();
    List<Service.Endpoint> endpoints = new ArrayList<>();
    int seconds = 0;
    for (Rule r : chain) {
      boolean asks = false;
      for (Match m : r.matches()) {
        if (m instanceof Match.Recent recent) {
          seconds = recent.seconds();
          asks = true;
        }
      }
      if (!asks && r.target() instanceof Target.Jump end && end.chain().startsWith("KUBE-SEP-")) {
        Target.Dnat dnat = (Target.Dnat) nat.chains().get(end.chain()).getLast().target();
        endpoints.add(new Service.Endpoint(dnat.address(), dnat.port()));
      }
    }
    return new Service(
        rule.header().destination().address(), port, rule.header().protocol(), endpoints, seconds);
  }
}
