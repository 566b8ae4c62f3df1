package dev.conntrail.dataplane.objects;

/**
 * Objects that Kubernetes would not take. The message is one line: file, object, field, what was
 * found, what is allowed.
 */
public final class ObjectsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ObjectsException(String message) {
    super(message);
  }

  ObjectsException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A refusal.
   *
   * @param where file, and object and field where they are known
   * @param found as {@link Found} says it
   * @param allowed what would do
   */
  static ObjectsException of(String where, String found, String allowed) {
    return new ObjectsException(where + ": found " + found + "; allowed: " + allowed);
  }
}
