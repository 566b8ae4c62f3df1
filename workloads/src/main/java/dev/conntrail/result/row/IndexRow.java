package dev.conntrail.result.row;

import dev.conntrail.spec.TestbedKind;
import java.time.Instant;
import java.util.List;

/** {@code results/index.csv}: one row a run. */
public record IndexRow(
    String folder,
    String run,
    Instant startedUtc,
    String experiment,
    List<TestbedKind> testbeds,
    RunStatus status,
    int cellsCount,
    int repetitionsCount,
    double durationS,
    String git) {}
