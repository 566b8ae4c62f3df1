/**
 * Both legs of a way through a proxy: what goes over each, and whether the proxy's own counters
 * tell the same as its log, the clients and the pods.
 */
package dev.conntrail.analysis.middle;
