package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelaysTest {
  @Test
  void eachIsDoneOnceWhenItsTimeHasCome() {
    List<String> done = new ArrayList<>();
    Delays delays = new Delays(100);
    assertThat(delays.turn(0)).isEqualTo(Long.MAX_VALUE);
    delays.add(() -> done.add("a"), 0);
    delays.add(() -> done.add("b"), 30);
    assertThat(delays.turn(99)).isEqualTo(100);
    assertThat(done).isEmpty();
    assertThat(delays.turn(100)).isEqualTo(130);
    assertThat(done).containsExactly("a");
    delays.add(() -> done.add("c"), 100);
    assertThat(delays.turn(300)).isEqualTo(Long.MAX_VALUE);
    assertThat(done).containsExactly("a", "b", "c");
  }

  /** One that is done may ask for another. */
  @Test
  void whatIsDoneMayAskAgain() {
    List<String> done = new ArrayList<>();
    Delays delays = new Delays(100);
    delays.add(
        () -> {
          done.add("a");
          delays.add(() -> done.add("again"), 150);
        },
        0);
    assertThat(delays.turn(150)).isEqualTo(250);
    assertThat(delays.turn(250)).isEqualTo(Long.MAX_VALUE);
    assertThat(done).containsExactly("a", "again");
  }
}
