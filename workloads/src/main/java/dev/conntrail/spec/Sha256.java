package dev.conntrail.spec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256. */
public final class Sha256 {
  private Sha256() {}

  /** A digest to which bytes are given one after the other. */
  public static MessageDigest begun() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The digest of a text's UTF-8. */
  public static byte[] bytes(String text) {
    return begun().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same in 64 hexadecimal digits. */
  public static String of(String text) {
    return HexFormat.of().formatHex(bytes(text));
  }
}
