/** Change points of a figure over runs: pure functions of a series of numbers. */
package dev.conntrail.analysis.trend;
