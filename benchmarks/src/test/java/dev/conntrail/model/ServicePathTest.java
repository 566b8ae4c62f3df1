package dev.conntrail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.Mode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServicePathTest {
  private static final int CLIENT = 0x0AF0C801;

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aPacketOfAKnownConnectionNeverMeetsTheRules(Mode mode) {
    List<Service> services = DrawnServices.draw(50, 4, 1);
    Router rules = mode.router(services, 2);
    AtomicInteger met = new AtomicInteger();
    ServicePath path =
        new ServicePath(
            new ConntrackTable(1024, 1024, 3),
            p -> {
              met.incrementAndGet();
              return rules.route(p);
            },
            new Draws(4));
    Packet packet = new Packet();
    for (int port = 1024; port < 1324; port++) {
      Service service = services.get(port % services.size());
      packet.of(CLIENT, port, service.address(), 80, Packet.TCP);
      assertThat(path.take(packet)).isEqualTo(Router.TRANSLATED);
      int endpoint = packet.endpoint;
      int endpointPort = packet.endpointPort;
      int before = met.get();
      for (int i = 0; i < 5; i++) {
        packet.of(CLIENT, port, service.address(), 80, Packet.TCP);
        assertThat(path.take(packet)).isEqualTo(Router.TRANSLATED);
        assertThat(packet.endpoint).isEqualTo(endpoint);
        assertThat(packet.endpointPort).isEqualTo(endpointPort);
        packet.of(endpoint, endpointPort, CLIENT, port, Packet.TCP);
        assertThat(path.take(packet)).isEqualTo(Router.TRANSLATED);
        assertThat(packet.endpointPort).isZero();
      }
      assertThat(met.get()).isEqualTo(before);
    }
    assertThat(met.get()).isEqualTo(300);
  }

  @Test
  void aConnectionToNoServiceIsTrackedUntranslatedAndARefusedOneIsNot() {
    ConntrackTable table = new ConntrackTable(64, 64, 3);
    ServicePath path = new ServicePath(table, _ -> Router.PASSED, new Draws(4));
    Packet packet = new Packet().of(CLIENT, 1, CLIENT + 1, 80, Packet.TCP);
    assertThat(path.take(packet)).isEqualTo(Router.PASSED);
    assertThat(path.take(packet)).isEqualTo(Router.PASSED);
    assertThat(table.size()).isEqualTo(1);
    ServicePath refusing = new ServicePath(table, _ -> Router.REJECTED, new Draws(4));
    assertThat(refusing.take(packet.of(CLIENT, 2, CLIENT + 1, 80, Packet.TCP)))
        .isEqualTo(Router.REJECTED);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void aFullTableOfAssuredConnectionsDropsTheNext() {
    ServicePath path =
        new ServicePath(new ConntrackTable(64, 3, 3), _ -> Router.PASSED, new Draws(4));
    Packet packet = new Packet();
    for (int port = 1; port <= 3; port++) {
      assertThat(path.take(packet.of(CLIENT, port, CLIENT + 1, 80, Packet.TCP)))
          .isEqualTo(Router.PASSED);
    }
    assertThat(path.take(packet.of(CLIENT, 4, CLIENT + 1, 80, Packet.TCP)))
        .isEqualTo(Router.DROPPED);
    assertThat(path.take(packet.of(CLIENT, 2, CLIENT + 1, 80, Packet.TCP)))
        .isEqualTo(Router.PASSED);
  }

  /** In ipvs mode a packet is looked up twice, and one that ipvs has forgotten is dropped. */
  @Test
  void ipvsLooksIntoItsOwnTableToo() {
    List<Service> services = DrawnServices.draw(5, 3, 1);
    ConntrackTable table = new ConntrackTable(64, 64, 3);
    ConnectionTable ipvs = new ConnectionTable(true, 12, 3);
    ServicePath path = new ServicePath(table, Mode.IPVS.router(services, 2), new Draws(4), ipvs);
    Packet packet = new Packet();
    int vip = services.getFirst().address();
    assertThat(path.take(packet.of(CLIENT, 5, vip, 80, Packet.TCP))).isEqualTo(Router.TRANSLATED);
    int endpoint = packet.endpoint;
    ipvs.now(ServicePath.IPVS_SECONDS - 1);
    assertThat(path.take(packet.of(CLIENT, 5, vip, 80, Packet.TCP))).isEqualTo(Router.TRANSLATED);
    assertThat(packet.endpoint).isEqualTo(endpoint);
    assertThat(packet.endpointPort).isEqualTo(8080);
    ipvs.now(2 * ServicePath.IPVS_SECONDS - 2);
    assertThat(path.take(packet.of(CLIENT, 5, vip, 80, Packet.TCP))).isEqualTo(Router.TRANSLATED);
    ipvs.now(4 * ServicePath.IPVS_SECONDS);
    assertThat(path.take(packet.of(CLIENT, 5, vip, 80, Packet.TCP))).isEqualTo(Router.DROPPED);
    assertThat(path.take(packet.of(endpoint, 8080, CLIENT, 5, Packet.TCP)))
        .isEqualTo(Router.TRANSLATED);
  }
}
