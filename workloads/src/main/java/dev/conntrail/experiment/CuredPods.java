package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.spec.Cure;
import dev.conntrail.testbed.Place;
import java.util.List;

/** Pods that do their part of a cure, for as long as it is open. */
final class CuredPods implements AutoCloseable {
  private final Echo echo;
  private final List<Place> pods;
  private final Cure cure;
  private boolean begun;

  CuredPods(Echo echo, List<Place> pods, Cure cure) {
    this.echo = echo;
    this.pods = List.copyOf(pods);
    this.cure = cure;
  }

  void begin() {
    if (cure.byServer().isPresent()) {
      begun = true;
      echo.recycle(pods, cure);
    }
  }

  @Override
  public void close() {
    if (begun) {
      begun = false;
      echo.recycle(pods, Cure.NONE);
    }
  }
}
