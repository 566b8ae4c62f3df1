/**
 * iptables mode: kube-proxy's rule text, the blob that the kernel makes of it, and the walk over
 * that blob.
 */
package dev.conntrail.model.iptables;
