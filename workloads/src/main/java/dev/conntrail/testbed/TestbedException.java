package dev.conntrail.testbed;

import java.util.Optional;

/** A testbed that cannot be had, or that broke: why, and what mends it where that is known. */
public final class TestbedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String why;
  private final String mend;

  public TestbedException(String why) {
    this(why, "", null);
  }

  public TestbedException(String why, Throwable cause) {
    this(why, "", cause);
  }

  /**
   * One that can be mended.
   *
   * @param mend what the user does about it: a command, or an option to take
   */
  public TestbedException(String why, String mend) {
    this(why, mend, null);
  }

  /** One that can be mended, if {@code mend} is not empty. */
  public TestbedException(String why, String mend, Throwable cause) {
    super(mend.isEmpty() ? why : why + "; mend: " + mend, cause);
    this.why = why;
    this.mend = mend;
  }

  /** What is wrong. */
  public String why() {
    return why;
  }

  /** What mends it; empty where that is not known. */
  public Optional<String> mend() {
    return Optional.of(mend).filter(m -> !m.isEmpty());
  }
}
