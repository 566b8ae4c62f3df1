package dev.conntrail.spec;

/**
 * What somebody has to change for a cure.
 *
 * @param who has to
 * @param what it is
 */
public record Change(Who who, String what) {
  /** Whose code or set-up it is. */
  public enum Who implements Named {
    /** Who calls the Service. */
    CLIENT("client code"),
    /** Who serves it. */
    SERVER("server code"),
    /** Who runs both. */
    CLUSTER("cluster");

    private final String word;

    Who(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }
}
