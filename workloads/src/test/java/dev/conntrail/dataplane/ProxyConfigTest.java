package dev.conntrail.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.KubeProxy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProxyConfigTest {
  private static ProxyConfig config(IpFamily family) {
    List<Cidr> prefixes =
        Stream.of("fd00:10:244::/48", "10.244.0.0/16")
            .map(Cidr::parse)
            .flatMap(Optional::stream)
            .toList();
    return new ProxyConfig(
        KubeProxy.DEFAULT,
        family,
        "node-a",
        "",
        List.of("fd00:192:168::2", "192.168.0.2", "10.1.2.3"),
        prefixes,
        prefixes,
        false,
        false);
  }

  private static boolean allows(IpFamily family, String range) {
    return config(family).allowsNode(Cidr.parse(range).orElseThrow());
  }

  @Test
  void holdsWhatIsOfTheFamily() {
    ProxyConfig ipv6 = config(IpFamily.IPV6);
    assertThat(ipv6.nodeIps()).containsExactly("fd00:192:168::2");
    assertThat(ipv6.clusterCidr()).contains(Cidr.parse("fd00:10:244::/48").orElseThrow());
    assertThat(ipv6.serviceCidrs()).containsExactly(ipv6.clusterCidr().orElseThrow());
    ProxyConfig ipv4 = config(IpFamily.IPV4);
    assertThat(ipv4.nodeIps()).containsExactly("192.168.0.2", "10.1.2.3");
    assertThat(ipv4.clusterCidr()).contains(Cidr.parse("10.244.0.0/16").orElseThrow());
  }

  /** kube-proxy asks for its node IP, of which it has one a family. */
  @Test
  void theNodeIsAllowedByItsFirstAddressOfTheFamily() {
    assertThat(allows(IpFamily.IPV4, "192.168.0.0/24")).isTrue();
    assertThat(allows(IpFamily.IPV4, "10.1.2.0/24")).isFalse();
    assertThat(allows(IpFamily.IPV6, "fd00:192:168::/64")).isTrue();
    assertThat(allows(IpFamily.IPV6, "fd00:192:169::/64")).isFalse();
  }
}
