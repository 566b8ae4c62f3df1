package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {
  @TempDir private Path folder;

  private static void refuses(Path objects, String message) {
    Called ended =
        Called.with("rules", "--objects", objects.toString(), "--data-plane", "iptables");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().strip()).isEqualTo("conntrail: " + objects + ": " + message);
  }

  @Test
  void objectsThatAreNoneEndWithTwoAndOneLine() throws IOException {
    Path file = folder.resolve("objects.yaml");
    String allowed = "the output of `kubectl get services,endpointslices -A -o yaml`";
    refuses(file, "no such file; allowed: " + allowed);
    refuses(folder, "cannot be read (Is a directory); allowed: " + allowed);
    Files.writeString(file, "{apiVersion: v1, kind: Service, metadata: {name: a}}");
    refuses(
        file, "Service default/a: spec: found nothing; allowed: a map with clusterIP and ports");
    Files.write(file, new byte[] {(byte) 0xff});
    refuses(file, "found bytes that are no UTF-8 text; allowed: YAML or JSON in UTF-8");
  }

  private static Called nftables(String... options) {
    String objects = "src/test/resources/golden/1.37/reference/nftables-objects.yaml";
    return Called.with(
        Stream.concat(
                Stream.of("rules", "--objects", objects, "--data-plane", "nftables"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  @Test
  void theVersionIsTheNewestUnlessAnotherIsNamed() {
    assertThat(nftables().out())
        .isEqualTo(nftables("--kube-proxy", "1.37").out())
        .contains("hairpin-connections")
        .doesNotContain("mark-for-masquerade");
    assertThat(nftables("--kube-proxy", "1.34").out())
        .contains("mark-for-masquerade")
        .doesNotContain("hairpin-connections");
    assertThat(nftables("--kube-proxy", "1.3").err())
        .contains("--kube-proxy: found '1.3'; allowed: 1.34, 1.37");
  }

  @Test
  void helpFitsATerminal() {
    String help = Called.with("rules", "--help").out();
    assertThat(help.lines()).allMatch(l -> l.length() <= 80).anyMatch(l -> l.contains("conntrail"));
    assertThat(help).startsWith("Usage: conntrail rules ").doesNotContain("java -jar");
  }
}
