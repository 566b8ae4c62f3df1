package dev.conntrail.load.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Feeds wires what no server says: seeded, so many times, in random pieces. With {@code
 * -Dconntrail.fuzz=N} N times as often. What no client says is made in the same way.
 */
public final class Damage {
  private static final int SCALE = Integer.getInteger("conntrail.fuzz", 1);

  /** What a wire may hold back of what came, or of a reply that has not ended, or say, in bytes. */
  public static final int MOST_HELD = 256 * 1024;

  private Damage() {}

  /** How often something is done that is to be done so often. */
  public static int scaled(int times) {
    return times * SCALE;
  }

  /** Good bytes with some of them changed, taken out or doubled. */
  static void of(byte[] well, int times, Supplier<Talk> talks) {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < scaled(times); i++) {
      pieces(done(well, random), random, talks.get());
    }
  }

  /** Good bytes with a few of them changed, taken out or doubled, at random. */
  public static byte[] done(byte[] well, SplittableRandom random) {
    byte[] bad = well.clone();
    for (int j = random.nextInt(4); j >= 0; j--) {
      int at = random.nextInt(bad.length);
      bad =
          switch (random.nextInt(4)) {
            case 0 -> set(bad, at, random.nextInt(256));
            case 1 -> set(bad, at, bad[at] ^ 1 << random.nextInt(8));
            case 2 -> joined(bad, at, at + random.nextInt(bad.length - at));
            default -> joined(bad, Math.max(1, at), random.nextInt(Math.max(1, at)));
          };
    }
    return bad;
  }

  private static byte[] set(byte[] in, int at, int value) {
    in[at] = (byte) value;
    return in;
  }

  /** The first so many, and those from there on. */
  private static byte[] joined(byte[] in, int first, int from) {
    byte[] out = Arrays.copyOf(in, Math.max(1, first + in.length - from));
    System.arraycopy(in, from, out, first, Math.min(in.length - from, out.length - first));
    return out;
  }

  /** Random bytes. */
  static void noise(int times, SplittableRandom random, Supplier<Talk> talks) {
    for (int i = 0; i < scaled(times); i++) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      pieces(bytes, random, talks.get());
    }
  }

  private static void pieces(byte[] all, SplittableRandom random, Talk talk) {
    for (int at = 0; at < all.length; ) {
      int n = Math.min(all.length - at, 1 + random.nextInt(40));
      boolean goesOn = talk.comes(Arrays.copyOfRange(all, at, at + n));
      assertThat(talk.waiting() + talk.out.length()).isLessThan(MOST_HELD);
      if (!goesOn) {
        return;
      }
      at += n;
    }
    talk.ends();
  }
}
