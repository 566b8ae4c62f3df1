package dev.conntrail.dataplane;

import dev.conntrail.spec.Named;

/** An IP family, with the words that Kubernetes, nft, iptables and ipset use for it. */
public enum IpFamily implements Named {
  IPV4(
      "IPv4",
      "ip",
      "ipv4_addr",
      "ip daddr != 127.0.0.0/8",
      "iptables-restore",
      "inet",
      "127.0.0.0/8",
      32),
  IPV6(
      "IPv6", "ip6", "ipv6_addr", "ip6 daddr != ::1", "ip6tables-restore", "inet6", "::1/128", 128);

  private final String word;
  final String nft;
  final String nftAddressType;
  final String nftNotLocalhost;
  final String restore;
  final String ipset;
  final String localhost;
  final int addressBits;

  IpFamily(
      String word,
      String nft,
      String nftAddressType,
      String nftNotLocalhost,
      String restore,
      String ipset,
      String localhost,
      int addressBits) {
    this.word = word;
    this.nft = nft;
    this.nftAddressType = nftAddressType;
    this.nftNotLocalhost = nftNotLocalhost;
    this.restore = restore;
    this.ipset = ipset;
    this.localhost = localhost;
    this.addressBits = addressBits;
  }

  @Override
  public String word() {
    return word;
  }

  /** The family of an address or a prefix in text form. */
  public static IpFamily of(String address) {
    return address.indexOf(':') >= 0 ? IPV6 : IPV4;
  }

  /** Whether mode iptables serves NodePorts on localhost: {@code route_localnet} is IPv4's only. */
  boolean localhostNodePorts() {
    return this == IPV4;
  }
}
