package dev.conntrail.model.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import dev.conntrail.model.hash.SipHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulersTest {
  private static final int CLIENT = 0x0AF40000;
  private static final int VIP = 0x0A60000A;

  private static VirtualServer service(Scheduler.Kind kind, int... weights) {
    return service(kind.make(), weights);
  }

  private static VirtualServer service(Scheduler scheduler, int... weights) {
    VirtualServer service = new VirtualServer(Packet.TCP, VIP, 80, 0, scheduler);
    for (int i = 0; i < weights.length; i++) {
      service.add(new RealServer(0x0AF40100 + i, 8080, weights[i]));
    }
    return service;
  }

  private static Packet packet(int client, int port) {
    return new Packet().of(CLIENT + client, port, VIP, 80, Packet.TCP);
  }

  private static int next(VirtualServer service) {
    return number(service.scheduler.schedule(service, packet(1, 1024)));
  }

  private static int number(RealServer server) {
    return server == null ? -1 : server.address() - 0x0AF40100;
  }

  private static List<Integer> next(VirtualServer service, int count) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(next(service));
    }
    return chosen;
  }

  private static RealServer of(VirtualServer service, int number) {
    return service.servers().stream().filter(s -> number(s) == number).findFirst().orElseThrow();
  }

  /** New real servers go to the head of the list, so turns run backwards. */
  @Test
  void roundRobinTakesTurns() {
    VirtualServer service = service(Scheduler.Kind.RR, 1, 1, 1);
    assertThat(next(service, 7)).containsExactly(2, 1, 0, 2, 1, 0, 2);
    service.weight(of(service, 1), 0);
    assertThat(next(service, 4)).containsExactly(0, 2, 0, 2);
    service.weight(of(service, 1), 1);
    assertThat(next(service, 3)).containsExactly(1, 0, 2);
    service.add(new RealServer(0x0AF40103, 8080, 1));
    assertThat(next(service, 4)).containsExactly(1, 0, 3, 2);
    service.remove(of(service, 2));
    assertThat(next(service, 3)).containsExactly(1, 0, 3);
    service.remove(of(service, 0));
    assertThat(next(service, 2)).containsExactly(1, 3);
    of(service, 1).overloaded(true);
    assertThat(next(service, 2)).containsExactly(3, 3);
  }

  @Test
  void weightedRoundRobinTakesTurnsByWeight() {
    VirtualServer service = service(Scheduler.Kind.WRR, 4, 3, 2);
    assertThat(next(service, 9)).containsExactly(2, 1, 0, 0, 1, 0, 2, 1, 0);
    assertThat(next(service, 9)).containsExactly(2, 1, 0, 0, 1, 0, 2, 1, 0);
    VirtualServer even = service(Scheduler.Kind.WRR, 10, 20, 0);
    Map<Integer, Integer> hits = new HashMap<>();
    next(even, 30).forEach(n -> hits.merge(n, 1, Integer::sum));
    assertThat(hits).isEqualTo(Map.of(0, 10, 1, 20));
    even.weight(of(even, 1), 0);
    assertThat(next(even, 3)).containsExactly(0, 0, 0);
    of(even, 0).overloaded(true);
    assertThat(next(even)).isEqualTo(-1);
  }

  /** {@code ip_vs_wrr_dest_changed}: from the head of the list, at the weight that was reached. */
  @Test
  void weightedRoundRobinGoesOnAtItsWeightWhenOneChanges() {
    VirtualServer service = service(Scheduler.Kind.WRR, 6, 4, 2);
    assertThat(next(service, 5)).containsExactly(2, 1, 0, 0, 1);
    service.weight(of(service, 0), 8);
    assertThat(next(service, 8)).containsExactly(1, 0, 2, 1, 0, 0, 0, 1);
  }

  @Test
  void leastConnectionCountsAnActiveOneAs256Inactive() {
    VirtualServer service = service(Scheduler.Kind.LC, 1, 1, 1);
    assertThat(next(service)).isEqualTo(2);
    of(service, 2).active(1);
    of(service, 1).inactive(255);
    of(service, 0).inactive(256);
    assertThat(next(service)).isEqualTo(1);
    of(service, 1).inactive(1);
    assertThat(next(service)).isEqualTo(2);
    of(service, 2).active(1);
    assertThat(next(service)).isEqualTo(1);
    service.weight(of(service, 1), 0);
    assertThat(next(service)).isZero();
    of(service, 0).overloaded(true);
    assertThat(next(service)).isEqualTo(2);
  }

  /** After a scale-out all new connections go to the new one until it has as many. */
  @Test
  void leastConnectionFillsANewRealServer() {
    VirtualServer service = service(Scheduler.Kind.LC, 1, 1);
    for (int i = 0; i < 10; i++) {
      service.scheduler.schedule(service, packet(i, 1)).active(1);
    }
    service.add(new RealServer(0x0AF40102, 8080, 1));
    for (int i = 0; i < 5; i++) {
      RealServer chosen = service.scheduler.schedule(service, packet(i, 1));
      assertThat(number(chosen)).isEqualTo(2);
      chosen.active(1);
    }
  }

  @Test
  void weightedLeastConnectionDividesByWeight() {
    VirtualServer service = service(Scheduler.Kind.WLC, 1, 3);
    int[] hits = new int[2];
    for (int i = 0; i < 40; i++) {
      RealServer chosen = service.scheduler.schedule(service, packet(i, 1));
      chosen.active(1);
      hits[number(chosen)]++;
    }
    assertThat(hits).containsExactly(10, 30);
    of(service, 0).active(-9);
    of(service, 0).inactive(511);
    of(service, 1).active(-30);
    of(service, 1).active(9);
    assertThat(next(service)).isZero();
    of(service, 0).inactive(2);
    assertThat(next(service)).isEqualTo(1);
  }

  @Test
  void shortestExpectedDelayCountsTheOneThatWouldCome() {
    VirtualServer service = service(Scheduler.Kind.SED, 1, 3);
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RealServer server = service.scheduler.schedule(service, packet(i, 1));
      server.active(1);
      chosen.add(number(server));
    }
    assertThat(chosen).containsExactly(1, 1, 1, 0, 1, 1, 1, 0);
    of(service, 0).inactive(1000);
    of(service, 0).active(-2);
    assertThat(next(service)).isZero();
  }

  @Test
  void neverQueueTakesAnIdleOneFirst() {
    VirtualServer service = service(Scheduler.Kind.NQ, 1, 5, 5);
    of(service, 2).active(1);
    of(service, 1).active(1);
    assertThat(next(service)).isZero();
    of(service, 0).active(1);
    assertThat(next(service)).isEqualTo(2);
    of(service, 2).active(1);
    assertThat(next(service)).isEqualTo(1);
  }

  @Test
  void sourceHashKeepsAClientWhateverItsPort() {
    VirtualServer service = service(Scheduler.Kind.SH, 1, 1, 1);
    Set<Integer> reached = new HashSet<>();
    for (int client = 0; client < 200; client++) {
      int first = number(service.scheduler.schedule(service, packet(client, 1)));
      reached.add(first);
      for (int port = 2; port < 20; port++) {
        assertThat(number(service.scheduler.schedule(service, packet(client, port))))
            .isEqualTo(first);
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(0, 1, 2);
    service.weight(of(service, 1), 0);
    assertThat(next(service)).isIn(-1, 0, 2);
  }

  /** Bucket = top eight bits of address times 0x61C88647; buckets are filled in list order. */
  @Test
  void sourceHashByItsFormula() {
    VirtualServer service = service(Scheduler.Kind.SH, 2, 1, 1);
    int[] turn = {2, 1, 0, 0};
    for (int client = 0; client < 500; client++) {
      int bucket = ((CLIENT + client) * 0x61C88647) >>> 24;
      assertThat(number(service.scheduler.schedule(service, packet(client, 1))))
          .isEqualTo(turn[bucket % 4]);
    }
  }

  @Test
  void destinationHashLooksAtTheDestination() {
    VirtualServer service = service(Scheduler.Kind.DH, 5, 1, 1);
    int[] turn = {2, 1, 0};
    for (int i = 0; i < 300; i++) {
      Packet packet = new Packet().of(CLIENT + i, i, VIP + i, 80, Packet.TCP);
      int bucket = ((VIP + i) * 0x61C88647) >>> 24;
      assertThat(number(service.scheduler.schedule(service, packet))).isEqualTo(turn[bucket % 3]);
    }
  }

  /**
   * Permutations and turns as in the paper, written down a second time.
   *
   * @param turns of each real server in a round
   */
  private static int[] maglev(int... turns) {
    int[] table = new int[4093];
    Arrays.fill(table, -1);
    long[] offset = new long[turns.length];
    long[] skip = new long[turns.length];
    for (int i = 0; i < turns.length; i++) {
      int word = 8080 + 0x0AF40100 + i;
      offset[i] = (SipHash.half(word, 2654435761L, 2654435761L) & 0xffffffffL) % 4093;
      skip[i] = (SipHash.half(word, 2654446892L, 2654446892L) & 0xffffffffL) % 4092 + 1;
    }
    for (int taken = 0; ; ) {
      for (int i = turns.length - 1; i >= 0; i--) {
        for (int turn = 0; turn < turns[i]; turn++) {
          while (table[(int) offset[i]] >= 0) {
            offset[i] = (offset[i] + skip[i]) % 4093;
          }
          table[(int) offset[i]] = i;
          if (++taken == 4093) {
            return table;
          }
        }
      }
    }
  }

  private static int place(int client, int port, int offset) {
    int hash = SipHash.half(offset + port + CLIENT + client, 2654435761L, 2654435761L);
    return (int) ((hash & 0xffffffffL) % 4093);
  }

  /** Weights over their greatest common divisor, and shifted until the largest has six bits. */
  @Test
  void maglevByItsFormula() {
    Map<int[], int[]> turnsOfWeights =
        Map.of(
            new int[] {1, 1, 1, 1}, new int[] {1, 1, 1, 1},
            new int[] {30, 10, 0}, new int[] {3, 1, 0},
            new int[] {400, 1, 48}, new int[] {50, 1, 6});
    turnsOfWeights.forEach((weights, turns) -> {
      VirtualServer service = service(Scheduler.Kind.MH, weights);
      int[] table = maglev(turns);
      for (int client = 0; client < 100; client++) {
        for (int port = 1; port < 20; port++) {
          assertThat(number(service.scheduler.schedule(service, packet(client, port))))
              .isEqualTo(table[place(client, port, 0)]);
        }
      }
    });
  }

  /** {@code ip_vs_mh_get_fallback}: the place's number and more go into the hash, until it fits. */
  @Test
  void maglevFallsBackByItsFormula() {
    VirtualServer service = service(new Maglev(true, true), 1, 1, 1, 1);
    int[] table = maglev(1, 1, 1, 1);
    of(service, 0).overloaded(true);
    of(service, 2).overloaded(true);
    for (int client = 0; client < 1000; client++) {
      int first = place(client, 7, 0);
      int expected = table[first];
      for (int i = 0; expected % 2 == 0; i++) {
        expected = table[place(client, 7, (i + first) % 4093)];
      }
      assertThat(number(service.scheduler.schedule(service, packet(client, 7))))
          .as("client " + client)
          .isEqualTo(expected);
    }
  }

  @Test
  void maglevMovesFewWhenOneGoesAndFillsByWeight() {
    VirtualServer service = service(Scheduler.Kind.MH, 1, 1, 1, 1, 1);
    Map<Integer, Integer> before = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      before.put(i, number(service.scheduler.schedule(service, packet(i / 50, 1 + i))));
    }
    service.remove(of(service, 3));
    int moved = 0;
    for (int i = 0; i < 4000; i++) {
      int now = number(service.scheduler.schedule(service, packet(i / 50, 1 + i)));
      assertThat(now).isNotEqualTo(3).isNotNegative();
      if (before.get(i) != 3 && before.get(i) != now) {
        moved++;
      }
    }
    assertThat(moved).isLessThan(400);
    VirtualServer weighted = service(Scheduler.Kind.MH, 30, 10);
    int[] hits = new int[2];
    for (int i = 0; i < 4000; i++) {
      hits[number(weighted.scheduler.schedule(weighted, packet(i / 50, 1 + i)))]++;
    }
    assertThat(hits[0]).isBetween(2800, 3200);
    weighted.weight(of(weighted, 0), 0);
    assertThat(next(weighted)).isEqualTo(1);
  }

  @Test
  void maglevRefusesAnUnusableOneUnlessItFallsBack() {
    for (boolean fallback : new boolean[] {false, true}) {
      VirtualServer service = service(new Maglev(true, fallback), 1, 1);
      of(service, 0).overloaded(true);
      Set<Integer> reached = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        reached.add(number(service.scheduler.schedule(service, packet(i, i))));
      }
      assertThat(reached).isEqualTo(fallback ? Set.of(1) : Set.of(-1, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Scheduler.Kind.class)
  void withoutAUsableRealServerEachRefuses(Scheduler.Kind kind) {
    VirtualServer service = service(kind);
    assertThat(next(service)).isEqualTo(-1);
    service.add(new RealServer(0x0AF40100, 8080, 1));
    assertThat(next(service)).isZero();
    service.weight(of(service, 0), 0);
    assertThat(next(service)).isEqualTo(-1);
    service.weight(of(service, 0), 1);
    assertThat(next(service)).isZero();
    service.remove(of(service, 0));
    assertThat(next(service)).isEqualTo(-1);
  }

  @Test
  void wordsOfTheCommandLine() {
    assertThat(Scheduler.Kind.of("mh")).isEqualTo(Scheduler.Kind.MH);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scheduler.Kind.of("sjf"))
        .withMessageContaining("found sjf; allowed: rr, wrr, lc, wlc, sh, dh, mh, sed, nq");
  }

  @Test
  void persistenceKeepsAClientUntilItsTemplateExpires() {
    ConnectionTable connections = new ConnectionTable(true, 12, 1);
    IpvsRouter router = new IpvsRouter(ServiceTable.resizable(2), connections);
    VirtualServer made =
        router.add(
            new Service(
                VIP,
                80,
                Packet.TCP,
                List.of(
                    new Service.Endpoint(0x0AF40100, 8080), new Service.Endpoint(0x0AF40101, 8080)),
                100),
            Scheduler.Kind.RR);
    Packet packet = packet(1, 1);
    assertThat(router.route(packet)).isEqualTo(Router.TRANSLATED);
    int first = packet.endpoint;
    for (int i = 0; i < 5; i++) {
      connections.now(90 * i);
      router.route(packet);
      assertThat(packet.endpoint).isEqualTo(first);
    }
    connections.now(90 * 4 + 100);
    router.route(packet);
    assertThat(packet.endpoint).isNotEqualTo(first);
    int second = packet.endpoint;
    made.weight(
        made.servers().stream().filter(s -> s.address() == second).findFirst().orElseThrow(), 0);
    router.route(packet);
    assertThat(packet.endpoint).isEqualTo(first);
    assertThat(router.sync(made, List.of())).isEqualTo(2);
    assertThat(router.route(packet)).isEqualTo(Router.REJECTED);
  }
}
