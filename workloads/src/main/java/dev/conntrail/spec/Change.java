package dev.conntrail.spec;

import java.time.Duration;

/**
 * Something that happens to the Service while load runs.
 *
 * @param kind what
 * @param pods how many pods
 * @param at when, from the start of the measure phase
 */
public record Change(Kind kind, int pods, Duration at) {
  /** What may happen. */
  public enum Kind implements Named {
    /** Scale-out: pods that are ready join the Service. */
    ADD("add-endpoints"),
    /**
     * Endpoints leave the Service and their pods live on, as pods do that end gracefully. ipvs:
     * weight 0, as kube-proxy does while they have connections.
     */
    REMOVE("remove-endpoints"),
    /**
     * As {@link #REMOVE}, but ipvs forgets the real server at once, as kube-proxy does at the end
     * of graceful termination.
     */
    DELETE("delete-endpoints");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /** {@code add-endpoints=5@1000ms}. */
  public String text() {
    return kind.word() + "=" + pods + "@" + at.toMillis() + "ms";
  }
}
