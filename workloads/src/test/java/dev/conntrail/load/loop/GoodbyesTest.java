package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class GoodbyesTest {
  private static final long LONG_NS = 60_000_000_000L;

  private final Goodbyes goodbyes = new Goodbyes();
  private final Ending link = new Ending();

  /** A socket of which only the end of the client's side is asked for. */
  private static final class Ending extends Link {
    private int ends;

    Ending() {
      super(null);
    }

    @Override
    int connected() {
      return 0;
    }

    @Override
    int receive(byte[] into, int at, int count) {
      return 0;
    }

    @Override
    int send(byte[] from, int at, int count) {
      return count;
    }

    @Override
    void awaitWritable(boolean on) {
      throw new UnsupportedOperationException();
    }

    @Override
    InetSocketAddress local() {
      throw new UnsupportedOperationException();
    }

    @Override
    void endWrites() {
      ends++;
    }

    @Override
    void close() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whoEndsFirstDoesSoAtOnce() {
    goodbyes.add(link, true);
    assertThat(link.ends).isOne();
    assertThat(goodbyes.turn(System.nanoTime() + LONG_NS)).isEqualTo(Long.MAX_VALUE);
    assertThat(link.ends).isOne();
  }

  /** A server may wait for the client, which waits for it. */
  @Test
  void aPeerThatDoesNotEndFirstIsWaitedForAWhile() {
    goodbyes.add(link, false);
    long atNs = goodbyes.turn(System.nanoTime());
    assertThat(atNs).isLessThan(Long.MAX_VALUE);
    assertThat(link.ends).isZero();
    goodbyes.turn(atNs);
    assertThat(link.ends).isOne();
  }

  @Test
  void whatThePeerHasEndedMeanwhileIsLeftAlone() {
    goodbyes.add(link, false);
    goodbyes.remove(link);
    goodbyes.turn(System.nanoTime() + LONG_NS);
    assertThat(link.ends).isZero();
  }
}
