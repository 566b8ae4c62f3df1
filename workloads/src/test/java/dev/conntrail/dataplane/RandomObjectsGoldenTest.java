package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.objects.KubeObjects;
import dev.conntrail.spec.KubeProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Objects drawn at random, held against what kube-proxy's own code made of them: both versions,
 * each mode, each IP family.
 */
class RandomObjectsGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /** Another folder with objects may be named, in which make.sh of go/kubeproxy has been. */
  private static final Path DRAWN =
      Path.of(System.getProperty("conntrail.golden", GOLDEN.resolve("random").toString()));

  /** Drawn for 1.34 alone, with what its first sync made of them. */
  private static final Path FIRST_SYNCS = GOLDEN.resolve("1.34/random");

  private static final String FIRST_SYNC = "first sync";
  private static final String SYNC = "sync";
  private static final String CLEAN_UP = "clean-up";
  private static final Pattern BUILT_IN =
      Pattern.compile("(filter|nat) (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)");

  private static final Pattern STEP = Pattern.compile("(?m)^# (.*)\n([^#]*)");

  /**
   * Objects of a file and what they are after a change, as a kube-proxy of a version sees them in
   * one family.
   */
  record Drawn(KubeProxy version, IpFamily family, Path objects) {
    List<ServicePort> before() throws IOException {
      return services(version, family, objects);
    }

    List<ServicePort> after() throws IOException {
      return services(version, family, beside(objects, "after.yaml"));
    }

    ProxyConfig config() {
      return RandomObjectsGoldenTest.config(version, family, objects);
    }

    /** What kube-proxy wrote in a mode, step by step; where both versions wrote the same, once. */
    Map<String, String> kubeProxys(String mode) throws IOException {
      Path both = beside(objects, family == IpFamily.IPV4 ? mode : mode + "6");
      Path own = both.resolveSibling(version.word()).resolve(both.getFileName());
      return STEP.matcher(Files.readString(Files.exists(own) ? own : both))
          .results()
          .collect(Collectors.toMap(m -> m.group(1), (MatchResult m) -> m.group(2)));
    }
  }

  private static ProxyConfig config(KubeProxy version, IpFamily family, Path objects) {
    boolean v4 = family == IpFamily.IPV4;
    String name = objects.getFileName().toString();
    return new ProxyConfig(
        version,
        family,
        "node-a",
        "z1",
        List.of(v4 ? "192.168.0.2" : "fd00:192:168::2"),
        name.equals("o215.yaml")
            ? List.of()
            : Cidr.parse(v4 ? "10.244.0.0/16" : "fd00:10:244::/48").stream().toList(),
        Cidr.parse(v4 ? "10.96.0.0/16" : "fd00:10:96::/112").stream().toList(),
        name.equals("o384.yaml"),
        true);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("o\\d+\\.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Drawn> drawn() {
    return Arrays.stream(KubeProxy.values())
        .flatMap(v ->
            Arrays.stream(IpFamily.values())
                .flatMap(f -> files(DRAWN).stream().map(o -> new Drawn(v, f, o))));
  }

  static Stream<Path> firstSyncs() {
    return files(FIRST_SYNCS).stream();
  }

  private static Path beside(Path objects, String ending) {
    return objects.resolveSibling(objects.getFileName().toString().replace("yaml", ending));
  }

  private static List<ServicePort> services(KubeProxy version, IpFamily family, Path objects)
      throws IOException {
    return KubeObjects.parse(objects.toString(), Files.readString(objects))
        .servicePorts(family, "node-a", version);
  }

  /**
   * Less what kube-proxy makes apart from the restore; of IPv6 that is a chain KUBE-FIREWALL that
   * stays empty, too.
   */
  private static Map<String, List<String>> restored(Map<String, List<String>> chains) {
    chains.keySet().removeIf(c -> c.endsWith("-CANARY") || BUILT_IN.matcher(c).matches());
    chains.remove("filter KUBE-FIREWALL", List.of());
    return chains;
  }

  private static Map<String, List<String>> iptables(String text) {
    return restored(RuleTexts.iptables(text));
  }

  private static Map<String, List<String>> ofIpvs(String text) {
    return restored(RuleTexts.ipvsIptables(text));
  }

  @ParameterizedTest
  @MethodSource("firstSyncs")
  void firstSyncsAreKubeProxys(Path objects) throws IOException {
    List<ServicePort> services = services(KubeProxy.V1_34, IpFamily.IPV4, objects);
    ProxyConfig config = config(KubeProxy.V1_34, IpFamily.IPV4, objects);
    // these were made with an iptables that has no such option
    String ours = IptablesRules.text(services, config).replace(" --random-fully", "");
    assertThat(iptables(ours)).isEqualTo(iptables(Files.readString(beside(objects, "iptables"))));
    assertThat(RuleTexts.nftCommands(NftablesRules.text(services, config)))
        .isEqualTo(RuleTexts.nftCommands(Files.readString(beside(objects, "nftables"))));
  }

  /** A first sync and the one after a change, command by command. */
  @ParameterizedTest
  @MethodSource("drawn")
  void nftablesTransactionsAreKubeProxys(Drawn drawn) throws IOException {
    Map<String, String> kubeProxys = drawn.kubeProxys("nftables");
    List<ServicePort> before = drawn.before();
    ProxyConfig config = drawn.config();
    assertThat(RuleTexts.nftTransaction(NftablesRules.text(before, config)))
        .isEqualTo(RuleTexts.nftTransaction(kubeProxys.get(FIRST_SYNC)));
    assertThat(RuleTexts.nftTransaction(NftablesRules.sync(before, drawn.after(), config)))
        .isEqualTo(RuleTexts.nftTransaction(kubeProxys.get(SYNC)));
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void iptablesRestoresAreKubeProxys(Drawn drawn) throws IOException {
    Map<String, String> kubeProxys = drawn.kubeProxys("iptables");
    List<ServicePort> before = drawn.before();
    ProxyConfig config = drawn.config();
    assertThat(iptables(IptablesRules.text(before, config)))
        .isEqualTo(iptables(kubeProxys.get(FIRST_SYNC)));
    assertThat(iptables(IptablesRules.sync(before, drawn.after(), config)))
        .isEqualTo(iptables(kubeProxys.get(SYNC)));
  }

  /**
   * A first sync, the one after a change, the one that takes the change back, and what is then done
   * once a minute: servers, entries of sets, addresses, and the restore input with each.
   */
  @ParameterizedTest
  @MethodSource("drawn")
  void ipvsIsKubeProxys(Drawn drawn) throws IOException {
    Map<String, String> kubeProxys = drawn.kubeProxys("ipvs");
    List<ServicePort> before = drawn.before();
    List<ServicePort> after = drawn.after();
    ProxyConfig config = drawn.config();
    IpvsRules first = IpvsRules.of(before, config, "rr");
    sameIpvs(
        first.iptables(),
        Stream.of(
            first.ipvsadm(),
            String.join("", first.addressLines()),
            first.ipset().replaceAll("(?m)^create .*\n", "")),
        kubeProxys.get(FIRST_SYNC));
    Set<String> connected = connected(before, config);
    connected.addAll(connected(after, config));
    Set<String> dying = new HashSet<>();
    IpvsSync sync = IpvsSync.of(before, after, config, "rr", dying, connected);
    sameIpvs(sync.iptables(), changes(sync), kubeProxys.get(SYNC));
    IpvsSync back = IpvsSync.of(after, before, config, "rr", dying, connected);
    sameChanges(changes(back), kubeProxys.get("sync back"));
    assertThat(RuleTexts.ipvs(IpvsSync.ended(dying, Set.of())))
        .isEqualTo(RuleTexts.ipvs(kubeProxys.get("recheck")));
  }

  private static Stream<String> changes(IpvsSync sync) {
    return Stream.of(sync.ipvsadm(), sync.bound(), sync.ipset(), sync.unbound(), sync.gone());
  }

  private static void sameIpvs(String restore, Stream<String> changes, String kubeProxys) {
    int rules = kubeProxys.indexOf("*nat");
    sameChanges(changes, kubeProxys.substring(0, rules));
    assertThat(ofIpvs(restore)).isEqualTo(ofIpvs(kubeProxys.substring(rules)));
  }

  private static void sameChanges(Stream<String> changes, String kubeProxys) {
    assertThat(RuleTexts.ipvs(changes.collect(Collectors.joining())))
        .isEqualTo(RuleTexts.ipvs(kubeProxys));
  }

  /** Real servers whose address ends in an even digit: so kube-proxy was told by its fake. */
  private static Set<String> connected(List<ServicePort> services, ProxyConfig config) {
    return IpvsState.of(services, config, "rr").servers().entrySet().stream()
        .flatMap(s ->
            s.getValue().endpoints().stream()
                .filter(Pattern.compile("[02468ace]]?:\\d+$").asPredicate())
                .map(e -> s.getKey() + " " + e))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Jumps and chains that kube-proxy's clean-up removes are all that the text makes; but the
   * kubelet's, which kube-proxy makes too, stay.
   */
  @ParameterizedTest
  @MethodSource("drawn")
  void itsCleanUpRemovesWhatTheTextMakes(Drawn drawn) throws IOException {
    ProxyConfig config = drawn.config();
    Predicate<String> kubeProxysOwn = l -> !l.contains("KUBE-FIREWALL") && !l.contains("-CANARY");
    assertThat(RuleTexts.removals(IptablesRules.text(drawn.after(), config)).filter(kubeProxysOwn))
        .containsExactlyInAnyOrderElementsOf(
            RuleTexts.removed(drawn.kubeProxys("iptables").get(CLEAN_UP))
                .filter(kubeProxysOwn)
                .toList());
    assertThat(RuleTexts.removals(IpvsRules.of(drawn.before(), config, "rr").iptables()))
        .containsExactlyInAnyOrderElementsOf(
            RuleTexts.removed(Files.readString(DRAWN.resolve("ipvs-clean-up"))).toList());
  }
}
