/** Whether two runs, or two cells, differ: what may be compared, tests, intervals, verdicts. */
package dev.conntrail.compare;
