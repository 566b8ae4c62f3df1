/** The page of a comparison: of two runs, of cells of one, or of both sides of an ab. */
package dev.conntrail.report.comparison;
