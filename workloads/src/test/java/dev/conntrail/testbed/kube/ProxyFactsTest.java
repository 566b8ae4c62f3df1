package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Programs.Done;
import dev.conntrail.testbed.TestbedSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProxyFactsTest {
  private static final String NFT =
      """
      table ip kube-proxy {
      	map service-ips {
      		type ipv4_addr . inet_proto . inet_service : verdict
      		elements = { 10.96.0.1 . tcp . 443 : goto service-2QRHZV4L-default/kubernetes/tcp/https,
      			     10.96.140.252 . tcp . 80 : goto service-LAZWMU44-run/echo-same-zone/tcp/http,
      			     10.96.140.251 . tcp . 80 : goto service-JSWYYQT5-run/echo/tcp/http }
      	}
      	chain service-LAZWMU44-run/echo-same-zone/tcp/http {
      		numgen random mod 1 vmap { 0 : goto endpoint-D-run/echo-same-zone/tcp/http__10.244.1.4/8080 }
      	}
      	chain service-2QRHZV4L-default/kubernetes/tcp/https {
      		numgen random mod 1 vmap { 0 : goto endpoint-A-default/kubernetes/tcp/https__172.18.0.2/6443 }
      	}
      	chain service-JSWYYQT5-run/echo/tcp/http {
      		numgen random mod 2 vmap { 0 : goto endpoint-B-run/echo/tcp/http__10.244.1.3/8080, 1 : goto endpoint-C-run/echo/tcp/http__10.244.2.3/8080 }
      	}
      }
      """;

  private static final String IPVS =
      """
      IP Virtual Server version 1.2.1 (size=4096)
      Prot LocalAddress:Port Scheduler Flags
        -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
      TCP  0A600001:01BB rr
        -> AC120002:192B      Masq    1      0          0
      TCP  0A608CFB:0050 rr
        -> 0AF40203:1F90      Masq    1      0          0
        -> 0AF40103:1F90      Masq    1      0          0
      """;

  @Test
  void rulesNameAPodThatNewConnectionsMayGoTo() {
    ProxyFacts.Rules nft = on(Map.of("nft", NFT)).orElseThrow();
    assertThat(nft.names("10.244.1.3")).isTrue();
    assertThat(nft.names("10.244.1.30")).isFalse();
    assertThat(nft.names("0.244.1.3")).isFalse();
    assertThat(nft.names("10.244.1.4")).as("a pod of another, whose name begins so").isFalse();
    String weights = IPVS.replaceFirst("(0AF40203:1F90 +Masq +)1", "$10");
    ProxyFacts.Rules ipvs = on(Map.of("cat", weights)).orElseThrow();
    assertThat(ipvs.names("10.244.1.3")).isTrue();
    assertThat(ipvs.names("10.244.2.3")).as("kept for its connections, at weight 0").isFalse();
  }

  @Test
  void rulesOfAKnownModeAreLookedAtByOneCommand() {
    ProxyFacts.Rules known = on(Map.of("nft", NFT)).orElseThrow();
    List<String> asked = new ArrayList<>();
    Optional<ProxyFacts.Rules> again =
        ProxyFacts.ofMode(
            (_, command) -> {
              asked.add(command.getFirst());
              return new Done(0, NFT, "");
            },
            "node-1",
            "run/echo",
            "10.96.140.251",
            DataPlane.NFTABLES);
    assertThat(asked).containsExactly("nft");
    assertThat(again.map(ProxyFacts.Rules::text)).contains(known.text());
  }

  @Test
  void theModeIsThatOfTheConfiguration() {
    assertThat(ProxyFacts.modeOf("metricsBindAddress: \"\"\nmode: nftables\n"))
        .contains(DataPlane.NFTABLES);
    assertThat(ProxyFacts.modeOf("mode: ipvs\n")).contains(DataPlane.IPVS);
    assertThat(ProxyFacts.modeOf("mode: \"\"\n")).contains(DataPlane.IPTABLES);
    assertThat(ProxyFacts.modeOf("kind: KubeProxyConfiguration\n")).isEmpty();
  }

  /** A node that answers to these commands, by their first word, and to no others. */
  private static Optional<ProxyFacts.Rules> on(Map<String, String> answers) {
    return ProxyFacts.rules(
        (_, command) ->
            answers.containsKey(command.getFirst())
                ? new Done(0, answers.get(command.getFirst()), "")
                : new Done(127, "", "not found"),
        "node-1",
        "run/echo",
        "10.96.140.251");
  }

  @Test
  void rulesAreFoundInWhicheverModeTheyAre() {
    String iptables =
        """
        -A KUBE-SERVICES -d 10.96.140.251/32 -m comment --comment "run/echo:http cluster IP" -j KUBE-SVC-A
        -A KUBE-SERVICES -m comment --comment "default/kubernetes:https cluster IP" -j KUBE-SVC-B
        """;
    assertThat(on(Map.of("iptables-nft-save", iptables)))
        .hasValueSatisfying(r -> {
          assertThat(r.mode()).isEqualTo(DataPlane.IPTABLES);
          assertThat(r.backend()).contains(IptablesBackend.NFT);
          assertThat(r.count()).isEqualTo(1);
        });
    assertThat(on(Map.of("iptables-nft-save", "", "iptables-legacy-save", iptables)))
        .hasValueSatisfying(r -> assertThat(r.backend()).contains(IptablesBackend.LEGACY));
    assertThat(on(Map.of("nft", NFT)))
        .hasValueSatisfying(r -> {
          assertThat(r.mode()).isEqualTo(DataPlane.NFTABLES);
          assertThat(r.backend()).isEmpty();
          assertThat(r.text())
              .contains("numgen random mod 2", "10.96.140.251 . tcp . 80")
              .doesNotContain("kubernetes");
        });
    assertThat(on(Map.of("cat", IPVS)))
        .hasValueSatisfying(r -> {
          assertThat(r.mode()).isEqualTo(DataPlane.IPVS);
          assertThat(r.text().lines())
              .hasSize(3)
              .anyMatch(l -> l.contains("-> 10.244.1.3:8080"))
              .noneMatch(l -> l.contains("172.18.0.2"));
        });
    assertThat(on(Map.of("iptables-nft-save", "", "nft", "", "cat", ""))).isEmpty();
  }

  @Test
  void whatIsMadeIsAllowedUnderTheRestrictedStandard() {
    Settings s =
        new Settings("ctabc", "ns", "image:1", new TestbedSize(3, 2, 1, 3, true, true, 1), false);
    List.of(
            Manifests.echo(s).getSpec().getTemplate().getSpec(),
            Manifests.load(s).getSpec().getTemplate().getSpec(),
            ProxyPods.pod(s, 1).getSpec())
        .forEach(pod -> {
          assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
          assertThat(pod.getSecurityContext().getSeccompProfile().getType())
              .isEqualTo("RuntimeDefault");
          assertThat(pod.getAutomountServiceAccountToken()).isFalse();
          assertThat(Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream()))
              .allSatisfy(c -> {
                assertThat(c.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
                assertThat(c.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
                assertThat(c.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
                assertThat(c.getResources().getRequests()).containsKeys("cpu", "memory");
              });
        });
    assertThat(Manifests.load(s).getSpec().getCompletionMode()).isEqualTo("Indexed");
    assertThat(Manifests.load(s).getSpec().getParallelism()).isEqualTo(2);
  }
}
