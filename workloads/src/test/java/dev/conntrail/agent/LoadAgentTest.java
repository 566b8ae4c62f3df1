package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.RunSignals;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadAgentTest {
  @TempDir private Path folder;

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void whatStartingThrewAwayIsCollectedBeforeTheFirstPhase(ClientKind client)
      throws IOException, InterruptedException {
    Duration none = Duration.ZERO;
    Phases phases = new Phases(none, none, Duration.ofMillis(100), none);
    Cell cell =
        Cell.of(new Course(phases, List.of(), 1))
            .with(Axes.PROTOCOL, Protocol.SHORT_LIVED)
            .with(Axes.CLIENT, client)
            .with(Axes.CONNECTIONS, 1)
            .with(Axes.RATE, new LoadModel.Constant(10));
    LoadPlan plan = LoadPlan.of("ct0a1b2c", cell, 1, "client-1", "", 0, List.of("127.0.0.1:1"));
    AtomicLong atBegin = new AtomicLong();
    long before = collections();
    RunSignals signals =
        new RunSignals(
            new CountDownLatch(1),
            () -> {
              atBegin.set(collections());
              return System.nanoTime();
            });
    LoadAgent.run(plan, new ClientFolder(folder), signals);
    assertThat(atBegin.get()).isGreaterThan(before);
  }
}
