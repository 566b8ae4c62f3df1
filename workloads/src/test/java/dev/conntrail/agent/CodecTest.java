package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.posix.ProcessUse;
import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Exchange;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.ProxyPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static final EchoPod POD =
      new EchoPod(
          "pod-1", "node-1", "10.0.0.1", 8080, 9090, "/run/netns/pod-1", Duration.ofMillis(1500));

  private static final Backend BACKEND = new Backend("pod-1", "10.0.0.1", 8080);

  private static final Order.Cells CELLS =
      new Order.Cells(
          "experiment: \"ü\"\n\ttestbed",
          List.of(0, 2),
          "ct1",
          "a=>b\\d",
          Duration.ofMillis(50),
          Optional.of(KubeProxy.V1_34));

  static List<Order> orders() {
    return List.of(
        new Order.Clock(),
        new Order.Use(),
        new Order.Resolve("echo-headless"),
        new Order.Serve(List.of(POD)),
        new Order.Take(),
        new Order.Pause(List.of("pod-1", "pod-2"), Duration.ofSeconds(2)),
        new Order.Slow(List.of("pod-1"), Duration.ofNanos(1_500_001), Duration.ofMillis(2)),
        new Order.Stop(List.of("pod-1"), PodEnding.GOODBYE),
        new Order.Start(List.of()),
        new Order.Recycle(List.of("pod-1"), Cure.parse("max-age=1500ms,jitter=envoy,by=server")),
        new Order.Open(List.of("pod-1")),
        new Order.StartProxy(
            new ProxyPlan(
                ProxyPolicy.ENVOY_LEAST_REQUEST,
                "10.0.0.9",
                8080,
                true,
                List.of(BACKEND),
                new ProxyPlan.Limits(5, Duration.ofSeconds(3), 0.5),
                ProxyPlan.Limits.NONE,
                ProxyPlan.Options.NONE),
            List.of(BACKEND)),
        new Order.ServePods(List.of(BACKEND)),
        new Order.DrainProxy(Duration.ofSeconds(3)),
        new Order.StopProxy(),
        new Order.Run(
            new LoadPlan(
                new LoadPlan.Client("ct1", new CellId("00000001"), 2, "client-1", "node-1", 0, 3),
                LoadPlan.Callers.plain(
                    4, List.of("10.96.0.10:80"), Protocol.GRPC_STREAM, Pooling.SHARED),
                new LoadPlan.Schedule(
                    new LoadModel.Steps(List.of(500, 5)), Arrivals.POISSON, 11, -3),
                new Phases(
                    Duration.ofMillis(1), Duration.ZERO, Duration.ofSeconds(2), Duration.ZERO),
                ClientKind.LOOP,
                Exchange.ECHO)),
        new Order.Time(
            new TimerPlan(
                7,
                1,
                "/run/netns/client",
                List.of(new TimerPlan.Server("", "10.0.0.1", 80)),
                List.of(new TimerPlan.Aim(Target.FIRST_AGAIN, List.of("10.96.0.10"), 80)),
                1,
                2,
                3)),
        CELLS,
        new Order.Calibrate("quick", List.of("ipvs:1", "ipvs:250")),
        new Order.Endpoints(List.of("10.244.1.1:8080")),
        new Order.Begin(Long.MAX_VALUE),
        new Order.Drain(),
        new Order.Versions(),
        new Order.End());
  }

  static List<Answer> answers() {
    return List.of(
        new Answer.Refused("why \"not\"\nbecause"),
        new Answer.Clock(1_700_000_000_123_456_789L),
        new Answer.Used(new ProcessUse(1_234_567_890_123L, 4096, 8192)),
        new Answer.Serving(List.of(POD)),
        new Answer.ToldToEnd(),
        new Answer.LastWords(new Answer.Files("UEsFBg==")),
        new Answer.Connected(),
        new Answer.Addresses(List.of("10.0.0.1", "10.0.0.2")),
        new Answer.Done(),
        new Answer.Open(Map.of("pod-1", 3, "pod-2", 0)),
        new Answer.Files("UEsFBg=="),
        new Answer.Timed(
            List.of(
                new TimerPlan.Timed(1, Packet.FIRST, Target.LAST, 40, 20, 1.5, 2.5, 3.5, -0.25))),
        new Answer.Repetition(1, 7, "iptables, repetition 1"),
        new Answer.Said("FAILED x"),
        new Answer.Measured("20261122T180000Z_x"),
        new Answer.Programs(Map.of("envoy", "1.40.0", "haproxy", "2.6.12")));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void anOrderArrivesAsItWasGiven(Order order) {
    assertThat(Codec.line(order)).doesNotContain("\n");
    assertThat(Codec.order(Codec.line(order))).isEqualTo(order);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerArrivesAsItWasGiven(Answer answer) {
    assertThat(Codec.line(answer)).doesNotContain("\n");
    assertThat(Codec.answer(Codec.line(answer))).isEqualTo(answer);
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(CodecTest::records)
        : Stream.of(type);
  }

  @Test
  void allAreTried() {
    Set<Class<?>> tried = new HashSet<>();
    Stream.concat(orders().stream(), answers().stream()).forEach(o -> tried.add(o.getClass()));
    assertThat(Stream.of(Order.class, Answer.class).flatMap(CodecTest::records))
        .containsExactlyInAnyOrderElementsOf(tried);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "take /tmp/x",
        "{",
        "[]",
        "{}",
        "{\"order\":\"Fly\"}",
        "{\"order\":\"Run\"}",
        "{\"order\":\"Run\",\"plan\":null}",
        "{\"order\":\"Begin\"}",
        "{\"order\":\"Begin\",\"epochMs\":\"soon\"}",
        "{\"order\":\"Take\",\"file\":\"x\"}"
      })
  void whatIsNoWholeOrderIsRefused(String line) {
    assertThatThrownBy(() -> Codec.order(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a");
  }
}
