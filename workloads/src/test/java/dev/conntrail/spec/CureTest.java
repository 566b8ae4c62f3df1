package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CureTest {
  private static Cell cell(DataPlane plane, Protocol protocol, String cure) {
    Phases phases =
        new Phases(
            Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1));
    return Cell.of(new Course(phases, List.of(), 1))
        .with(Axes.DATA_PLANE, plane)
        .with(Axes.PROTOCOL, protocol)
        .with(Axes.CURE, Cure.parse(cure));
  }

  private static Cell cell(String cure) {
    return cell(DataPlane.IPTABLES, Protocol.HTTP1, cure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "round-robin",
        "least-request,learning=once",
        "pick-first,learning=dns",
        "pick-first,shuffle=no",
        "least-request,choices=4,learning=dns,ttl=5s",
        "weighted-round-robin",
        "weighted-round-robin,reports=pods,blackout=1500ms",
        "round-robin,learning=dns,ttl=5s+max-age=2s",
        "max-age=5s",
        "max-age=1500ms,max-requests=100,jitter=envoy,percent=20,by=server",
        "max-requests=7",
        "connections-per-client=4",
        "session-affinity",
        "session-affinity,timeout=60s+max-age=5s",
        "same-zone",
        "session-affinity+same-zone+max-age=5s",
        "envoy-least-request",
        "envoy-maglev,proxies=3,workers=even,outliers=ejected",
        "envoy-round-robin+max-age=5s,max-requests=100,jitter=envoy,percent=20,by=proxy",
        "envoy-round-robin,proxies=sidecars+max-requests=100,by=proxy-to-pods",
        "envoy-ring-hash,proxies=3",
        "haproxy-leastconn,proxies=sidecars+max-age=5s",
        "haproxy-leastconn+max-age=5s",
        "round-robin+max-age=5s,jitter=grpc+connections-per-client=2"
      })
  void aCureIsReadAsItIsWritten(String text) {
    assertThat(Cure.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "round-robbin, round-robin",
    "envoy-leastrequest, envoy-least-request",
    "max_age=5s, max-age",
    "'round-robin,learning=dsn', dns",
    "'round-robin,learnin=dns', learning",
    "'max-age=5s,jiter=grpc', jitter",
    "jiter=20, jitter",
    "round-robin+percnt=20, percent",
    "'max-age=5s,jitter=gprc', grpc"
  })
  void whoMisspellsAWordIsToldWhichWasMeant(String text, String meant) {
    assertThatThrownBy(() -> Cure.parse(text)).hasMessageEndingWith("(did you mean '%s'?)", meant);
  }

  /** A list of YAML without quotes makes two words of one. */
  @ParameterizedTest
  @ValueSource(strings = {"jitter=grpc", "percent=20", "round-robin,by=server"})
  void whoTakesAWordFromItsPartIsToldWhereItStands(String text) {
    assertThatThrownBy(() -> Cure.parse(text))
        .hasMessageEndingWith(
            "stands in one word with max-age or max-requests, and that in quotes in a list of YAML:"
                + " \"max-age=5s,jitter=grpc\")");
  }

  @Test
  void whoHasTwoOfAPartIsNot() {
    assertThatThrownBy(() -> Cure.parse("max-age=5s+max-age=6s,jitter=grpc"))
        .hasMessageEndingWith("; same-zone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "colour",
        "round-robin,",
        "round-robin,learning=never",
        "round-robin,learning=watch,ttl=5s",
        "round-robin,choices=3",
        "least-request,choices=1",
        "least-request,choices=11",
        "pick-first,shuffle=maybe",
        "weighted-round-robin,reports=never",
        "weighted-round-robin,blackout=long",
        "round-robin,ttl=5s",
        "round-robin,learning=dns,ttl=500ms",
        "round-robin,learning=dns,ttl=soon",
        "round-robin,learning=once,learning=once",
        "round-robin+least-request",
        "max-age=5s+max-age=6s",
        "max-age",
        "envoy-least-request,proxies=0",
        "envoy-least-request,proxies=many",
        "envoy-least-request,sidecars",
        "envoy-least-request,workers=odd",
        "haproxy-leastconn,outliers=ejected",
        "round-robin,proxies=2",
        "max-age=5s,jitter=colour",
        "max-age=5s,percent=20",
        "max-age=5s,jitter=grpc,percent=20",
        "max-requests=5,jitter=grpc",
        "max-requests=0",
        "max-age=5s,round-robin",
        "connections-per-client=0",
        "connections-per-client=2+connections-per-client=2",
        "session-affinity,timeout=0s",
        "session-affinity,timeout=2000h",
        "session-affinity,choices=2",
        "session-affinity+session-affinity",
        "same-zone,zones=3",
        "same-zone+same-zone",
        "none+round-robin"
      })
  void whatIsNoneIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Cure.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void aRefusalSaysWhatIsAllowed() {
    assertThatThrownBy(() -> Cure.parse("colour"))
        .hasMessage(
            "none, or one or more of these, joined by +: round-robin; least-request with choices=2;"
                + " weighted-round-robin with reports=calls, blackout=10s; pick-first with shuffle=yes;"
                + " least-connections; each with learning=watch or once or dns with ttl=30s; max-age=5s (with jitter=none or"
                + " grpc or envoy or reactor; envoy and reactor with percent=10) or max-requests=100"
                + " or both, with by=client or server or proxy or proxy-to-pods; connections-per-client=4; haproxy-roundrobin,"
                + " haproxy-leastconn, haproxy-random, envoy-round-robin, envoy-least-request,"
                + " envoy-ring-hash, envoy-maglev (with proxies=3 behind the Service, or proxies=sidecars, one beside"
                + " each client; Envoy's with workers=even, outliers=ejected); session-affinity with timeout=10800s; same-zone");
  }

  /** Cells from before there was the axis keep their keys. */
  @Test
  void onlyWhatIsDoneIsPartOfKeyAndTitle() {
    assertThat(cell("none").key()).doesNotContain("cure");
    assertThat(cell("none").title()).isEqualTo("iptables, http1, 100 connections");
    assertThat(cell("round-robin").key()).contains(" keep-alive=none cure=round-robin connect");
    assertThat(cell("round-robin,learning=once").title())
        .isEqualTo("iptables, http1, 100 connections, round-robin, learning once");
    assertThat(cell("round-robin").plain()).isFalse();
    assertThat(cell("round-robin").provoking()).isFalse();
  }

  @Test
  void whoBalancesGoesPastTheService() {
    assertThat(cell("none").route()).isEqualTo(new Route.Service());
    assertThat(cell("none").behindService()).isTrue();
    assertThat(cell(DataPlane.DIRECT, Protocol.HTTP1, "none").route())
        .isEqualTo(new Route.Straight());
    Cell balanced = cell("round-robin");
    assertThat(balanced.route()).isEqualTo(new Route.Balanced(Policy.ROUND_ROBIN, Learning.WATCH));
    assertThat(balanced.behindService()).isFalse();
    assertThat(balanced.choice()).isEqualTo(PodChoice.CLIENT_BALANCED);
    assertThat(balanced.otherLaw()).isTrue();
  }

  /** Per cent of the age for the least and the greatest that can be drawn. */
  @ParameterizedTest
  @CsvSource({"none, 100, 100", "grpc, 90, 110", "envoy, 100, 125", "reactor, 100, 75"})
  void agesDifferByTheLawOfTheirJitter(String word, double at0, double at1) {
    Jitter jitter = Named.find(Jitter.class, word).orElseThrow();
    assertThat(100 * jitter.factor(0, 0.25)).isCloseTo(at0, within(1e-9));
    assertThat(100 * jitter.factor(1, 0.25)).isCloseTo(at1, within(1e-9));
    Recycling recycling = Cure.parse("max-age=1s,jitter=" + word).recycling().orElseThrow();
    Random random = new Random(3);
    Set<Long> drawn = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      drawn.add(recycling.ageNs(random));
    }
    assertThat(drawn).hasSize(jitter == Jitter.NONE ? 1 : 100);
  }

  /** What is as usual need not be said, and times are written in one way. */
  @Test
  void whatIsTheSameIsWrittenAlike() {
    assertThat(Cure.parse("least-request,learning=dns,ttl=30s,choices=2"))
        .isEqualTo(Cure.parse("least-request,learning=dns"));
    assertThat(Cure.parse("round-robin,learning=dns,ttl=1m"))
        .isEqualTo(Cure.parse("round-robin,learning=dns,ttl=60s"));
  }

  /** A list that is shuffled is a draw; one that all know alike has one first. */
  @ParameterizedTest
  @CsvSource({
    "pick-first, DRAW, false",
    "'pick-first,learning=dns+max-age=1s', DRAW, false",
    "'pick-first+max-age=1s,jitter=grpc,by=server', CLIENT_BALANCED, true",
    "'pick-first,shuffle=no', CLIENT_FIRST, false",
    "'pick-first,shuffle=no,learning=once+max-age=1s', CLIENT_FIRST, false",
    "'pick-first,shuffle=no,learning=dns', CLIENT_BALANCED, true",
    "least-request, CLIENT_BALANCED, true"
  })
  void aClientThatKeepsOnePodHasALaw(String cure, PodChoice choice, boolean other) {
    Cell cell = cell(DataPlane.IPTABLES, Protocol.GRPC, cure);
    assertThat(cell.choice()).isEqualTo(choice);
    assertThat(cell.otherLaw()).isEqualTo(other);
    assertThat(cell.behindService()).isFalse();
  }

  /** Who is kept on a pod keeps it whatever is opened anew; who is forgotten draws again. */
  @Test
  void aServiceMayKeepEachClientOnAPod() {
    Cell pinned = cell("session-affinity");
    assertThat(pinned.choice()).isEqualTo(PodChoice.CLIENT_PINNED);
    assertThat(pinned.behindService()).isTrue();
    assertThat(pinned.otherLaw()).isFalse();
    assertThat(cell("session-affinity+max-age=500ms").otherLaw()).isFalse();
    assertThat(cell("session-affinity,timeout=1s").otherLaw()).isTrue();
    assertThat(pinned.key()).contains(" cure=session-affinity ");
    assertThat(pinned.title()).endsWith(", session-affinity");
  }

  /** Each node is a zone; what draws, draws within it, and turns and hashes stay what they are. */
  @Test
  void aServiceThatPrefersZonesDrawsWithinThem() {
    Cell near = cell("same-zone").with(Axes.NODES, 3);
    assertThat(near.choice()).isEqualTo(PodChoice.ZONE_DRAW);
    assertThat(near.behindService()).isTrue();
    assertThat(near.otherLaw()).isFalse();
    assertThat(near.needs())
        .extracting(Need::ability)
        .containsExactlyInAnyOrder(Ability.SERVICE, Ability.IPTABLES, Ability.MADE_NODES);
    Course course = near.course();
    assertThat(
            near.with(
                    new Course(
                        course.phases(),
                        List.of(
                            new Event.Endpoints(EventKind.ADD_ENDPOINTS, 1, Duration.ofMillis(1))),
                        1))
                .needs())
        .contains(new Need("cure", "same-zone", Ability.OWN_NODES));
    assertThat(near.title()).endsWith(", 1 client on 3 nodes, same-zone");
    assertThat(near.with(Axes.DATA_PLANE, DataPlane.IPVS).choice())
        .isEqualTo(PodChoice.NODE_IN_TURN);
    assertThat(cell("session-affinity+same-zone").choice()).isEqualTo(PodChoice.CLIENT_PINNED);
    // clients may all be in one zone
    assertThat(Axes.NODES.refusal(near)).isEmpty();
    assertThat(Axes.CURE.refusal(near)).isEmpty();
    assertThat(Axes.CURE.refusal(cell("same-zone")).orElseThrow().allowed())
        .isEqualTo("same-zone with nodes: 2 or more, each of which is a zone");
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, session-affinity",
    "IPTABLES, 'round-robin+session-affinity'",
    "IPTABLES, 'envoy-least-request+session-affinity'"
  })
  void whoGoesPastTheServiceHasNoAffinity(DataPlane plane, String cure) {
    assertThat(Axes.CURE.refusal(cell(plane, Protocol.HTTP1, cure)).orElseThrow().allowed())
        .startsWith("session-affinity where clients go to pods by a Service's rules");
  }

  /** Errors are then its result: a message that crosses the pod's word is lost. */
  @Test
  void whatPodsGiveUpIsBroughtAbout() {
    assertThat(cell("max-age=5s").provoking()).isFalse();
    assertThat(cell("max-age=5s,by=server").provoking()).isTrue();
    assertThat(cell("max-age=5s").choice()).isEqualTo(PodChoice.DRAW);
    assertThat(cell("max-age=5s").otherLaw()).isFalse();
    assertThat(cell(DataPlane.DIRECT, Protocol.HTTP1, "max-age=5s").otherLaw()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP2, 'connections-per-client=2', it with http2",
    "SHORT_LIVED, 'max-requests=2', it with long-lived connections",
    "HTTP1, 'max-age=5s,by=proxy', by=proxy with one of Envoy's policies",
    "HTTP1, 'haproxy-leastconn+max-age=5s,by=proxy-to-pods', by=proxy-to-pods with one of Envoy's",
    "HTTP2, 'envoy-round-robin+max-age=5s,jitter=grpc,by=proxy', by=proxy with one of Envoy's",
    "WEBSOCKET, 'envoy-round-robin+max-age=5s,by=proxy', by=proxy with one of Envoy's",
    "GRPC_STREAM, weighted-round-robin, weighted-round-robin with grpc",
    "GRPC, 'weighted-round-robin,blackout=1s', a shorter blackout",
    "HTTP1, pick-first, 'pick-first with grpc, grpc-stream'",
    "GRPC, 'max-age=5s,by=server', max-age=1s or longer",
    "GRPC, 'max-age=500ms,jitter=grpc,by=server', max-age=1s or longer",
    "GRPC_STREAM, 'max-age=5s,max-requests=4,jitter=grpc,by=server', max-age=1s or longer"
  })
  void whatNobodyHasIsRefused(Protocol protocol, String cure, String allowed) {
    assertThat(Axes.CURE.refusal(cell(DataPlane.IPTABLES, protocol, cure)).orElseThrow().allowed())
        .startsWith(allowed);
  }

  @Test
  void aPolicyIsRefusedWhereTheClientHasNone() {
    assertThat(Axes.CURE.refusal(cell(DataPlane.IPTABLES, Protocol.WEBSOCKET, "least-request")))
        .hasValue(
            new Refusal(
                "found 'least-request' with protocol websocket",
                "least-request with http1, http2, grpc, grpc-stream, short-lived"));
    assertThat(Axes.CURE.refusal(cell(DataPlane.IPTABLES, Protocol.GRPC, "round-robin"))).isEmpty();
  }
}
