package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.experiment.AtHand;
import dev.conntrail.experiment.AtHand.Has;
import dev.conntrail.result.Folders;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LikeMixinTest {
  private static final Path OF_1_34 = Path.of("src/test/resources/schema-1/oldest");

  private static AtHand rules(String... args) {
    LikeMixin like = new LikeMixin();
    new CommandLine(like).parseArgs(args);
    Has has = Has.everything();
    return like.rules(
        AtHand.of(Map.of(TestbedKind.NETNS, has, TestbedKind.UML, has, TestbedKind.CLUSTER, has)));
  }

  private static Optional<KubeProxy> on(AtHand here, TestbedKind kind) {
    return here.testbeds().get(kind).kubeProxy();
  }

  @Test
  void testbedsThatLoadRulesTakeThoseOfTheOtherRun() {
    AtHand here = rules("--like", OF_1_34.toString());
    assertThat(on(here, TestbedKind.NETNS)).contains(KubeProxy.V1_34);
    assertThat(on(here, TestbedKind.UML)).contains(KubeProxy.V1_34);
    assertThat(on(here, TestbedKind.CLUSTER)).isEmpty();
    assertThat(on(rules(), TestbedKind.NETNS)).isEmpty();
  }

  @Test
  void whereARunLoadsNoRulesItIsRefused() {
    LikeMixin like = new LikeMixin();
    new CommandLine(like).parseArgs("--like", OF_1_34.toString());
    AtHand kind = AtHand.of(Map.of(TestbedKind.KIND, Has.everything()));
    assertThatThrownBy(() -> like.rules(kind))
        .hasMessageStartingWith("--like: found on testbed kind, where a run loads no rules;");
  }

  @Test
  void aRunThatDoesNotSayIsRefused(@TempDir Path folder) throws IOException {
    Path copy = Folders.copy(OF_1_34, folder.resolve("run"));
    Path cells = copy.resolve("cells.csv");
    Files.writeString(
        cells,
        String.join(
            "\n",
            Files.readAllLines(cells).stream().filter(l -> !l.contains("nftables")).toList()));
    assertThatThrownBy(() -> rules("--like", copy.toString()))
        .hasMessage(
            "--like "
                + copy
                + ": found no cell of mode nftables, in which alone versions of kube-proxy differ;"
                + " name one with the axis kube-proxy instead");
    assertThatThrownBy(() -> rules("--like", folder.toString()))
        .hasMessageContaining("found no manifest.json");
  }
}
