package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.KubeProxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleNamesTest {
  private static ServicePort port(
      String namespace, String service, String name, String protocol, Endpoint... endpoints) {
    return new ServicePort(
        namespace,
        service,
        name,
        protocol,
        "10.96.0.1",
        80,
        0,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        false,
        false,
        List.of(endpoints));
  }

  /** Names seen in kube-proxy's golden tests and on live nodes. */
  @Test
  void namesAreThoseOfLiveNodes() {
    Endpoint endpoint = Endpoint.ready("10.180.0.1", 80, "n");
    assertThat(RuleNames.iptables("KUBE-SVC-", port("ns1", "svc1", "p80", "TCP")))
        .isEqualTo("KUBE-SVC-XPGD46QRK7WJZT7O");
    assertThat(RuleNames.iptables(port("ns1", "svc1", "p80", "TCP"), endpoint))
        .isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
    assertThat(RuleNames.iptables("KUBE-SVC-", port("kube-system", "kube-dns", "dns", "UDP")))
        .isEqualTo("KUBE-SVC-TCOU7JCQXEZGVUNU");
    assertThat(RuleNames.iptables("KUBE-SVC-", port("default", "nginx", "", "TCP")))
        .isEqualTo("KUBE-SVC-2CMXP7HKUVJN7L6M");
    assertThat(RuleNames.nftables("service-", port("ns1", "svc1", "p80", "TCP")))
        .isEqualTo("service-ULMVA6XW-ns1/svc1/tcp/p80");
    assertThat(RuleNames.nftables("endpoint-", port("ns1", "svc1", "p80", "TCP"), endpoint))
        .isEqualTo("endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80");
  }

  @Test
  void aLongNameIsCutAndStaysUnique() {
    String sixty = "a".repeat(63);
    Endpoint v6 = Endpoint.ready("fd00:1234:5678:9abc:def0:1234:5678:9abc", 65000, "n");
    String name = RuleNames.nftables("endpoint-", port(sixty, sixty, sixty, "SCTP"), v6);
    assertThat(name).hasSize(240 + "endpoint-".length()).endsWith("...").doesNotContain(":");
  }

  @Test
  void probabilitiesArePrintedAsGoPrintsThem() {
    assertThat(IptablesService.probability(2)).isEqualTo("0.5000000000");
    assertThat(IptablesService.probability(3)).isEqualTo("0.3333333333");
    assertThat(IptablesService.probability(6)).isEqualTo("0.1666666667");
    assertThat(IptablesService.probability(2048))
        .as("a tie goes to even")
        .isEqualTo("0.0004882812");
  }

  @Test
  void aLargeClusterDropsTheCommentsOfEndpoints() {
    List<Endpoint> many =
        java.util.stream.IntStream.rangeClosed(1, 1001)
            .mapToObj(i -> Endpoint.ready("10.244." + i / 250 + "." + (i % 250 + 1), 8080, "n"))
            .toList();
    ServicePort large = ServicePort.clusterIp("default", "large", "10.96.0.9", 80, many);
    ProxyConfig config =
        new ProxyConfig(
            KubeProxy.V1_37,
            IpFamily.IPV4,
            "n",
            "",
            List.of(),
            List.of(Cidr.parse("10.244.0.0/16").orElseThrow()),
            List.of(),
            false,
            false);
    String text = IptablesRules.text(List.of(large), config);
    assertThat(text)
        .contains("default/large cluster IP")
        .doesNotContain("default/large ->")
        .doesNotContain("nfacct");
  }
}
