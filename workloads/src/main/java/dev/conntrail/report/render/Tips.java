package dev.conntrail.report.render;

import java.util.LinkedHashMap;
import java.util.Map;

/** What columns mean, each sentence once, however often a page has the column. */
public final class Tips {
  private final Map<String, String> ids = new LinkedHashMap<>();

  /** Where a sentence is in the page. */
  public String id(String sentence) {
    return ids.computeIfAbsent(sentence, _ -> "tip-" + (ids.size() + 1));
  }

  /** All that were asked for, with their places. */
  public Map<String, String> all() {
    return ids;
  }
}
