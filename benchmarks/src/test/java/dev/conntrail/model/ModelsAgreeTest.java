package dev.conntrail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.model.iptables.Blob;
import dev.conntrail.model.iptables.IptablesRouter;
import dev.conntrail.model.iptables.RecentLists;
import dev.conntrail.model.iptables.RuleText;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.IpvsRouter;
import dev.conntrail.model.ipvs.Scheduler;
import dev.conntrail.model.ipvs.ServiceTable;
import dev.conntrail.model.nftables.EndpointChains;
import dev.conntrail.model.nftables.InlineEndpoints;
import dev.conntrail.model.nftables.IptablesNft;
import dev.conntrail.model.nftables.KubeProxyTable;
import dev.conntrail.state.DrawnServices;
import dev.conntrail.state.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The models are held to each other, and to the text that kube-proxy wrote. */
class ModelsAgreeTest {
  private static final int CLUSTER = 0x0AF40000;
  private static final int CLUSTER_MASK = 0xFFFF0000;
  private static final int INSIDE = CLUSTER | 0xC801;
  private static final int OUTSIDE = 0xC0A80105;

  /** Every mode, with the Services of a golden; the iptables ones from the very text. */
  private static Map<String, Router> routers(Path golden) {
    RuleText nat = Goldens.text(golden, "nat");
    Map<String, Router> routers = new LinkedHashMap<>();
    routers.put(
        "iptables",
        new IptablesRouter(Blob.of(nat, "nat"), "KUBE-SERVICES", new Draws(1), new RecentLists(1)));
    routers.put("iptables-nft", new IptablesNft(nat).router("KUBE-SERVICES", new Draws(2)));
    KubeProxyTable chains = new EndpointChains(CLUSTER, CLUSTER_MASK, 3);
    KubeProxyTable inline = new InlineEndpoints(CLUSTER, CLUSTER_MASK, _ -> true, 3);
    IpvsRouter fixed = new IpvsRouter(ServiceTable.fixed(), new ConnectionTable(false, 12, 4));
    IpvsRouter grows = new IpvsRouter(ServiceTable.resizable(5), new ConnectionTable(true, 12, 6));
    for (Service s : Goldens.services(nat).values()) {
      chains.put(s);
      inline.put(s);
      fixed.add(s, Scheduler.Kind.RR);
      grows.add(s, Scheduler.Kind.RR);
    }
    routers.put("nftables", chains.router(new Draws(7)));
    routers.put("nftables-1.37", inline.router(new Draws(8)));
    routers.put("ipvs-256", fixed);
    routers.put("ipvs", grows);
    return routers;
  }

  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void eachEndpointHasTheSameShareInEveryMode(Path golden) {
    Map<String, Service> services = Goldens.services(Goldens.text(golden, "nat"));
    assertThat(services).isNotEmpty();
    routers(golden)
        .forEach((mode, router) ->
            services.forEach((name, service) -> {
              int n = service.endpoints().size();
              Map<Service.Endpoint, Integer> hits = new HashMap<>();
              SplittableRandom random = new SplittableRandom(11);
              Packet packet = new Packet();
              int draws = 400 * n;
              for (int i = 0; i < draws; i++) {
                int client = CLUSTER | random.nextInt(0x8000) | 0x8000;
                packet.of(
                    client,
                    1024 + i % 60000,
                    service.address(),
                    service.port(),
                    service.protocol());
                assertThat(router.route(packet)).as(mode + " " + name).isEqualTo(Router.TRANSLATED);
                hits.merge(
                    new Service.Endpoint(packet.endpoint, packet.endpointPort), 1, Integer::sum);
              }
              assertThat(hits.keySet())
                  .as(mode + " " + name)
                  .containsExactlyInAnyOrderElementsOf(service.endpoints());
              double chi2 =
                  hits.values().stream().mapToDouble(h -> (h - 400.0) * (h - 400.0) / 400.0).sum();
              assertThat(chi2)
                  .as(mode + " " + name + " " + hits)
                  .isLessThan(n + 6 * Math.sqrt(2.0 * n) + 10);
            }));
  }

  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void affinityKeepsAClientWithItsEndpoint(Path golden) {
    Map<String, Service> services = Goldens.services(Goldens.text(golden, "nat"));
    routers(golden)
        .forEach((mode, router) ->
            services.values().stream()
                .filter(s -> s.affinitySeconds() > 0)
                .forEach(service -> {
                  Packet packet = new Packet();
                  for (int client = 0; client < 30; client++) {
                    Service.Endpoint first = null;
                    for (int i = 0; i < 8; i++) {
                      packet.of(
                          INSIDE + client,
                          2000 + i,
                          service.address(),
                          service.port(),
                          service.protocol());
                      router.route(packet);
                      Service.Endpoint hit =
                          new Service.Endpoint(packet.endpoint, packet.endpointPort);
                      first = first == null ? hit : first;
                      assertThat(hit).as(mode).isEqualTo(first);
                    }
                  }
                }));
  }

