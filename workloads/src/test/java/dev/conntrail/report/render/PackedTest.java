package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PackedTest {
  @Test
  void whatIsPackedIsSmallerAndTheSameAgain() throws IOException {
    String text = "µ = </script>\n".repeat(1000);
    String packed = Packed.of(text);
    assertThat(packed).hasSizeLessThan(text.length() / 20).isEqualTo(Packed.of(text));
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }
}
