/** What was seen around each event: in the seconds about it, of new pods, and until balance. */
package dev.conntrail.analysis.around;
