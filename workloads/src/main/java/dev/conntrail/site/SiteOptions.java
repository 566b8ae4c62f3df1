package dev.conntrail.site;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a site; what is not said stays as it was.
 *
 * @param url where it will be
 * @param cells to follow in trends: ids, or words of titles; at most {@value Trends#MOST_CELLS};
 *     {@code auto} alone leaves the choice to the site again
 * @param replace runs to be published anew where their folders differ from what was published
 * @param aa identical runs of the machine, which comparisons of neighbours are widened by
 */
public record SiteOptions(
    Optional<String> url, List<String> cells, Set<String> replace, Optional<Path> aa) {
  public SiteOptions {
    if (cells.size() > Trends.MOST_CELLS) {
      throw new IllegalArgumentException(
          "--cell: found %d; allowed: up to %d".formatted(cells.size(), Trends.MOST_CELLS));
    }
    url.filter(u -> !u.matches("https?://\\S+"))
        .ifPresent(u -> {
          throw new IllegalArgumentException(
              "--url: found '" + u + "'; allowed: an address that begins with http:// or https://");
        });
  }
}
