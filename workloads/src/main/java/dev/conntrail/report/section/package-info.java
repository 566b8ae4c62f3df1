/** The sections of a report: each makes blocks from what a run shows, and knows no other. */
package dev.conntrail.report.section;
