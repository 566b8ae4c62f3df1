package dev.conntrail.site;

import dev.conntrail.result.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * {@code site.json}: what a site keeps of itself.
 *
 * @param layout version of this file
 * @param feed the feed's own id, which stays
 * @param url where the site is, ending in a slash; empty where that was not said
 * @param cells to follow in trends, ids or words of titles; empty for a choice
 */
record SiteFile(int layout, String feed, String url, List<String> cells) {
  private static final List<String> AUTO = List.of("auto");
  private static final int LAYOUT = 1;
  private static final String FILE = "site.json";

  /** That of a site; a new one where there is none. */
  static SiteFile of(Path site) throws IOException {
    Path file = site.resolve(FILE);
    return Files.exists(file)
        ? Json.read(file, SiteFile.class)
        : new SiteFile(LAYOUT, UUID.randomUUID().toString(), "", List.of());
  }

  /** The same with what was asked for anew. */
  SiteFile with(SiteOptions options) {
    return new SiteFile(
        layout,
        feed,
        options.url().map(u -> u.endsWith("/") ? u : u + "/").orElse(url),
        options.cells().isEmpty()
            ? cells
            : options.cells().equals(AUTO) ? List.of() : options.cells());
  }

  void write(Path site) throws IOException {
    Json.write(site.resolve(FILE), this);
  }
}
