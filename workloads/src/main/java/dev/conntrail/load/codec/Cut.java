package dev.conntrail.load.codec;

/** How much has come of something that was cut, in words. */
final class Cut {
  private Cut() {}

  /** So many bytes of something whose length nobody knows. */
  static String of(long came, String what) {
    return came + (came == 1 ? " byte of " : " bytes of ") + what;
  }

  /** So many bytes of something, with so many more to come. */
  static String of(long came, long left, String what) {
    long all = came + left;
    return came + " of " + all + (all == 1 ? " byte of " : " bytes of ") + what;
  }

  /**
   * What came of a reply in frames, and of one frame more that is not whole.
   *
   * @param reply in words; empty if nothing did
   * @param unused the bytes of that frame
   */
  static String framed(String reply, int unused) {
    if (unused == 0) {
      return reply;
    }
    return reply + (reply.isEmpty() ? "" : ", and ") + of(unused, "a frame");
  }
}
