package dev.conntrail.echo;

import static dev.conntrail.echo.Http2Hex.block;
import static dev.conntrail.echo.Http2Hex.frame;
import static dev.conntrail.echo.Http2Hex.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.codec.Damage;
import dev.conntrail.spec.ClosedBy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no client says to the echo's own framing of HTTP/2 and gRPC, seeded: it is refused with its
 * reason or answered, and the next connection is answered. A handler that throws would close its
 * connection as the pod's own and say nothing.
 */
class EchoDamageTest {
  private static final int TIMES = 1_000;
  private static final int MOST_MEMORY = 16 << 20;

  /** The sniffer goes by these; what begins otherwise is HTTP/1.1. */
  private static final String BEGINNING = "PRI ";

  private static final String REST = "* HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String GET = "838684";
  private static final String UNARY = block("/conntrail.v1.Echo/Unary", "application/grpc");
  private static final String STREAM = block("/conntrail.v1.Echo/Stream", "application/grpc");

  @RegisterExtension static final ServedEcho ECHO = new ServedEcho();

  /** Something of all that the echo reads, well made. */
  private static String well() {
    return frame(4, 0, 0, "00010000000000040000ffff")
        + frame(8, 0, 0, "0000ffff")
        + frame(1, 5, 1, "828684400178" + "0179")
        + frame(1, 4, 3, GET)
        + frame(0, 9, 3, "02616200" + "00")
        + frame(1, 4, 5, UNARY)
        + frame(0, 1, 5, "0000000003" + "0a0161")
        + frame(1, 0, 7, STREAM.substring(0, 20))
        + frame(9, 4, 7, STREAM.substring(20))
        + frame(0, 0, 7, "00000000000000000001")
        + frame(2, 0, 7, "0000000010")
        + frame(0, 0, 7, "ff")
        + frame(6, 0, 0, "0123456789abcdef")
        + frame(8, 0, 7, "00000001")
        + frame(3, 0, 7, "00000008")
        + frame(1, 0x2d, 9, "01" + "0000000010" + "838684be" + "00")
        + frame(4, 1, 0, "");
  }

  /** Good frames, and frames whose parts do not belong together, in any order. */
  private static String frames(SplittableRandom random) {
    StringBuilder all = new StringBuilder(random.nextInt(8) == 0 ? "" : frame(4, 0, 0, ""));
    int stream = 1;
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      stream += 2 * random.nextInt(2);
      int on = random.nextInt(4) == 0 ? random.nextInt(9) : stream;
      all.append(
          switch (random.nextInt(8)) {
            case 0 -> frame(1, 4, on, random.nextBoolean() ? UNARY : STREAM);
            case 1 -> frame(0, random.nextInt(2), on, "0000000000".repeat(random.nextInt(20)));
            case 2 -> frame(4, 0, 0, "%04x%08x".formatted(random.nextInt(8), random.nextInt()));
            case 3 -> frame(8, 0, on, "%08x".formatted(random.nextInt()));
            case 4 -> frame(1, random.nextInt(64), on, GET + noise(random, 8));
            default -> frame(random.nextInt(11), random.nextInt(256), on, noise(random, 40));
          });
    }
    return all.toString();
  }

  private static String noise(SplittableRandom random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] inputOf(String kind, SplittableRandom random) {
    byte[] well = HexFormat.of().parseHex(hex(REST) + well());
    return switch (kind) {
      case "cut" -> Arrays.copyOf(well, random.nextInt(well.length + 1));
      case "damaged" -> Damage.done(well, random);
      default -> HexFormat.of().parseHex(hex(REST) + frames(random));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "damaged", "frames"})
  void whatNoClientSaysIsRefusedOrAnswered(String kind) throws Exception {
    SplittableRandom random = new SplittableRandom(16);
    ECHO.server().ledgers().getFirst().take();
    long before = 0;
    int refusals = 0;
    for (int i = 0; i < Damage.scaled(TIMES); i++) {
      ByteArrayOutputStream says = new ByteArrayOutputStream();
      says.writeBytes(BEGINNING.getBytes(ISO_8859_1));
      says.writeBytes(inputOf(kind, random));
      String as = kind + " " + i + ": " + HexFormat.of().formatHex(says.toByteArray());
      byte[] heard;
      try (RawClient client = new RawClient(ECHO.server())) {
        heard = client.saysLast(says.toByteArray());
      }
      assertThat(heard.length).as(as).isLessThan(Damage.MOST_HELD);
      anotherIsAnswered(as);
      PodLedger.Connection connection = ECHO.server().ledgers().getFirst().take().getFirst();
      boolean refused = refused(heard, as);
      refusals += refused ? 1 : 0;
      assertThat(closedBy(connection)).as(as).isEqualTo(refused ? ClosedBy.POD : ClosedBy.CLIENT);
      before = i == TIMES / 10 ? memory() : before;
    }
    assertThat(refusals > 0).as("what is just cut off is no error").isEqualTo(!kind.equals("cut"));
    assertThat(memory() - before).as("bytes held").isLessThan(MOST_MEMORY);
  }

  private static void anotherIsAnswered(String as) throws IOException {
    try (RawClient client = RawClient.http2(ECHO.server(), RawClient.SETTINGS)) {
      client.hex(frame(1, 5, 1, GET));
      assertThat(client.frame()).as(as).startsWith("1/4/1 88");
      assertThat(client.frame()).as(as).matches("0/1/1 pod-1 node-1 \\d+ 1");
    }
  }

  /** The pod hears of an end a little later than its kernel. */
  private static ClosedBy closedBy(PodLedger.Connection connection) throws InterruptedException {
    for (int i = 0; i < 60_000 && connection.closedBy() == ClosedBy.OPEN; i++) {
      Thread.sleep(1);
    }
    return connection.closedBy();
  }

  /** Whether the last of the frames, which are whole, is a GOAWAY that says why. */
  private static boolean refused(byte[] heard, String as) {
    boolean refused = false;
    int at = 0;
    while (at + 9 <= heard.length) {
      int length = (heard[at] & 0xff) << 16 | (heard[at + 1] & 0xff) << 8 | (heard[at + 2] & 0xff);
      refused = heard[at + 3] == 7 && heard[at + 16] != 0;
      at += 9 + length;
    }
    assertThat(at).as(as).isEqualTo(heard.length);
    return refused;
  }

  private static long memory() {
    ByteBufAllocatorMetric metric =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
