package dev.conntrail.model.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.SipHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConntrackTableTest {
  private static final int CLIENT = 0x0AF40001;
  private static final int VIP = 0x0A60000A;
  private static final int POD = 0x0AF40101;
  private static final int HOUR = 3600;

  private static Packet packet(int port) {
    return new Packet().of(CLIENT, port, VIP, 80, Packet.TCP);
  }

  private static Packet translated(int port) {
    Packet packet = packet(port);
    packet.endpoint = POD;
    packet.endpointPort = 8080;
    return packet;
  }

  private static Packet reply(int port) {
    return new Packet().of(POD, 8080, CLIENT, port, Packet.TCP);
  }

  private static int insert(ConntrackTable table, Packet packet, int status) {
    return table.insert(packet, 0, 0, HOUR, status, 0);
  }

  @Test
  void bothDirectionsFindTheConnection() {
    ConntrackTable table = new ConntrackTable(256, 256, 1);
    int made = insert(table, translated(1000), ConntrackTable.ASSURED);
    assertThat(table.find(packet(1000), 0, 0)).isEqualTo(2 * made);
    assertThat(table.find(reply(1000), 0, 0)).isEqualTo(2 * made + 1);
    assertThat(table.serverAddress(made)).isEqualTo(POD);
    assertThat(table.serverPort(made)).isEqualTo(8080);
    assertThat(table.status(made))
        .isEqualTo(
            ConntrackTable.ASSURED | ConntrackTable.CONFIRMED | ConntrackTable.DESTINATION_NAT);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void everyPartOfTheTupleZoneAndNamespaceCounts() {
    ConntrackTable table = new ConntrackTable(1, 256, 1);
    insert(table, translated(1000), ConntrackTable.ASSURED);
    List<Packet> others =
        List.of(
            new Packet().of(CLIENT + 1, 1000, VIP, 80, Packet.TCP),
            new Packet().of(CLIENT, 1001, VIP, 80, Packet.TCP),
            new Packet().of(CLIENT, 1000, VIP + 1, 80, Packet.TCP),
            new Packet().of(CLIENT, 1000, VIP, 81, Packet.TCP),
            new Packet().of(CLIENT, 1000, VIP, 80, Packet.UDP));
    for (Packet other : others) {
      assertThat(table.find(other, 0, 0)).isEqualTo(ConntrackTable.NONE);
    }
    assertThat(table.find(packet(1000), 1, 0)).isEqualTo(ConntrackTable.NONE);
    assertThat(table.find(packet(1000), 0, 1)).isEqualTo(ConntrackTable.NONE);
    assertThat(table.insert(translated(1000), 1, 0, HOUR, 0, 0)).isNotNegative();
    assertThat(table.insert(translated(1000), 0, 1, HOUR, 0, 0)).isNotNegative();
    assertThat(table.find(packet(1000), 1, 0) >> 1)
        .isNotEqualTo(table.find(packet(1000), 0, 1) >> 1);
  }

  /** The tuple as struct nf_conntrack_tuple has it in memory, hashed byte by byte. */
  @Test
  void hashIsSipHashOfTheTuplesThirtyNineBytes() {
    long seed = 77;
    ConntrackTable table = new ConntrackTable(4096, 16, seed);
    SplittableRandom keys = new SplittableRandom(seed);
    long key0 = keys.nextLong();
    long key1 = keys.nextLong();
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      int source = random.nextInt();
      int destination = random.nextInt();
      int sourcePort = random.nextInt(65536);
      int port = random.nextInt(65536);
      int zone = random.nextInt(100);
      int net = random.nextInt();
      ByteBuffer bytes = ByteBuffer.allocate(40).order(ByteOrder.BIG_ENDIAN);
      bytes.putInt(0, source).putShort(16, (short) sourcePort);
      bytes.order(ByteOrder.LITTLE_ENDIAN).putShort(18, (short) 2).order(ByteOrder.BIG_ENDIAN);
      bytes.putInt(20, destination).putShort(36, (short) port).put(38, (byte) 6);
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      long expected =
          SipHash.thirtyNine(
              bytes.getLong(0),
              bytes.getLong(8),
              bytes.getLong(16),
              bytes.getLong(24),
              bytes.getLong(32),
              key0 ^ zone,
              key1 ^ (net & 0xffffffffL));
      int hash = table.hash().of(source, sourcePort, destination, port, 6, zone, net);
      assertThat(hash).isEqualTo((int) expected);
      assertThat(table.hash().bucket(hash)).isEqualTo((int) ((expected & 0xffffffffL) >>> 20));
    }
  }

  @Test
  void aSecondConnectionWithTheSameTupleClashes() {
    ConntrackTable table = new ConntrackTable(256, 256, 1);
    insert(table, translated(1000), 0);
    assertThat(insert(table, translated(1000), 0)).isEqualTo(ConntrackTable.CLASH);
    Packet sameReply = new Packet().of(CLIENT, 1000, VIP + 1, 80, Packet.TCP);
    sameReply.endpoint = POD;
    sameReply.endpointPort = 8080;
    assertThat(insert(table, sameReply, 0)).isEqualTo(ConntrackTable.CLASH);
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.delete(0) || table.delete(1) || table.size() == 0).isTrue();
  }

  /** Random insertions and deletions in few buckets, against a map. */
  @Test
  void behavesAsAMap() {
    ConntrackTable table = new ConntrackTable(7, 400, 5);
    Map<Integer, Integer> expected = new HashMap<>();
    Random random = new Random(9);
    for (int step = 0; step < 20_000; step++) {
      int port = 1 + random.nextInt(200);
      if (random.nextBoolean()) {
        int made = table.insert(translated(port), 0, 0, HOUR, ConntrackTable.ASSURED, 400);
        if (expected.containsKey(port)) {
          assertThat(made).isEqualTo(ConntrackTable.CLASH);
        } else {
          assertThat(made).isNotNegative();
          expected.put(port, made);
        }
      } else if (expected.containsKey(port)) {
        assertThat(table.delete(expected.remove(port))).isTrue();
      }
      assertThat(table.size()).isEqualTo(expected.size());
    }
    for (int port = 1; port <= 200; port++) {
      int wanted = expected.containsKey(port) ? 2 * expected.get(port) : ConntrackTable.NONE;
      assertThat(table.find(packet(port), 0, 0)).isEqualTo(wanted);
      assertThat(table.find(reply(port), 0, 0))
          .isEqualTo(wanted == ConntrackTable.NONE ? wanted : wanted + 1);
    }
    table.now(HOUR + 1);
    assertThat(table.collect(0, table.buckets())).isEqualTo(expected.size());
    assertThat(table.size()).isZero();
  }

  @Test
  void deletingTwiceDeletesOnce() {
    ConntrackTable table = new ConntrackTable(16, 16, 5);
    int made = insert(table, translated(1), 0);
    assertThat(table.delete(made)).isTrue();
    assertThat(table.delete(made)).isFalse();
    assertThat(table.size()).isZero();
  }

  @Test
  void aFullTableDropsTheUnassuredAndOnlyThem() {
    ConntrackTable table = new ConntrackTable(4, 20, 5);
    for (int port = 1; port <= 19; port++) {
      assertThat(insert(table, translated(port), ConntrackTable.ASSURED)).isNotNegative();
    }
    insert(table, translated(20), ConntrackTable.SEEN_REPLY);
    assertThat(insert(table, translated(21), ConntrackTable.ASSURED)).isNotNegative();
    assertThat(table.find(packet(20), 0, 0)).isEqualTo(ConntrackTable.NONE);
    assertThat(insert(table, translated(22), ConntrackTable.ASSURED))
        .isEqualTo(ConntrackTable.FULL);
    for (int port = 1; port <= 19; port++) {
      assertThat(table.find(packet(port), 0, 0)).isNotNegative();
    }
    assertThat(table.size()).isEqualTo(20);
  }

  /** Early drop looks into eight buckets from the packet's on, and into no other. */
  @Test
  void earlyDropLooksIntoEightBuckets() {
    int buckets = 1000;
    ConntrackTable table = new ConntrackTable(buckets, 1, 5);
    Packet kept = translated(1);
    insert(table, kept, 0);
    int at = bucket(table, kept);
    int replyAt = table.hash().bucket(POD, 8080, CLIENT, 1, 6, 0, 0);
    int dropped = 0;
    int refused = 0;
    for (int port = 2; port < 3000; port++) {
      int from = bucket(table, translated(port));
      boolean near =
          Math.floorMod(at - from, buckets) < ConntrackTable.EVICTION_RANGE
              || Math.floorMod(replyAt - from, buckets) < ConntrackTable.EVICTION_RANGE;
      int made = insert(table, translated(port), 0);
      assertThat(made >= 0).isEqualTo(near);
      if (made >= 0) {
        dropped++;
        table.delete(made);
        assertThat(insert(table, kept, 0)).isNotNegative();
      } else {
        assertThat(made).isEqualTo(ConntrackTable.FULL);
        refused++;
      }
    }
    assertThat(dropped).isBetween(10, 120);
    assertThat(refused).isGreaterThan(2000);
  }

  private static int bucket(ConntrackTable table, Packet p) {
    return table
        .hash()
        .bucket(p.source, p.sourcePort, p.destination, p.destinationPort, p.protocol, 0, 0);
  }

  @Test
  void earlyDropLeavesOtherNamespacesAlone() {
    ConntrackTable table = new ConntrackTable(1, 1, 5);
    table.insert(translated(1), 0, 7, HOUR, 0, 0);
    assertThat(insert(table, translated(2), 0)).isEqualTo(ConntrackTable.FULL);
    assertThat(table.insert(translated(2), 0, 7, HOUR, 0, 0)).isNotNegative();
  }

  @Test
  void aChainOfMoreThanFiftyRefuses() {
    ConntrackTable table = new ConntrackTable(1, 1000, 5);
    int made = 0;
    while (insert(table, translated(1 + made), ConntrackTable.ASSURED) >= 0) {
      made++;
    }
    assertThat(2 * made).isBetween(51, 53);
    assertThat(table.size()).isEqualTo(made);
    assertThat(table.insert(translated(900), 0, 0, HOUR, 0, 2)).isNotNegative();
  }

  @Test
  void expiryByLookupByTheCollectorAndNotBefore() {
    ConntrackTable table = new ConntrackTable(64, 100, 5);
    int start = Integer.MAX_VALUE - 5;
    table.now(start);
    for (int port = 1; port <= 10; port++) {
      table.insert(translated(port), 0, 0, port, 0, 0);
    }
    table.now(start + 4);
    assertThat(table.find(packet(5), 0, 0)).isNotNegative();
    assertThat(table.find(packet(4), 0, 0)).isEqualTo(ConntrackTable.NONE);
    assertThat(table.size()).isEqualTo(9);
    table.now(start + 8);
    table.refresh(table.find(packet(9), 0, 0) >> 1, HOUR);
    table.now(Integer.MIN_VALUE + 100);
    assertThat(table.collect(0, 64)).isEqualTo(8);
    assertThat(table.find(packet(9), 0, 0)).isNotNegative();
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.collect(60, 64)).isZero();
  }

  /** Readers run beside writers and never lose a connection that stays. */
  @Test
  void readersNeverMissWhatStays() throws InterruptedException {
    ConntrackTable table = new ConntrackTable(8, 200, 5);
    for (int port = 1; port <= 50; port++) {
      table.insert(translated(port), 0, 0, HOUR, ConntrackTable.ASSURED, 400);
    }
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<String> missed = new AtomicReference<>();
    List<Thread> readers = new ArrayList<>();
    for (int r = 0; r < 2; r++) {
      readers.add(
          Thread.ofPlatform()
              .start(() -> {
                Packet p = new Packet();
                for (int i = 0; !over.get(); i++) {
                  int port = 1 + i % 50;
                  int node = table.find(p.of(CLIENT, port, VIP, 80, Packet.TCP), 0, 0);
                  if (node < 0 || (node & 1) != 0) {
                    missed.set("port " + port + " gave " + node);
                  } else {
                    table.put(node);
                  }
                }
              }));
    }
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      int made = table.insert(translated(1000 + random.nextInt(5000)), 0, 0, HOUR, 0, 400);
      if (made >= 0) {
        assertThat(table.delete(made)).isTrue();
      }
    }
    over.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(missed.get()).isNull();
    assertThat(table.size()).isEqualTo(50);
  }

  /** Deletion locks the two buckets in which the connection hangs. */
  @Test
  void bucketsFromAConnectionsOwnTuples() {
    ConntrackTable table = new ConntrackTable(4099, 400, 5);
    for (int port = 1; port <= 300; port++) {
      int made = table.insert(translated(port), 3, 7, HOUR, 0, 0);
      assertThat(table.bucketOf(made, false))
          .isEqualTo(table.hash().bucket(CLIENT, port, VIP, 80, Packet.TCP, 3, 7));
      assertThat(table.bucketOf(made, true))
          .isEqualTo(table.hash().bucket(POD, 8080, CLIENT, port, Packet.TCP, 3, 7));
    }
  }
}
