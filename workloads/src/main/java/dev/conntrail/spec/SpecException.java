package dev.conntrail.spec;

/**
 * A spec that cannot be run. The message names the file, the line, the key, what was found and what
 * is allowed.
 */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SpecException(String message) {
    super(message);
  }

  public SpecException(String message, Throwable cause) {
    super(message, cause);
  }
}
