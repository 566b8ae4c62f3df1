/** Reads results and nothing else; a report is a list of sections, drawn by a few renderers. */
package dev.conntrail.report;
