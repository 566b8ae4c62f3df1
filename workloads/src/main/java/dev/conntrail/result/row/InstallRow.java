package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import java.util.Optional;

/** {@code installs.csv}: one row for each time that rules were loaded on a node. */
public record InstallRow(
    @Inline At at,
    Optional<String> node,
    DataPlane dataPlane,
    Optional<IptablesBackend> iptablesBackend,
    Optional<IpvsScheduler> ipvsScheduler,
    Optional<String> tool,
    long rulesCount,
    double loadMs,
    double removeMs,
    String rulesSha256) {}
