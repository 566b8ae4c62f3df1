package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  @ValueSource(strings = {"none", "round-robin", "least-request,learning=once"})
  void aCureIsReadAsItIsWritten(String text) {
    assertThat(Cure.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "colour",
        "round-robin,",
        "round-robin,learning=never",
        "round-robin,learning=once,learning=once"
      })
  void whatIsNoneIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Cure.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none, ")
        .hasMessageContaining("round-robin")
        .hasMessageContaining("learning=watch");
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

  @Test
  void aPolicyIsRefusedWhereTheClientHasNone() {
    assertThat(Axes.CURE.refusal(cell(DataPlane.IPTABLES, Protocol.WEBSOCKET, "least-request")))
        .hasValue(
            new Refusal(
                "found 'least-request' with protocol websocket",
                "least-request with http1, http2, short-lived"));
    assertThat(Axes.CURE.refusal(cell(DataPlane.IPTABLES, Protocol.GRPC, "round-robin"))).isEmpty();
  }
}
