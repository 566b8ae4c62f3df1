package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorCountsTest {
  private final ErrorCounts errors = new ErrorCounts();

  @Test
  void aKindIsWhatTheFirstLineSays() {
    errors.add(new IOException("planted\nat length"));
    errors.add(new IOException("planted"));
    errors.add(new IllegalStateException("planted"));
    errors.add(new IOException());
    errors.add(new IOException(""));
    assertThat(errors.byKind())
        .isEqualTo(
            Map.of(
                "planted", 2L,
                "IllegalStateException: planted", 1L,
                "IOException", 2L));
  }

  /** A server may say something else each time. */
  @Test
  void kindsBeyondTheFirstAreCountedTogether() {
    int said = 10_000;
    for (int i = 0; i < said; i++) {
      errors.add(new IOException("no " + i));
      errors.add(new IOException("no 7"));
    }
    assertThat(errors.byKind())
        .hasSize(ErrorCounts.MOST + 1)
        .containsEntry("no 0", 1L)
        .containsEntry("no 499", 1L)
        .containsEntry("no 7", said + 1L)
        .containsEntry(ErrorCounts.OTHERS, (long) said - ErrorCounts.MOST)
        .doesNotContainKey("no 500");
  }
}
