package dev.conntrail.model.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.hash.SipHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {
  private static VirtualServer server(int protocol, int address, int port) {
    return new VirtualServer(protocol, address, port, 0, Scheduler.Kind.RR.make());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServiceIsFoundByProtocolAddressAndPort(boolean grows) {
    ServiceTable table = grows ? ServiceTable.resizable(1) : ServiceTable.fixed();
    Random random = new Random(2);
    List<VirtualServer> all = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      VirtualServer made = server(i % 2 == 0 ? 6 : 17, 0x0A600000 + i / 4, 80 + i / 2 % 2);
      all.add(made);
      table.add(made);
    }
    assertThat(table.size()).isEqualTo(3000);
    for (int step = 0; step < 2000; step++) {
      VirtualServer one = all.get(random.nextInt(all.size()));
      assertThat(table.find(one.protocol, one.address, one.port)).isSameAs(one);
      assertThat(table.find(one.protocol, one.address, 99)).isNull();
      assertThat(table.find(1, one.address, one.port)).isNull();
      assertThat(table.find(one.protocol, one.address ^ 0x8000, one.port)).isNull();
      table.remove(one);
      all.remove(one);
      assertThat(table.find(one.protocol, one.address, one.port)).isNull();
    }
    assertThat(table.size()).isEqualTo(1000);
    all.forEach(s -> assertThat(table.find(s.protocol, s.address, s.port)).isSameAs(s));
  }

  /** 6.18: 256 buckets by a fold of eight bits, so addresses that differ by 256 share one. */
  @Test
  void fixedTableFoldsToEightBits() {
    ServiceTable table = ServiceTable.fixed();
    assertThat(table.buckets()).isEqualTo(256);
    VirtualServer one = server(6, 0x0A60010A, 0x1F90);
    assertThat(table.bucket(one)).isEqualTo((6 ^ 0x0A ^ 0x1F ^ 0x90) & 255);
    assertThat(table.bucket(server(6, 0x0A60020A, 0x1F90))).isEqualTo(table.bucket(one));
    assertThat(table.bucket(server(6, 0x0A60010B, 0x1F90))).isNotEqualTo(table.bucket(one));
    assertThat(table.bucket(server(17, 0x0A60010A, 0x1F90))).isNotEqualTo(table.bucket(one));
    assertThat(table.bucket(server(6, 0x0A60010A, 0x2F90))).isNotEqualTo(table.bucket(one));
  }

  /**
   * 7: it grows when Services pass an eighth of the buckets, and is then an eighth full at most.
   */
  @Test
  void resizableTableStaysAnEighthFull() {
    ServiceTable table = ServiceTable.resizable(1);
    assertThat(table.buckets()).isEqualTo(16);
    List<VirtualServer> all = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      all.add(server(6, 0x0A600000 + 256 * i, 80));
      table.add(all.get(i));
      assertThat(8 * table.size()).isLessThanOrEqualTo(table.buckets());
      assertThat(table.buckets()).isLessThanOrEqualTo(Math.max(16, 32 * table.size()));
    }
    assertThat(table.buckets()).isEqualTo(65_536);
    for (VirtualServer server : all.subList(0, 4990)) {
      table.remove(server);
    }
    assertThat(table.buckets()).isLessThan(5000);
    all.subList(4990, 5000).forEach(s -> assertThat(table.find(6, s.address, 80)).isSameAs(s));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionsBehaveAsAMap(boolean grows) {
    ConnectionTable table = new ConnectionTable(grows, grows ? 14 : 6, 3);
    RealServer server = new RealServer(1, 8080, 1);
    Map<Integer, Integer> expected = new HashMap<>();
    Random random = new Random(4);
    for (int step = 0; step < 30_000; step++) {
      int n = random.nextInt(2000);
      if (random.nextBoolean() && !expected.containsKey(n)) {
        expected.put(n, table.add(n % 7, n, 9, 80, 6, server, 100));
      } else if (expected.containsKey(n)) {
        table.expire(expected.remove(n));
      }
      assertThat(table.size()).isEqualTo(expected.size());
      Packet packet = new Packet().of(n % 7, n, 9, 80, 6);
      assertThat(table.find(packet)).isEqualTo(expected.getOrDefault(n, ConnectionTable.NONE));
    }
    expected.forEach((n, c) -> {
      assertThat(table.find(n % 7, n, 9, 80, 6)).isEqualTo(c);
      assertThat(table.find(n % 7 + 1, n, 9, 80, 6)).isEqualTo(ConnectionTable.NONE);
      assertThat(table.find(n % 7, n, 8, 80, 6)).isEqualTo(ConnectionTable.NONE);
      assertThat(table.find(n % 7, n, 9, 81, 6)).isEqualTo(ConnectionTable.NONE);
      assertThat(table.find(n % 7, n, 9, 80, 17)).isEqualTo(ConnectionTable.NONE);
    });
  }

  @Test
  void theFixedTableKeepsItsBucketsAndTheOtherGrows() {
    ConnectionTable fixed = new ConnectionTable(false, ConnectionTable.DEFAULT_BITS, 3);
    ConnectionTable grows = new ConnectionTable(true, 20, 3);
    ConnectionTable bounded = new ConnectionTable(true, 10, 3);
    RealServer server = new RealServer(1, 8080, 1);
    for (int i = 0; i < 5000; i++) {
      for (ConnectionTable table : List.of(fixed, grows, bounded)) {
        table.add(i, 1, 9, 80, 6, server, 100);
      }
      assertThat(grows.buckets()).isGreaterThanOrEqualTo(16 * grows.size());
    }
    assertThat(fixed.buckets()).isEqualTo(4096);
    assertThat(grows.buckets()).isEqualTo(131_072);
    assertThat(bounded.buckets()).isEqualTo(1024);
    assertThat(bounded.find(4999, 1, 9, 80, 6)).isNotEqualTo(ConnectionTable.NONE);
  }

  /** An idle entry is gone after its time, a refreshed one is not, nor is a template. */
  @Test
  void entriesExpire() {
    ConnectionTable table = new ConnectionTable(true, 12, 3);
    RealServer other = new RealServer(78, 8081, 1);
    assertThat(table.add(1, 3, 9, 80, 6, other, 2000)).isZero();
    RealServer server = new RealServer(77, 8080, 1);
    int connection = table.add(1, 2, 9, 80, 6, server, 900);
    table.now(899);
    assertThat(table.find(1, 2, 9, 80, 6)).isEqualTo(connection);
    table.refresh(connection, 900);
    table.now(1798);
    Packet packet = new Packet().of(1, 2, 9, 80, 6);
    assertThat(table.find(packet)).isEqualTo(connection);
    table.translate(connection, packet);
    assertThat(packet.endpoint).isEqualTo(77);
    assertThat(packet.endpointPort).isEqualTo(8080);
    assertThat(table.server(connection)).isSameAs(server);
    table.now(1799);
    assertThat(table.find(packet)).isEqualTo(ConnectionTable.NONE);
    assertThat(table.find(1, 3, 9, 80, 6)).isZero();
    table.translate(0, packet);
    assertThat(packet.endpoint).isEqualTo(78);
    assertThat(packet.endpointPort).isEqualTo(8081);
  }

  /** 6.18: jhash of client, its port and the protocol, as loaded; 7: SipHash of both ends. */
  @Test
  void hashesOfConnectionsByTheirFormulas() {
    Random random = new Random(6);
    java.util.SplittableRandom seeds = new java.util.SplittableRandom(3);
    int rnd = seeds.nextInt();
    long key0 = seeds.nextLong();
    long key1 = seeds.nextLong();
    ConnectionTable fixed = new ConnectionTable(false, 12, 3);
    ConnectionTable grows = new ConnectionTable(true, 12, 3);
    for (int i = 0; i < 100; i++) {
      int client = random.nextInt();
      int port = random.nextInt(65536);
      int virtual = random.nextInt();
      int virtualPort = random.nextInt(65536);
      int rawClient = Integer.reverseBytes(client);
      int rawPort = Character.reverseBytes((char) port);
      assertThat(fixed.hash(client, port, virtual, virtualPort, 6))
          .isEqualTo(JenkinsHash.three(rawClient, rawPort, 6, rnd));
      long first = ((long) rawClient << 32) + (6L << 16) + rawPort;
      long second =
          ((long) Integer.reverseBytes(virtual) << 32) + Character.reverseBytes((char) virtualPort);
      assertThat(grows.hash(client, port, virtual, virtualPort, 6))
          .isEqualTo((int) SipHash.two(first, second, key0, key1));
    }
  }

  @Test
  void bucketsOfTheResizableTableByTheirFormula() {
    ServiceTable table = ServiceTable.resizable(9);
    int key = new java.util.SplittableRandom(9).nextInt();
    for (int i = 0; i < 100; i++) {
      VirtualServer server = server(6, 0x0A600000 + 7 * i, 80 + i);
      int hash = JenkinsHash.three(80 + i, 6, Integer.reverseBytes(server.address), key);
      assertThat(table.bucket(server)).isEqualTo(hash & 15);
      assertThat(server.hashKey).isEqualTo(hash);
    }
  }
}
