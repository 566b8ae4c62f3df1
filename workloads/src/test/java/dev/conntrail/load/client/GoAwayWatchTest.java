package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class GoAwayWatchTest {
  private static byte[] frame(int type, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        new byte[] {
          (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, 0, 0, 0, 0, 1
        });
    for (int i = 0; i < length; i++) {
      bytes.write(7); // what lies within a frame is not a type
    }
    return bytes.toByteArray();
  }

  private static GoAwayWatch fed(byte[]... frames) {
    GoAwayWatch watch = new GoAwayWatch();
    for (byte[] frame : frames) {
      for (byte b : frame) {
        watch.read(b);
      }
    }
    return watch;
  }

  @Test
  void aGoAwayIsSeenAmongOtherFrames() {
    assertThat(fed(frame(4, 6), frame(0, 70_000), frame(1, 0), frame(7, 8)).seen()).isTrue();
  }

  @Test
  void nothingElseIsOne() {
    assertThat(fed(frame(4, 18), frame(0, 300), frame(1, 7), frame(8, 4), frame(6, 8)).seen())
        .isFalse();
  }
}
