package dev.conntrail.analysis.theory;

import dev.conntrail.analysis.chance.FairDraw;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Several proxies behind a Service of their own: the Service draws a proxy for each client's
 * connection, and the proxy shares out what it got. So the skew moves one hop towards the clients.
 *
 * @param connections of clients, all alike
 * @param proxies behind the Service
 * @param pods behind the proxies
 */
public record ProxyPool(int connections, int proxies, int pods) {
  /** Checks. */
  public ProxyPool {
    if (connections < 1 || proxies < 1 || pods < 1) {
      throw new IllegalArgumentException(
          "proxies: found %d connections, %d proxies, %d pods; allowed: 1 or more of each"
              .formatted(connections, proxies, pods));
    }
  }

  /** The busiest proxy over the mean proxy, on average; pods see nothing of it, proxies do. */
  public double busiestProxyOverMean() {
    return new FairDraw(connections, proxies).expectedMaxOverMean();
  }

  /** Proxies that are expected to get no connection. */
  public double idleProxies() {
    return new FairDraw(connections, proxies).expectedIdle();
  }

  /**
   * The standard deviation of a pod's connections where each proxy hands out its own in turn, from
   * a pod of its own choice on: what is left over of a proxy's whole rounds. With one proxy it is
   * below a half, and grows with the root of the number of proxies.
   */
  public double deviationInTurn() {
    BinomialDistribution ofOneProxy = BinomialDistribution.of(connections, 1.0 / proxies);
    double variance = 0;
    for (int n = 0; n <= connections; n++) {
      double extra = (double) (n % pods) / pods;
      variance += ofOneProxy.probability(n) * extra * (1 - extra);
    }
    return Math.sqrt(proxies * variance);
  }

  /** The same where every connection draws its pod, as kube-proxy's rules do it. */
  public double deviationDrawn() {
    return Math.sqrt(connections * (1.0 / pods) * (1 - 1.0 / pods));
  }
}
