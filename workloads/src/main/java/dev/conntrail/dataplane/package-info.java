/**
 * Rule text as kube-proxy 1.34 and 1.37 write it, a pure function of Services and EndpointSlices;
 * and how it is installed in a node, dumped and removed.
 */
package dev.conntrail.dataplane;
