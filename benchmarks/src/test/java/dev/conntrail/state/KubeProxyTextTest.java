package dev.conntrail.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.Goldens;
import dev.conntrail.model.Service;
import dev.conntrail.model.iptables.RuleText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KubeProxyTextTest {
  /** Every line that is written for a Service is one that kube-proxy wrote for it. */
  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void writesWhatKubeProxyWrites(Path golden) throws Exception {
    RuleText nat = Goldens.text(golden, "nat");
    List<String> theirs = Files.readAllLines(golden);
    Map<String, Service> services = Goldens.services(nat);
    services.forEach((name, service) -> {
      List<String> ours = KubeProxyText.lines(name, service, Goldens.CLUSTER_CIDR).toList();
      assertThat(theirs).containsAll(ours);
      String chain = ours.getFirst().substring(1, ours.getFirst().indexOf(' '));
      assertThat(theirs.stream().filter(l -> l.startsWith("-A " + chain + " ")).toList())
          .isEqualTo(ours.stream().filter(l -> l.startsWith("-A " + chain + " ")).toList());
    });
  }
}
