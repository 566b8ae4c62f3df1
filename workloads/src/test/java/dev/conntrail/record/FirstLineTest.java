package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FirstLineTest {
  @Test
  void theFirstThatIsNotBlankIsShownInPrintableAscii() {
    assertThat(FirstLine.of("\r\n  a\tb\u00e9\u0000 \r\nc")).isEqualTo("a.b..");
    assertThat(FirstLine.of("x".repeat(41))).isEqualTo("x".repeat(40));
    assertThat(FirstLine.of(" \n")).isEmpty();
  }

  @Test
  void bytesAreACharacterEach() {
    byte[] bytes = "<a\u00e9>".getBytes(StandardCharsets.UTF_8);
    assertThat(FirstLine.of(bytes, 1, bytes.length)).isEqualTo("a..>");
    assertThat(FirstLine.of(bytes, 1, 1)).isEmpty();
  }
}
