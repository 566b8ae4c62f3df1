package dev.conntrail.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleListTest {
  private final int[] addresses =
      new Random(1).ints(0, 1 << 20).distinct().limit(501).map(i -> 0x0A600000 | i).toArray();
  private final RuleList rules = new RuleList(java.util.Arrays.copyOf(addresses, 500));

  @Test
  void everyServiceIsFoundAtItsPlace() {
    for (int i = 0; i < rules.size(); i++) {
      assertThat(rules.match(addresses[i], 6, 80)).isEqualTo(i);
    }
  }

  @Test
  void anUnknownAddressProtocolOrPortMatchesNothing() {
    assertThat(rules.match(addresses[500], 6, 80)).isEqualTo(-1);
    assertThat(rules.match(addresses[7], 17, 80)).isEqualTo(-1);
    assertThat(rules.match(addresses[7], 6, 81)).isEqualTo(-1);
  }
}
