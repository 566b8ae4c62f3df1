package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NameCacheTest {
  private final AtomicLong nowNs = new AtomicLong(-5);
  private final AtomicInteger asked = new AtomicInteger();
  private List<String> served = List.of("10.0.0.1", "10.0.0.2");
  private final NameCache names =
      new NameCache("echo.default:8080", Duration.ofSeconds(1), this::lookup, nowNs::get);

  private InetAddress[] lookup(String name) throws UnknownHostException {
    asked.incrementAndGet();
    assertThat(name).isEqualTo("echo.default");
    if (served.isEmpty()) {
      throw new UnknownHostException(name);
    }
    InetAddress[] all = new InetAddress[served.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = InetAddress.ofLiteral(served.get(i));
    }
    return all;
  }

  private static List<InetSocketAddress> at(String... addresses) {
    return List.of(addresses).stream()
        .map(a -> new InetSocketAddress(InetAddress.ofLiteral(a), 8080))
        .toList();
  }

  @Test
  void anAnswerIsKeptForItsTimeAndNoLonger() {
    assertThat(names.addresses()).isEqualTo(at("10.0.0.1", "10.0.0.2"));
    served = List.of("10.0.0.3");
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
    assertThat(names.addresses()).isEqualTo(at("10.0.0.1", "10.0.0.2"));
    assertThat(asked).hasValue(1);
    nowNs.incrementAndGet();
    assertThat(names.addresses()).isEqualTo(at("10.0.0.3"));
    assertThat(asked).hasValue(2);
  }

  @Test
  void whereNobodyAnswersWhatWasKnownIsKeptAndAskedForAgain() {
    names.addresses();
    served = List.of();
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(names.addresses()).isEqualTo(at("10.0.0.1", "10.0.0.2"));
    served = List.of("10.0.0.4");
    assertThat(names.addresses()).isEqualTo(at("10.0.0.4"));
    assertThat(asked).hasValue(3);
  }
}
