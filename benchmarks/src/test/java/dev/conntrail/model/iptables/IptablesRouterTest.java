package dev.conntrail.model.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.nftables.IptablesNft;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jumps, returns and tests, in ip_tables and in what nf_tables makes of the same rules. */
class IptablesRouterTest {
  private static final int CLIENT = 0x0AF40001;
  private static final int VIP = 0x0A60000A;

  private static Router router(boolean legacy, String... rules) {
    RuleText text = RuleText.read(Stream.concat(Stream.of("*nat"), Stream.of(rules)), "nat");
    return legacy
        ? new IptablesRouter(Blob.of(text, "nat"), "PREROUTING", new Draws(1), new RecentLists(1))
        : new IptablesNft(text).router("PREROUTING", new Draws(1));
  }

  private static Packet packet() {
    return new Packet().of(CLIENT, 1024, VIP, 80, Packet.TCP);
  }

  private static String add(String chain, String rest) {
    return "-A " + chain + " " + rest;
  }

  private static String mark(String chain, int bit) {
    return add(chain, "-j MARK --or-mark " + bit);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReturnGoesOnBehindTheJump(boolean legacy) {
    Router router =
        router(
            legacy,
            add("PREROUTING", "-j A"),
            mark("PREROUTING", 1),
            add("A", "-j B"),
            mark("A", 2),
            add("A", "-j RETURN"),
            mark("A", 4),
            mark("B", 8),
            ":C - [0:0]");
    Packet packet = packet();
    assertThat(router.route(packet)).isEqualTo(Router.PASSED);
    assertThat(packet.mark).isEqualTo(1 | 2 | 8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGotoReturnsToTheCallersCaller(boolean legacy) {
    Router router =
        router(
            legacy,
            add("PREROUTING", "-j A"),
            mark("PREROUTING", 1),
            add("A", "-g B"),
            mark("A", 2),
            mark("B", 8));
    Packet packet = packet();
    assertThat(router.route(packet)).isEqualTo(Router.PASSED);
    assertThat(packet.mark).isEqualTo(1 | 8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReturnAtTheTopIsThePolicy(boolean legacy) {
    Router router = router(legacy, add("PREROUTING", "-j RETURN"), mark("PREROUTING", 1));
    Packet packet = packet();
    assertThat(router.route(packet)).isEqualTo(Router.PASSED);
    assertThat(packet.mark).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void verdicts(boolean legacy) {
    assertThat(router(legacy, add("PREROUTING", "-j DROP")).route(packet()))
        .isEqualTo(Router.DROPPED);
    assertThat(
            router(legacy, add("PREROUTING", "-j ACCEPT"), add("PREROUTING", "-j DROP"))
                .route(packet()))
        .isEqualTo(Router.PASSED);
    assertThat(router(legacy, add("PREROUTING", "-j REJECT")).route(packet()))
        .isEqualTo(Router.REJECTED);
    assertThat(
            router(
                    legacy,
                    add("PREROUTING", "-j MASQUERADE --random-fully"),
                    add("PREROUTING", "-j DROP"))
                .route(packet()))
        .isEqualTo(Router.PASSED);
    assertThat(
            router(
                    legacy,
                    add("PREROUTING", "-m comment --comment x"),
                    add("PREROUTING", "-j DROP"))
                .route(packet()))
        .isEqualTo(Router.DROPPED);
  }

  /** Each test of a header and of a match, true and false. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyTestSaysYesAndNo(boolean legacy) {
    Packet local = packet();
    local.localDestination = true;
    Packet localSource = packet();
    localSource.localSource = true;
    Packet marked = packet();
    marked.mark = 0x4001;
    Packet established = packet();
    established.state = Packet.ESTABLISHED;
    Packet udp = new Packet().of(CLIENT, 1024, VIP, 80, Packet.UDP);
    Packet sctp = new Packet().of(CLIENT, 1024, VIP, 80, Packet.SCTP);
    fits(legacy, "-s 10.244.0.0/16", packet(), true);
    fits(legacy, "! -s 10.244.0.0/16", packet(), false);
    fits(legacy, "-s 10.245.0.0/16", packet(), false);
    fits(legacy, "! -s 10.245.0.0/16", packet(), true);
    fits(legacy, "-d 10.96.0.10", packet(), true);
    fits(legacy, "! -d 10.96.0.10", packet(), false);
    fits(legacy, "-d 10.96.0.11", packet(), false);
    fits(legacy, "! -d 10.96.0.11", packet(), true);
    fits(legacy, "-d 10.96.0.10 ! -s 10.244.0.0/16", packet(), false);
    fits(legacy, "-d 10.96.0.10 ! -s 10.1.0.0/16", packet(), true);
    fits(legacy, "-d 10.96.0.11 ! -s 10.1.0.0/16", packet(), false);
    fits(legacy, "-p tcp", packet(), true);
    fits(legacy, "-p tcp", udp, false);
    fits(legacy, "-p tcp -m tcp --dport 80", packet(), true);
    fits(legacy, "-p tcp -m tcp --dport 81", packet(), false);
    fits(legacy, "-p tcp -m tcp", packet(), true);
    fits(legacy, "-p udp -m udp --dport 80", udp, true);
    fits(legacy, "-p udp -m udp --dport 79", udp, false);
    fits(legacy, "-p sctp -m sctp --dport 80", sctp, true);
    fits(legacy, "-p sctp -m sctp --dport 81", sctp, false);
    fits(legacy, "-m mark --mark 0x4000/0x4000", marked, true);
    fits(legacy, "-m mark ! --mark 0x4000/0x4000", marked, false);
    fits(legacy, "-m mark --mark 0x4000/0x4000", packet(), false);
    fits(legacy, "-m mark ! --mark 0x4000/0x4000", packet(), true);
    fits(legacy, "-m conntrack --ctstate RELATED,ESTABLISHED", established, true);
    fits(legacy, "-m conntrack --ctstate RELATED,ESTABLISHED", packet(), false);
    fits(legacy, "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT", packet(), true);
    fits(legacy, "-m addrtype --dst-type LOCAL", local, true);
    fits(legacy, "-m addrtype --dst-type LOCAL", packet(), false);
    fits(legacy, "-m addrtype --src-type LOCAL", localSource, true);
    fits(legacy, "-m addrtype --src-type LOCAL", local, false);
    fits(legacy, "-m statistic --mode random --probability 1.0", packet(), false);
    fits(legacy, "-m statistic --mode random --probability 0.0", packet(), false);
    fits(legacy, "-m comment --comment x -m tcp -p tcp --dport 81", packet(), false);
  }

  private static void fits(boolean legacy, String tests, Packet packet, boolean expected) {
    if (tests.contains("probability 1.0")) {
      return;
    }
    assertThat(router(legacy, add("PREROUTING", tests + " -j DROP")).route(packet))
        .as(tests)
        .isEqualTo(expected ? Router.DROPPED : Router.PASSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eth0", "eth+"})
  void interfaces(String name) {
    Packet packet = packet();
    packet.inInterface = 'e' | 't' << 8 | 'h' << 16 | (long) '0' << 24;
    fits(true, "-i " + name, packet, true);
    fits(true, "! -i " + name, packet, false);
    packet.inInterface = 'v' | 't' << 8;
    fits(true, "-i " + name, packet, false);
    fits(true, "! -i " + name, packet, true);
    packet.inInterface = 'e' | 't' << 8 | 'h' << 16 | (long) '0' << 24 | (long) '1' << 32;
    fits(true, "-i " + name, packet, name.endsWith("+"));
  }

  /** xor-mark takes a mark away, set-xmark's mask says which bits. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void xorMark(boolean legacy) {
    Packet packet = packet();
    packet.mark = 0x4003;
    router(legacy, add("PREROUTING", "-j MARK --xor-mark 0x4000")).route(packet);
    assertThat(packet.mark).isEqualTo(3);
    router(legacy, add("PREROUTING", "-j MARK --or-mark 0x4000")).route(packet);
    assertThat(packet.mark).isEqualTo(0x4003);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void nthTakesOneInThree(int place) {
    Router router =
        router(
            true,
            add("PREROUTING", "-m statistic --mode nth --every 3 --packet " + place + " -j DROP"));
    List<Boolean> dropped = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      dropped.add(router.route(packet()) == Router.DROPPED);
    }
    for (int i = 0; i < 7; i++) {
      assertThat(dropped.get(i)).isEqualTo(i % 3 == place);
    }
  }

  /** A list remembers a hundred clients; the next pushes out the one seen longest ago. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recentRemembersAHundred(boolean legacy) {
    RecentLists lists = new RecentLists(3);
    RuleText text =
        RuleText.read(
            Stream.of(
                "*nat",
                "-A PREROUTING -m recent --name OTHER --rcheck -j DROP",
                "-A PREROUTING -m recent --name L --rcheck --seconds 50 --reap -j DROP",
                "-A PREROUTING -m recent --name L --set -j ACCEPT"),
            "nat");
    Router router =
        legacy
            ? new IptablesRouter(Blob.of(text, "nat"), "PREROUTING", new Draws(1), lists)
            : new IptablesNft(text).router("PREROUTING", new Draws(1));
    for (int client = 0; client < 101; client++) {
      assertThat(ask(router, client)).isEqualTo(Router.PASSED);
    }
    assertThat(ask(router, 100)).isEqualTo(Router.DROPPED);
    assertThat(ask(router, 1)).isEqualTo(Router.DROPPED);
    assertThat(ask(router, 0)).isEqualTo(Router.PASSED);
    assertThat(ask(router, 1)).isEqualTo(Router.PASSED);
    assertThat(ask(router, 2)).isEqualTo(Router.PASSED);
    if (legacy) {
      lists.now(50);
      assertThat(ask(router, 50)).isEqualTo(Router.DROPPED);
      lists.now(51);
      assertThat(ask(router, 50)).isEqualTo(Router.PASSED);
      assertThat(ask(router, 50)).isEqualTo(Router.DROPPED);
      lists.now(101);
      assertThat(ask(router, 50)).isEqualTo(Router.DROPPED);
    }
  }

  private static int ask(Router router, int client) {
    return router.route(new Packet().of(CLIENT + client, 1024, VIP, 80, Packet.TCP));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLoopOfJumpsIsDropped(boolean legacy) {
    assertThat(
            router(
                    legacy,
                    add("PREROUTING", "-j A"),
                    add("A", "-j B"),
                    add("B", "-j A"),
                    mark("A", 1))
                .route(packet()))
        .isEqualTo(Router.DROPPED);
  }

  @Test
  void bucketsOfRecentByTheirFormula() {
    for (int address = -50; address < 50; address++) {
      assertThat(RecentLists.bucket(address, 9)).isEqualTo(JenkinsHash.one(address, 9) & 127);
    }
  }
}
