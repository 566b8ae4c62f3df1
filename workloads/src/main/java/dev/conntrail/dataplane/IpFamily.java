package dev.conntrail.dataplane;

import dev.conntrail.spec.Named;

/** An IP family, with the words that Kubernetes and nft use for it. */
public enum IpFamily implements Named {
  IPV4("IPv4", "ip", "ipv4_addr", "ip daddr != 127.0.0.0/8"),
  IPV6("IPv6", "ip6", "ipv6_addr", "ip6 daddr != ::1");

  private final String word;
  final String nft;
  final String nftAddressType;
  final String nftNotLocalhost;

  IpFamily(String word, String nft, String nftAddressType, String nftNotLocalhost) {
    this.word = word;
    this.nft = nft;
    this.nftAddressType = nftAddressType;
    this.nftNotLocalhost = nftNotLocalhost;
  }

  @Override
  public String word() {
    return word;
  }

  /** The family of an address or a prefix in text form. */
  public static IpFamily of(String address) {
    return address.indexOf(':') >= 0 ? IPV6 : IPV4;
  }
}
