package dev.conntrail.dataplane.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.spec.KubeProxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kubernetes would take is understood as it would; the rest is refused by name. */
class KubeObjectsTest {
  static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        namespace: shop
      spec:
        clusterIP: 10.96.0.7
        ports:
        - port: 80
      """;

  static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: web-x7k2p
        namespace: shop
        labels:
          kubernetes.io/service-name: web
      addressType: IPv4
      ports:
      - port: 8080
      endpoints:
      - addresses: [10.244.1.2]
        nodeName: node-a
      """;

  static final String BOTH = SERVICE + "---\n" + SLICE;

  static List<ServicePort> ports(String text) {
    return KubeObjects.parse("f", text).servicePorts(IpFamily.IPV4, "node-a", KubeProxy.V1_37);
  }

  static String refusal(String text) {
    return refusal(text.getBytes(StandardCharsets.UTF_8));
  }

  static String refusal(byte[] bytes) {
    try {
      KubeObjects.parse("f", bytes);
    } catch (ObjectsException e) {
      return e.getMessage();
    }
    throw new AssertionError("understood:\n" + new String(bytes, StandardCharsets.UTF_8));
  }

  @Test
  void whatIsNotSetIsAsKubernetesHasIt() {
    ServicePort web =
        new ServicePort(
            "shop",
            "web",
            "",
            "TCP",
            "10.96.0.7",
            80,
            0,
            List.of(),
            List.of(),
            List.of(),
            0,
            0,
            false,
            false,
            List.of(Endpoint.ready("10.244.1.2", 8080, "node-a")));
    assertThat(ports(BOTH)).containsExactly(web);
    assertThat(ports(BOTH.replace("  namespace: shop\n", "")).getFirst().nameText())
        .isEqualTo("default/web");
    assertThat(ports(BOTH.replace("  clusterIP:", "  ipFamilies: [IPv4]\n  clusterIP:")))
        .containsExactly(web);
  }

  /** {@code addEndpoints}: while a pod moves from one slice to another it is in both. */
  @Test
  void ofTwoEndpointsWithOneAddressTheVersionDecides() {
    String gone = SLICE.replace("name: web-x7k2p", "name: web-b").replace("node-a", "node-b");
    String both =
        BOTH + "---\n" + gone + "  conditions: {ready: false, serving: true, terminating: true}\n";
    String reversed =
        SERVICE + "---\n" + both.substring(both.lastIndexOf("---\n") + 4) + "---\n" + SLICE;
    for (String text : List.of(both, reversed)) {
      assertThat(ports(text).getFirst().endpoints())
          .containsExactly(Endpoint.ready("10.244.1.2", 8080, "node-a"));
    }
    assertThat(KubeObjects.parse("f", both).servicePorts(IpFamily.IPV4, "node-b", KubeProxy.V1_34))
        .allSatisfy(s -> assertThat(s.endpoints().getFirst().terminating()).isTrue());
  }

  static Stream<Arguments> servicePorts() {
    return Stream.of(
        change("- port: 80", "- {}", "spec.ports[0].port: found nothing; allowed: 1 to 65535"),
        change("- port: 80", "- null", "spec.ports[0]: found nothing"),
        change("port: 80", "port: '80'", "spec.ports[0].port: found '80'; allowed: a whole number"),
        change("port: 80", "port: 0", "spec.ports[0].port: found 0"),
        change("port: 80", "port: 65536", "spec.ports[0].port: found 65536"),
        change("port: 80", "port: 1e99", "spec.ports[0].port: found 1.0E99"),
        change("port: 80", "port: 99999999999", "spec.ports[0].port: found 99999999999"),
        change("port: 80", "port: 80\n    protocol: tcp", "spec.ports[0].protocol: found 'tcp'"),
        change("- port: 80", "- port: 80\n  - port: 81", "spec.ports[0].name: found ''"),
        change(
            "- port: 80",
            "- {name: a, port: 80}\n  - {name: b, port: 80}",
            "spec.ports[1]: found TCP 80 a second time"),
        change("  ports:\n  - port: 80\n", "", "spec.ports: found no port"),
        change("port: 80", "port: 80\n    nodePort: 30000", "spec.ports[0].nodePort: found 30000"));
  }

