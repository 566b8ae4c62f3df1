/**
 * What cures of imbalance can be expected to do, before any is measured: pure functions of numbers
 * of connections, pods and seconds, which know nothing of runs, cells or files.
 *
 * <p>Connections are taken to choose their pod as kube-proxy's rules do: each for itself, every pod
 * as likely as any other. What that makes of counts at one moment is {@code analysis.chance}'s.
 */
package dev.conntrail.analysis.theory;