  /** Traffic from outside the cluster is marked for masquerade; that of a pod to itself too. */
  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void marksWhatMustBeMasqueraded(Path golden) {
    Map<String, Service> services = Goldens.services(Goldens.text(golden, "nat"));
    Map<String, Router> routers = routers(golden);
    for (String mode : List.of("iptables", "iptables-nft", "nftables", "nftables-1.37")) {
      Router router = routers.get(mode);
      services
          .values()
          .forEach(service -> {
            Packet packet = new Packet();
            packet.of(OUTSIDE, 3000, service.address(), service.port(), service.protocol());
            router.route(packet);
            assertThat(packet.mark).as(mode).isEqualTo(0x4000);
            packet.of(INSIDE, 3000, service.address(), service.port(), service.protocol());
            router.route(packet);
            assertThat(packet.mark).as(mode).isZero();
            for (int i = 0; i < 60; i++) {
              int self = service.endpoints().getFirst().address();
              packet.of(self, 4000 + i, service.address(), service.port(), service.protocol());
              router.route(packet);
              assertThat(packet.mark == 0x4000 || packet.masqueraded)
                  .as(mode)
                  .isEqualTo(packet.endpoint == self);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.conntrail.model.Goldens#iptables")
  void whatIsNoServicePassesEveryMode(Path golden) {
    Map<String, Service> services = Goldens.services(Goldens.text(golden, "nat"));
    routers(golden)
        .forEach((mode, router) -> {
          Packet packet = new Packet();
          services
              .values()
              .forEach(s -> {
                packet.of(INSIDE, 2000, s.address(), 9, s.protocol());
                assertThat(router.route(packet)).as(mode).isEqualTo(Router.PASSED);
                packet.of(INSIDE, 2000, s.address() ^ 0x00800000, s.port(), s.protocol());
                assertThat(router.route(packet)).as(mode).isEqualTo(Router.PASSED);
                packet.of(INSIDE, 2000, s.address(), s.port(), 47);
                assertThat(router.route(packet)).as(mode).isEqualTo(Router.PASSED);
              });
        });
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void drawnServicesAreAllFoundAndNoOther(Mode mode) {
    for (int count : new int[] {1, 2, 17, 300, 2000}) {
      List<Service> services = DrawnServices.draw(count, 3, count);
      Router router = mode.router(services, 9);
      Packet packet = new Packet();
      for (Service s : services) {
        packet.of(INSIDE, 1024, s.address(), s.port(), s.protocol());
        assertThat(router.route(packet)).isEqualTo(Router.TRANSLATED);
        assertThat(s.endpoints())
            .contains(new Service.Endpoint(packet.endpoint, packet.endpointPort));
      }
      packet.of(INSIDE, 1024, DrawnServices.unknown(count, count), 80, Packet.TCP);
      assertThat(router.route(packet)).isEqualTo(Router.PASSED);
    }
  }

  /** The place of a Service in the list is its place in the text: the first match wins. */
  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"IPTABLES", "IPTABLES_NFT"})
  void theFirstOfTwoRulesForOneAddressWins(Mode mode) {
    Service first = new Service(0x0A600001, 80, Packet.TCP, DrawnServices.endpoints(1, 1));
    Service second = new Service(0x0A600001, 80, Packet.TCP, DrawnServices.endpoints(2, 1));
    List<Service> services = new ArrayList<>(List.of(first, second));
    Packet packet = new Packet().of(INSIDE, 1024, 0x0A600001, 80, Packet.TCP);
    assertThat(mode.router(services, 1).route(packet)).isEqualTo(Router.TRANSLATED);
    assertThat(packet.endpoint).isEqualTo(first.endpoints().getFirst().address());
  }

  /** Draws are even to 2^-31 in each mode: the denominators fall as rules are passed. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyDrawsOverManyEndpoints(Mode mode) {
    int endpoints = 7;
    List<Service> services = DrawnServices.draw(3, endpoints, 5);
    Router router = mode.router(services, 17);
    int[] hits = new int[endpoints];
    Packet packet = new Packet();
    int draws = 70_000;
    for (int i = 0; i < draws; i++) {
      packet.of(INSIDE + i % 50, 1024 + i % 60000, services.get(1).address(), 80, Packet.TCP);
      router.route(packet);
      int place =
          services
              .get(1)
              .endpoints()
              .indexOf(new Service.Endpoint(packet.endpoint, packet.endpointPort));
      hits[place]++;
    }
    double expected = draws / (double) endpoints;
    double chi2 =
        IntStream.of(hits).mapToDouble(h -> (h - expected) * (h - expected) / expected).sum();
    assertThat(chi2).isLessThan(25);
  }
}
