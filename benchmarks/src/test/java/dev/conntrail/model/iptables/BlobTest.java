package dev.conntrail.model.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.conntrail.model.Goldens;
import dev.conntrail.model.Packet;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.KubeProxyText;
import dev.conntrail.state.Mode;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlobTest {
  /** Names of matches and targets as users see them, by the numbers that stand in their place. */
  private static final Map<Integer, List<String>> MATCHES =
      Map.of(
          Entry.COMMENT, List.of("comment"),
          Entry.PORT, List.of("tcp", "udp", "sctp"),
          Entry.RANDOM, List.of("statistic"),
          Entry.NTH, List.of("statistic"),
          Entry.MARK, List.of("mark"),
          Entry.RECENT, List.of("recent"),
          Entry.STATE, List.of("conntrack"),
          Entry.LOCAL, List.of("addrtype"));

  private static final Map<Integer, List<String>> TARGETS =
      Map.of(
          Entry.STANDARD, List.of(""),
          Entry.ERROR, List.of("ERROR"),
          Entry.SET_MARK, List.of("MARK"),
          Entry.DNAT, List.of("DNAT"),
          Entry.MASQUERADE, List.of("MASQUERADE"),
          Entry.REJECT, List.of("REJECT"));

  static Stream<String> texts() throws Exception {
    return Stream.concat(
        Goldens.iptables().map(BlobTest::withoutCounters),
        Stream.of(
            KubeProxyText.nat(DrawnServices.draw(40, 4, 1), Mode.CLUSTER_CIDR)
                .collect(Collectors.joining("\n", "", "\n"))));
  }

  /** The nfacct objects are not in an empty namespace. */
  private static String withoutCounters(Path golden) {
    try {
      return Files.readString(golden).replaceAll("-m nfacct --nfacct-name \\S+ ", "");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * The same text, loaded by iptables-legacy-restore into a namespace: the kernel's blob is the
   * model's, byte for byte, but for the pointers that the model has not and the counters.
   */
  @ParameterizedTest
  @MethodSource("texts")
  @Tag("privileged")
  @EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "needs root")
  void isTheKernelsBlob(String text) throws Exception {
    for (String table : text.contains("*filter") ? List.of("nat", "filter") : List.of("nat")) {
      byte[] theirs = kernel(text, table);
      byte[] ours = Blob.of(RuleText.read(text.lines(), table), table).bytes();
      assertThat(ours).as(table).hasSameSizeAs(theirs);
      int rules = 0;
      for (int at = 0; at < ours.length; at += shortAt(ours, at + Entry.NEXT_OFFSET)) {
        same(ours, theirs, at, at + 84, table);
        same(ours, theirs, at + Entry.TARGET_OFFSET, at + Entry.TARGET_OFFSET + 4, table);
        int target = at + shortAt(ours, at + Entry.TARGET_OFFSET);
        int match = at + Entry.MATCHES;
        while (match < target) {
          same(ours, theirs, match, match + 2, table);
          assertThat(MATCHES.get(intAt(ours, match + Entry.KIND))).contains(name(theirs, match));
          int end = match + shortAt(ours, match);
          same(ours, theirs, match + Entry.HEADER, end, table);
          match = end;
        }
        assertThat(match).isEqualTo(target);
        same(ours, theirs, target, target + 2, table);
        assertThat(TARGETS.get(intAt(ours, target + Entry.KIND))).contains(name(theirs, target));
        same(ours, theirs, target + Entry.HEADER, target + shortAt(ours, target), table);
        rules++;
      }
      assertThat(rules).isEqualTo(Blob.of(RuleText.read(text.lines(), table), table).rules());
    }
  }

  private static void same(byte[] ours, byte[] theirs, int from, int to, String table) {
    for (int i = from; i < to; i++) {
      assertThat(ours[i])
          .as(table + " at " + i + ", " + (i - from) + " from " + from)
          .isEqualTo(theirs[i]);
    }
  }

  private static String name(byte[] blob, int at) {
    int end = at + 2;
    while (blob[end] != 0) {
      end++;
    }
    return new String(blob, at + 2, end - at - 2, StandardCharsets.US_ASCII);
  }

  private static int shortAt(byte[] blob, int at) {
    return Short.toUnsignedInt((short) Entry.SHORT.get(blob, at));
  }

  private static int intAt(byte[] blob, int at) {
    return (int) Entry.INT.get(blob, at);
  }

  private static byte[] kernel(String text, String table) throws Exception {
    Process process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "sh",
                "-c",
                "PATH=$PATH:/usr/sbin:/sbin; iptables-legacy-restore --noflush && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of(
                        KernelBlob.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString(),
                KernelBlob.class.getName(),
                table)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    byte[] blob = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return blob;
  }

  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void everyRuleOfKubeProxyIsUnderstood(Path golden) {
    for (String table : List.of("nat", "filter")) {
      assertThat(Blob.of(Goldens.text(golden, table), table).rules()).isGreaterThan(6);
    }
  }

  /** 488 bytes with the comment, 200 without: the kernel's sizes on 64-bit machines. */
  @Test
  void sizeOfAClusterIpRule() {
    String rule = "-m tcp -p tcp -d 10.96.0.1 --dport 80 -j X";
    assertThat(size("-m comment --comment c " + rule)).isEqualTo(488);
    assertThat(size(rule)).isEqualTo(200);
  }

  private static int size(String rule) {
    return Entry.size(
        RuleText.read(Stream.of("*nat", ":X - [0:0]", "-A A " + rule), "nat")
            .chains()
            .get("A")
            .getFirst());
  }

  @Test
  void errorsNameTheLineAndTheChain() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuleText.read(Stream.of("*nat", "-A A -m quota --quota 3 -j X"), "nat"))
        .withMessageContaining("line 2")
        .withMessageContaining("match quota");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuleText.read(Stream.of("*nat", "-A A --sport 3"), "nat"))
        .withMessageContaining("--sport");
    RuleText lost = RuleText.read(Stream.of("*nat", "-A PREROUTING -j LOST"), "nat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blob.of(lost, "nat"))
        .withMessageContaining("no chain LOST");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blob.of(RuleText.read(Stream.of("*nat"), "nat"), "nat").start("X"))
        .withMessageContaining("no chain X");
  }

  @Test
  void aTableBeyondTheKernelsLimitIsRefused() {
    List<String> rules =
        Stream.generate(() -> "-A PREROUTING -m comment --comment c -j ACCEPT")
            .limit(1_300_000)
            .toList();
    RuleText text = RuleText.read(Stream.concat(Stream.of("*nat"), rules.stream()), "nat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blob.of(text, "nat"))
        .withMessageContaining("XT_MAX_TABLE_SIZE");
  }

  @Test
  void replacingChainsLeavesTheOthers() {
    RuleText text =
        RuleText.read(
            Stream.of("*nat", ":A - [0:0]", ":B - [0:0]", "-A A -j B", "-A B -j RETURN"), "nat");
    assertThat(text.replace(Stream.of("*nat", ":A - [0:0]", "-A A -j ACCEPT", "-A A -j DROP")))
        .isEqualTo(2);
    assertThat(text.chains().get("A")).hasSize(2);
    assertThat(text.chains().get("B")).hasSize(1);
    assertThat(text.chains().get("A").getFirst().header().protocol()).isNotEqualTo(Packet.TCP);
  }
}
