/** Reads results and nothing else; writes the report. */
package dev.conntrail.report;
