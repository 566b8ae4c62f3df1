package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.spec.Named;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;

/** What is meant where a field is not set ({@code pkg/apis/core/v1/defaults.go}). */
final class Defaults {
  private static final String NAMESPACE = "default";
  private static final String NO_CLUSTER_IP = "None";

  private Defaults() {}

  /** A list that is not there is empty. */
  static <T> List<T> list(List<T> list) {
    return list == null ? List.of() : list;
  }

  /** Text that is not there is empty. */
  static String text(String text) {
    return text == null ? "" : text;
  }

  /** A namespace, as {@code kubectl} would put the object. */
  static String namespace(String namespace) {
    return text(namespace).isEmpty() ? NAMESPACE : namespace;
  }

  static String namespace(ObjectMeta metadata) {
    return namespace(metadata.getNamespace());
  }

  static String protocol(String protocol) {
    return text(protocol).isEmpty() ? "TCP" : protocol;
  }

  static String type(ServiceSpec spec) {
    return text(spec.getType()).isEmpty() ? "ClusterIP" : spec.getType();
  }

  /** A number that is not there is 0. */
  static int number(Integer number) {
    return number == null ? 0 : number;
  }

  /** Whether traffic may come from outside ({@code ExternallyAccessible}, {@code pkg/api}). */
  static boolean external(ServiceSpec spec) {
    return switch (type(spec)) {
      case "NodePort", "LoadBalancer" -> true;
      case "ClusterIP" -> !list(spec.getExternalIPs()).isEmpty();
      default -> false;
    };
  }

  /** The family of a word that was checked. */
  static IpFamily family(String word) {
    return Named.find(IpFamily.class, word).orElseThrow();
  }

  /**
   * The cluster IPs, the primary one first; none for headless and ExternalName Services ({@code
   * ShouldSkipService}, {@code pkg/proxy/util}).
   */
  static List<String> clusterIps(ServiceSpec spec) {
    String primary = text(spec.getClusterIP());
    if (primary.isEmpty() || primary.equals(NO_CLUSTER_IP) || type(spec).equals("ExternalName")) {
      return List.of();
    }
    return list(spec.getClusterIPs()).isEmpty() ? List.of(primary) : spec.getClusterIPs();
  }
}
