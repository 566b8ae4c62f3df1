package dev.conntrail.dataplane;

/** An IP family, with the words nft uses for it. */
public enum IpFamily {
  IPV4("ip", "ipv4_addr", "ip daddr != 127.0.0.0/8"),
  IPV6("ip6", "ipv6_addr", "ip6 daddr != ::1");

  final String nft;
  final String nftAddressType;
  final String nftNotLocalhost;

  IpFamily(String nft, String nftAddressType, String nftNotLocalhost) {
    this.nft = nft;
    this.nftAddressType = nftAddressType;
    this.nftNotLocalhost = nftNotLocalhost;
  }

  /** The family of an address or a prefix in text form. */
  public static IpFamily of(String address) {
    return address.indexOf(':') >= 0 ? IPV6 : IPV4;
  }
}