  static Stream<Arguments> services() {
    return Stream.of(
        change("metadata:\n  name: web\n  namespace: shop\n", "", "metadata: found nothing"),
        change("  name: web\n", "", "metadata.name: found nothing"),
        change("name: web", "name: 7", "metadata.name: found 7; allowed: text"),
        change("name: web", "name: 'a\"b'", "metadata.name: found 'a\"b'; allowed: 1 to 63"),
        change("namespace: shop", "namespace: a.b", "metadata.namespace: found 'a.b'"),
        change("10.96.0.7", "10.96.0", "spec.clusterIP: found '10.96.0'"),
        change("10.96.0.7", "::ffff:10.96.0.7", "spec.clusterIP: found '::ffff:10.96.0.7'"),
        change("ports:", "clusterIPs: [10.96.0.8]\n  ports:", "spec.clusterIPs[0]: found"),
        change("ports:", "ipFamilies: [IPv6]\n  ports:", "spec.clusterIP: found '10.96.0.7'"),
        change("ports:", "ipFamilies: [IPv5]\n  ports:", "spec.ipFamilies[0]: found 'IPv5'"),
        change("ports:", "type: Node\n  ports:", "spec.type: found 'Node'; allowed: ClusterIP, "),
        change("ports:", "sessionAffinity: IP\n  ports:", "spec.sessionAffinity: found 'IP'"),
        change("ports:", "externalIPs: [127.0.0.1]\n  ports:", "spec.externalIPs[0]: found"),
        change("ports:", "externalTrafficPolicy: Local\n  ports:", "spec.externalTrafficPolicy"),
        change("ports:", "healthCheckNodePort: 7\n  ports:", "spec.healthCheckNodePort: found 7"),
        change(
            "ports:",
            "type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/33]\n  ports:",
            "spec.loadBalancerSourceRanges[0]: found '10.0.0.0/33'"),
        change(
            "spec:",
            "status: {loadBalancer: {ingress: [{ip: here}]}}\nspec:",
            "status.loadBalancer.ingress[0].ip: found 'here'"));
  }

  private static Arguments change(String from, String to, String message) {
    return Arguments.of(from, to, message);
  }

  @ParameterizedTest
  @MethodSource({"services", "servicePorts"})
  void services(String from, String to, String message) {
    assertThat(SERVICE).contains(from);
    assertThat(refusal(SERVICE.replace(from, to))).contains(": " + message).hasLineCount(1);
  }

  static Stream<Arguments> slices() {
    return Stream.of(
        change("name: web-x7k2p", "name: -a", "metadata.name: found '-a'"),
        change(
            "service-name: web", "service-name: 5", "metadata.labels.kubernetes.io/service-name"),
        change("addressType: IPv4\n", "", "addressType: found nothing; allowed: IPv4, IPv6, FQDN"),
        change("IPv4", "IPX", "addressType: found 'IPX'"),
        change("IPv4", "IPv6", "endpoints[0].addresses[0]: found '10.244.1.2'; allowed: an IPv6"),
        change("10.244.1.2", "10.244.1.300", "endpoints[0].addresses[0]: found '10.244.1.300'"),
        change("10.244.1.2", "169.254.1.2", "endpoints[0].addresses[0]: found '169.254.1.2'"),
        change("[10.244.1.2]", "[]", "endpoints[0].addresses: found no address"),
        change("[10.244.1.2]", "[[10.244.1.2]]", "endpoints[0].addresses[0]: found a list"),
        change("- addresses: [10.244.1.2]", "-", "endpoints[0].addresses: found no address"),
        change("port: 8080", "port: -1", "ports[0].port: found -1"),
        change("- port: 8080", "- {}\n- {}", "ports[1].name: found '' a second time"),
        change("nodeName: node-a", "conditions: {ready: 1}", "endpoints[0].conditions.ready"),
        change(
            "nodeName: node-a", "hints: {forZones: [{}]}", "endpoints[0].hints.forZones[0].name"));
  }

  @ParameterizedTest
  @MethodSource
  void slices(String from, String to, String message) {
    assertThat(SLICE).contains(from);
    assertThat(refusal(SERVICE + "---\n" + SLICE.replace(from, to)))
        .startsWith("f: EndpointSlice shop/")
        .contains(": " + message)
        .hasLineCount(1);
  }

  @Test
  void nothingIsThereTwice() {
    assertThat(refusal(BOTH + "---\n" + SLICE))
        .isEqualTo(
            "f: EndpointSlice shop/web-x7k2p: metadata.name: found the object a second time;"
                + " allowed: each object once");
    assertThat(refusal(SERVICE + "---\n" + SERVICE.replace("name: web", "name: api")))
        .isEqualTo(
            "f: Service shop/api: spec.clusterIP: found '10.96.0.7', which Service shop/web has;"
                + " allowed: one that is free");
  }

  /** A name that could steer the terminal, or end the line, does neither. */
  @Test
  void messagesAreOneLineOfWhatCanBePrinted() {
    assertThat(refusal(SERVICE.replace("web", "\"a\\n\\e[2J\\u202e" + "x".repeat(999) + "\"")))
        .hasLineCount(1)
        .doesNotContain("\u001b", "\u202e")
        .hasSizeLessThan(500);
  }
}
