package dev.conntrail.analysis.trend;

/**
 * A place in a series before and after which values differ by more than chance.
 *
 * @param index of the first value after it, from 0
 * @param q how far both sides are apart: the scaled energy distance of their values
 * @param p of a permutation test: how often the same values in a random order are as far apart
 */
public record ChangePoint(int index, double q, double p) {}
