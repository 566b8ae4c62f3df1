/**
 * What a run shows, in plain words. Each sentence is made from its verdict, so that it cannot
 * contradict its figures, and carries its evidence.
 */
package dev.conntrail.report.finding;
