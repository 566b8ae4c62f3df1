package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OtherStatusTest {
  @Test
  void whatIsAskedForCanBeMended() {
    assertThat(OtherStatus.ofEcho(404))
        .isEqualTo(
            "HTTP status 404; mend: of another server --path, --method and --header say what is asked");
    assertThat(OtherStatus.of(404))
        .isEqualTo(
            "HTTP status 404; mend: another --path, --method or --header; where that is an answer, --expect-status 404");
  }

  @Test
  void aServersOwnTroubleCanNot() {
    assertThat(OtherStatus.ofEcho(503)).isEqualTo("HTTP status 503");
    assertThat(OtherStatus.of(503))
        .isEqualTo("HTTP status 503; mend: where that is an answer, --expect-status 503");
  }
}
