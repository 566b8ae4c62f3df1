/**
 * A static site of runs: reports under addresses that stay, with their files; an index, trends and
 * a feed that are made anew with each run that comes to it.
 */
package dev.conntrail.site;
