/**
 * nf_tables: sets as the kernel picks them, programs of expressions, and the machine that runs
 * them. kube-proxy's nftables mode is one such program; iptables-nft makes another of iptables
 * rules.
 */
package dev.conntrail.model.nftables;
