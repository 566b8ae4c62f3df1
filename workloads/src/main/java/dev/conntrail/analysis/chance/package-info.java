/**
 * Is it chance? Tests of counts by pod against a fair draw, what they could have found, and what a
 * fair draw gives: pure functions of counts, which know nothing of runs, cells or files.
 *
 * <p>A fair draw puts n connections on k pods, each pod as likely as any other and each connection
 * for itself: the multinomial distribution with equal shares.
 */
package dev.conntrail.analysis.chance;
