package dev.conntrail.result.row;

import java.util.List;
import java.util.Optional;

/** {@code disagreements.csv}: one row for each connection on which the three witnesses differ. */
public record DisagreementRow(
    @Inline At at,
    String localAddress,
    int localPort,
    Optional<String> ledgerPod,
    Optional<String> echoPod,
    Optional<String> kernelPod,
    Optional<Long> ledgerRequestsCount,
    Optional<Long> echoRequestsCount,
    List<Difference> differences) {}
