package dev.conntrail.state;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import dev.conntrail.model.iptables.Blob;
import dev.conntrail.model.iptables.IptablesRouter;
import dev.conntrail.model.iptables.RecentLists;
import dev.conntrail.model.iptables.RuleText;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.IpvsRouter;
import dev.conntrail.model.ipvs.Scheduler;
import dev.conntrail.model.ipvs.ServiceTable;
import dev.conntrail.model.ipvs.VirtualServer;
import dev.conntrail.model.nftables.EndpointChains;
import dev.conntrail.model.nftables.InlineEndpoints;
import dev.conntrail.model.nftables.IptablesNft;
import dev.conntrail.model.nftables.KubeProxyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data plane that holds Services and takes changes of their endpoints, each mode in the steps
 * that kube-proxy and the kernel take.
 */
public interface Programmed {
  /** The rules as they now are. */
  Router router();

  /**
   * Changes one Service's endpoints.
   *
   * @param place the Service's place in the list that was programmed
   * @return what was written: rules, elements or real servers
   */
  int update(int place, Service now);

  /** ip_tables: whatever the change, the whole table is compiled and put in place anew. */
  static Programmed iptables(List<Service> services, long seed) {
    return new Programmed() {
      private final List<Service> all = new ArrayList<>(services);
      private final RuleText text = read(services);
      private Router router = compile();

      private Router compile() {
        return new IptablesRouter(
            Blob.of(text, "nat"), "PREROUTING", new Draws(seed), new RecentLists((int) seed));
      }

      @Override
      public Router router() {
        return router;
      }

      @Override
      public int update(int place, Service now) {
        int rules = text.replace(partialSync(all, place, now));
        router = compile();
        return rules;
      }
    };
  }

  /** nf_tables with iptables rules: chains that the restore names are flushed and refilled. */
  static Programmed iptablesNft(List<Service> services, long seed) {
    return new Programmed() {
      private final List<Service> all = new ArrayList<>(services);
      private final IptablesNft table = new IptablesNft(read(services));
      private final Router router = table.router("PREROUTING", new Draws(seed));

      @Override
      public Router router() {
        return router;
      }

      @Override
      public int update(int place, Service now) {
        RuleText change = RuleText.read(partialSync(all, place, now), "nat");
        change.chains().forEach(table::replace);
        return change.chains().values().stream().mapToInt(List::size).sum();
      }
    };
  }

  /** nftables mode as kube-proxy 1.34 has it: the chains of the one Service. */
  static Programmed endpointChains(List<Service> services, long seed) {
    return nftables(new EndpointChains(CLUSTER_NETWORK, CLUSTER_MASK, seed), services, seed);
  }

  /** nftables mode as kube-proxy 1.37 has it: the rule of the one Service. */
  static Programmed inlineEndpoints(List<Service> services, long seed) {
    return nftables(
        new InlineEndpoints(CLUSTER_NETWORK, CLUSTER_MASK, DrawnServices::onOneNode, seed),
        services,
        seed);
  }

  private static Programmed nftables(KubeProxyTable table, List<Service> services, long seed) {
    services.forEach(table::put);
    Router router = table.router(new Draws(seed));
    return new Programmed() {
      @Override
      public Router router() {
        return router;
      }

      @Override
      public int update(int place, Service now) {
        return table.put(now);
      }
    };
  }

  /** ipvs mode: the real servers that differ. */
  static Programmed ipvs(
      List<Service> services, long seed, boolean grows, Scheduler.Kind scheduler) {
    IpvsRouter router =
        new IpvsRouter(
            grows ? ServiceTable.resizable(seed) : ServiceTable.fixed(),
            new ConnectionTable(grows, ConnectionTable.DEFAULT_BITS, seed));
    List<VirtualServer> servers = services.stream().map(s -> router.add(s, scheduler)).toList();
    return new Programmed() {
      @Override
      public Router router() {
        return router;
      }

      @Override
      public int update(int place, Service now) {
        return router.sync(servers.get(place), now.endpoints());
      }
    };
  }

  /** Network of {@link Mode#CLUSTER_CIDR}. */
  int CLUSTER_NETWORK = 0x0A800000;

  /** Mask of {@link Mode#CLUSTER_CIDR}. */
  int CLUSTER_MASK = 0xFF800000;

  private static RuleText read(List<Service> services) {
    return RuleText.read(KubeProxyText.nat(services, Mode.CLUSTER_CIDR), "nat");
  }

  /**
   * kube-proxy's partial sync: KUBE-SERVICES whole, of other chains only those of the Service that
   * changed.
   */
  private static Stream<String> partialSync(List<Service> all, int place, Service now) {
    all.set(place, now);
    return KubeProxyText.partial(all, place, Mode.CLUSTER_CIDR);
  }
}
