package dev.conntrail.load.codec;

/** What is said where whoever listens seems to speak another protocol. */
public final class OtherPort {
  private OtherPort() {}

  /** Why it seems so, and what mends it. */
  public static String mends(String why) {
    return why + "; mend: a port where it does, or another --protocol";
  }
}
