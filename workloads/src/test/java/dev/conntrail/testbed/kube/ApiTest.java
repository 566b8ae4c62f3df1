package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.testbed.TestbedException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ApiTest {
  private final AtomicInteger tries = new AtomicInteger();

  private Supplier<String> failing(int times, int code) {
    return () -> {
      if (tries.incrementAndGet() <= times) {
        throw new KubernetesClientException("the object has been modified", code, null);
      }
      return "written";
    };
  }

  @Test
  void whatSomebodyElseHasWrittenInBetweenIsEditedAnew() {
    assertThat(Api.edit("scale it", failing(3, 409))).isEqualTo("written");
    assertThat(tries).hasValue(4);
  }

  @Test
  void anEditThatNeverFitsIsGivenUp() {
    assertThatThrownBy(() -> Api.edit("scale it", failing(1000, 409)))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("cannot scale it: the object has been modified");
    assertThat(tries).hasValue(10);
  }

  @Test
  void whatIsRefusedIsNotTriedAgain() {
    assertThatThrownBy(() -> Api.edit("scale it", failing(1, 403)))
        .isInstanceOf(TestbedException.class);
    assertThat(tries).hasValue(1);
  }
}
