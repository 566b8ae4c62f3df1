package dev.conntrail.load.codec;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.load.codec.HttpCompared.Asked;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.spec.ProxyPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same requests by the loop's wires and by OkHttp, Java-WebSocket and grpc-java, through nginx,
 * HAProxy and Envoy to Jetty and grpc-java.
 */
@Timeout(120)
class SameThroughProxiesTest {
  private static final int MESSAGES = 6;
  private static final Pattern CODE = Pattern.compile("[0-9]+");

  private static JettyServer jetty;
  private static GrpcJavaServer grpc;
  private static NginxServer nginx;
  private static final List<ProxyServer> PROXIES = new ArrayList<>();
  private static final Map<Through, CountedServer> HTTP1 = new EnumMap<>(Through.class);
  private static final Map<Through, CountedServer> HTTP2 = new EnumMap<>(Through.class);
  private static final Map<Through, CountedServer> CALLS = new EnumMap<>(Through.class);

  /** What is between. */
  enum Through {
    NGINX,
    HAPROXY,
    ENVOY;

    /**
     * nginx 1.22 does not hand on what another server says before its reply. Envoy gives leave to
     * send a body by itself, and ends the connection if a refusal of its server overtakes the body.
     */
    private boolean http1(Asked asked) {
      return switch (this) {
        case NGINX -> !asked.path().equals("/early");
        case ENVOY -> !asked.path().equals("/refused");
        case HAPROXY -> true;
      };
    }

    /** Not all say 100 in HTTP/2, for which OkHttp waits; the loop does not. */
    private boolean http2(Asked asked) {
      return http1(asked) && asked.fields().isEmpty();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    jetty = new JettyServer();
    grpc = new GrpcJavaServer();
    nginx = new NginxServer(jetty.address(), grpc.address(), 1000);
    if (nginx.here()) {
      HTTP1.put(Through.NGINX, nginx.at(nginx.http1()));
      HTTP2.put(Through.NGINX, nginx.at(nginx.http2()));
      CALLS.put(Through.NGINX, nginx.at(nginx.grpc()));
    }
    start(Through.HAPROXY, ProxyPolicy.HAPROXY_ROUNDROBIN);
    start(Through.ENVOY, ProxyPolicy.ENVOY_ROUND_ROBIN);
  }

  private static void start(Through through, ProxyPolicy policy) throws IOException {
    if (ProxyPrograms.find(policy.program()).isPresent()) {
      HTTP1.put(through, started(new ProxyServer(policy, jetty.address(), false)));
      HTTP2.put(through, started(new ProxyServer(policy, jetty.address(), true)));
      CALLS.put(through, started(new ProxyServer(policy, grpc.address(), true)));
    }
  }

  private static ProxyServer started(ProxyServer proxy) {
    PROXIES.add(proxy);
    return proxy;
  }

  @AfterAll
  static void end() throws Exception {
    for (ProxyServer proxy : PROXIES) {
      proxy.close();
    }
    nginx.stop();
    grpc.close();
    jetty.stop();
  }

  private static CountedServer here(Through through, Map<Through, CountedServer> some) {
    assumeThat(some).as("what scripts/test.sh gets").containsKey(through);
    return some.get(through);
  }

  private static Stream<Arguments> http1() {
    return Arrays.stream(Through.values())
        .flatMap(t -> HttpCompared.requests().filter(t::http1).map(a -> Arguments.of(t, a)));
  }

  @ParameterizedTest
  @MethodSource("http1")
  void http1(Through through, Asked asked) throws IOException {
    HttpCompared.same(Protocol.HTTP_1_1, here(through, HTTP1), asked);
  }

  private static Stream<Arguments> http2() {
    return Arrays.stream(Through.values())
        .flatMap(t -> HttpCompared.requests().filter(t::http2).map(a -> Arguments.of(t, a)));
  }

  @ParameterizedTest
  @MethodSource("http2")
  void http2(Through through, Asked asked) throws IOException {
    HttpCompared.same(Protocol.H2_PRIOR_KNOWLEDGE, here(through, HTTP2), asked);
  }

  /**
   * But for those that the server closes: through a proxy it may not hear the answer to its close
   * frame, whichever client gives it.
   */
  @ParameterizedTest
  @EnumSource(Through.class)
  void webSockets(Through through) throws Exception {
    for (String how : JettyServer.WAYS.stream().filter(w -> !CODE.matcher(w).matches()).toList()) {
      WebSocketsCompared.same(here(through, HTTP1).address(), jetty.said, how);
    }
  }

  private static Stream<Arguments> messages() {
    return Arrays.stream(Through.values())
        .flatMap(t -> GrpcCompared.messages().limit(MESSAGES).map(m -> Arguments.of(t, m)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void calls(Through through, String message) throws Exception {
    GrpcCompared.same(here(through, CALLS).address(), GrpcCompared.CALL, true, message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesOfAStream(Through through, String message) throws Exception {
    GrpcCompared.same(here(through, CALLS).address(), GrpcCompared.STREAM, false, message);
  }

  @ParameterizedTest
  @EnumSource(Through.class)
  void aStreamThatTheServerEnds(Through through) throws Exception {
    GrpcCompared.same(here(through, CALLS).address(), GrpcCompared.STREAM, false, "end");
  }
}
