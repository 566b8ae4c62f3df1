package dev.conntrail.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  private static final Pattern TEXT = Pattern.compile("([a-z-]+)=(\\d{1,9})@(\\d{1,9})ms");
  private static final String NONE = "none";

  /** {@code add-endpoints=5@1000ms}. */
  public String text() {
    return kind.word() + "=" + pods + "@" + at.toMillis() + "ms";
  }

  /** All of them, joined by {@code ;}, or {@code none}. */
  public static String text(List<Change> changes) {
    return changes.isEmpty()
        ? NONE
        : changes.stream().map(Change::text).collect(Collectors.joining(";"));
  }

  /**
   * What {@link #text(List)} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static List<Change> parse(String text) {
    if (text.equals(NONE)) {
      return List.of();
    }
    return Arrays.stream(text.split(";", -1))
        .map(part -> {
          Matcher m = TEXT.matcher(part);
          return Optional.of(m)
              .filter(Matcher::matches)
              .flatMap(_ -> Named.find(Kind.class, m.group(1)))
              .map(kind ->
                  new Change(
                      kind,
                      Integer.parseInt(m.group(2)),
                      Duration.ofMillis(Long.parseLong(m.group(3)))))
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "found '" + part + "'; allowed: WHAT=PODS@TIMEms, or none"));
        })
        .toList();
  }
}
