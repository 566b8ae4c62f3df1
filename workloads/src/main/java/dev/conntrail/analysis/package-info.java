/** What chance explains: pure functions of counts, and the rows that follow from them. */
package dev.conntrail.analysis;
