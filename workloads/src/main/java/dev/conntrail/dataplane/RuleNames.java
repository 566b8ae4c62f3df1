package dev.conntrail.dataplane;

import com.google.common.io.BaseEncoding;
import dev.conntrail.spec.Sha256;

/**
 * Names of chains and sets: base32 of a SHA-256 ({@code portProtoHash} in {@code
 * pkg/proxy/iptables/proxier.go}; {@code hashAndTruncate} in {@code
 * pkg/proxy/nftables/proxier.go}).
 */
final class RuleNames {
  /** The longest name that nft takes (256), less the longest prefix (16). */
  private static final int NFT_LONGEST = 256 - 16;

  private RuleNames() {}

  static String iptables(String prefix, ServicePort s) {
    return prefix + hash(s.nameText() + s.protocolLower()).substring(0, 16);
  }

  static String iptables(ServicePort s, Endpoint e) {
    return "KUBE-SEP-" + hash(s.nameText() + s.protocolLower() + e.text()).substring(0, 16);
  }

  static String nftables(String prefix, ServicePort s) {
    return prefix + hashed(nftBase(s));
  }

  static String nftables(String prefix, ServicePort s, Endpoint e) {
    return prefix + hashed(nftBase(s) + "__" + e.ip().replace(':', '.') + "/" + e.port());
  }

  private static String nftBase(ServicePort s) {
    return s.namespace() + "/" + s.service() + "/" + s.protocolLower() + "/" + s.portName();
  }

  private static String hashed(String name) {
    String full = hash(name).substring(0, 8) + "-" + name;
    return full.length() > NFT_LONGEST ? full.substring(0, NFT_LONGEST - 3) + "..." : full;
  }

  private static String hash(String text) {
    return BaseEncoding.base32().encode(Sha256.bytes(text));
  }
}
