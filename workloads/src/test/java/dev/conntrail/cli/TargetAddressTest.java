package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.7:80", "[::1]:8080", "127.0.0.1:9090"})
  void anAddressIsTakenAsItIs(String said) {
    TargetAddress target = TargetAddress.of(said).orElseThrow();
    assertThat(target.address()).isEqualTo(said);
    assertThat(target.named()).isFalse();
  }

  @Test
  void ofANameItsAddressIsTaken() {
    TargetAddress target = TargetAddress.of("localhost:8080").orElseThrow();
    assertThat(target.address()).isIn("127.0.0.1:8080", "[0:0:0:0:0:0:0:1]:8080");
    assertThat(target.named()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "",
        "localhost",
        "localhost:",
        "localhost:http",
        "http://localhost:80",
        "a b:80"
      })
  void whatIsNeitherIsNotTaken(String said) {
    assertThat(TargetAddress.of(said)).isEmpty();
  }
}
