package dev.conntrail.dataplane.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.dataplane.IptablesRules;
import dev.conntrail.dataplane.IpvsRules;
import dev.conntrail.dataplane.NftablesRules;
import dev.conntrail.dataplane.ProxyConfig;
import dev.conntrail.spec.KubeProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects of goldens, altered at random from seeds: whatever comes in, rules come out, or a refusal
 * of one line that names file, object and field.
 */
@Tag("computes")
class ObjectsFuzzTest {
  private static final int STRUCTURES = 900;
  private static final int TEXTS = 600;
  private static final String FILE = "objects.yaml";

  private static final Pattern REFUSAL =
      Pattern.compile("objects\\.yaml(:\\d+)?: (\\S.*: )?found \\S.*; allowed: \\S.*");

  /** The first words of all lines that the three modes write. */
  private static final Pattern RULES =
      Pattern.compile(
          "#.*|\\*\\w+|COMMIT|:[A-Z-]+[A-Z0-9-]* .*|-[AIXaDd] .*|(add|flush|delete|create) .*");

  private static ProxyConfig config(KubeProxy version, IpFamily family) {
    return new ProxyConfig(
        version,
        family,
        "node-a",
        "z1",
        List.of("192.168.0.2", "fd00:192:168::2"),
        prefixes("10.244.0.0/16", "fd00:10:244::/48"),
        prefixes("10.96.0.0/16", "fd00:10:96::/112"),
        false,
        true);
  }

  private static List<Cidr> prefixes(String... texts) {
    return Stream.of(texts).map(Cidr::parse).flatMap(Optional::stream).toList();
  }

  private int refused;
  private int understood;

  /** The objects of each golden, as trees. */
  private static List<List<Object>> goldens() throws IOException {
    List<List<Object>> goldens = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/golden"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        goldens.add(
            ObjectsFile.read(file.toString(), Files.readAllBytes(file)).stream()
                .<Object>map(RawObject::fields)
                .toList());
      }
    }
    return goldens;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rulesOrARefusalOfOneLine(long seed) throws IOException {
    Random random = new Random(seed);
    Mutations mutations = new Mutations(random, goldens());
    for (int i = 0; i < STRUCTURES; i++) {
      read(mutations.structure());
    }
    assertThat(refused).as("refused structures").isBetween(STRUCTURES / 4, STRUCTURES * 9 / 10);
    for (int i = 0; i < TEXTS; i++) {
      read(mutations.text());
    }
    assertThat(understood).isGreaterThan(STRUCTURES / 10);
    assertThat(refused + understood).isEqualTo(STRUCTURES + TEXTS);
  }

  private void read(byte[] input) {
    try {
      String rules = rules(KubeObjects.parse(FILE, input));
      understood++;
      assertThat(rules.lines().filter(l -> !RULES.matcher(l).matches())).isEmpty();
    } catch (ObjectsException e) {
      refused++;
      assertThat(e.getMessage()).matches(REFUSAL);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("at:\n" + new String(input, StandardCharsets.UTF_8), e);
    }
  }

  private static String rules(KubeObjects objects) {
    StringBuilder rules = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      for (KubeProxy version : KubeProxy.values()) {
        var ports = objects.servicePorts(family, "node-a", version);
        rules.append(NftablesRules.text(ports, config(version, family)));
      }
      ProxyConfig config = config(KubeProxy.DEFAULT, family);
      var ports = objects.servicePorts(family, "node-a", KubeProxy.DEFAULT);
      rules
          .append(IptablesRules.text(ports, config))
          .append(IpvsRules.of(ports, config, "rr").text());
    }
    return rules.toString();
  }
}
