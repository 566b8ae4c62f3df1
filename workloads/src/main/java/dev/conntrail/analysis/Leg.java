package dev.conntrail.analysis;

import dev.conntrail.analysis.KernelTable.Answer;
import dev.conntrail.analysis.KernelTable.End;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A leg of the way from clients to pods: connections between two places, as both their ends and the
 * kernel in between have them. From client to pod there is one; a proxy in the middle makes two.
 *
 * @param from the ledger of those who opened them
 * @param to the counts of those who took them; {@code pod} is who
 * @param kernel who answers each of them, as the table has it; empty where there is none
 * @param kernelBefore ends that were in the table before the repetition
 * @param kernelSinceMs on the clock of the ledger: a connection that ended before then may have no
 *     entry any more; that of one which is open lasts for a day
 * @param direct whether each who takes them has its own address for those who open them
 * @param pinned whether all replies on one of them come from who took it: not, where that is a
 *     proxy, which may ask another pod for each request
 * @param unanswered requests that those who opened them sent and have no reply to, each as often as
 *     it was sent: as many may have been served and counted more
 */
public record Leg(
    List<ConnectionRow> from,
    List<EchoCount> to,
    Optional<Map<End, Answer>> kernel,
    Set<End> kernelBefore,
    double kernelSinceMs,
    boolean direct,
    boolean pinned,
    long unanswered) {}
