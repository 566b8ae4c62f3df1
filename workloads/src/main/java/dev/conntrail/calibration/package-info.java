/**
 * What a Service costs in the kernel itself: connect() to the first and to the last of many
 * Services, alternating in one process, on the testbed netns.
 */
package dev.conntrail.calibration;
