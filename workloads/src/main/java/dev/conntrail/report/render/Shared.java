package dev.conntrail.report.render;

import dev.conntrail.report.block.PageLink;
import java.util.List;

/**
 * What a page of a site takes from beside it, and does not carry itself.
 *
 * @param top the way to the site's top, empty or ending in a slash
 * @param assets style and scripts, which lie there once
 * @param links to other pages, on top of the page
 * @param picture address of the picture that goes with the page's address where that is passed on
 */
public record Shared(String top, Assets assets, List<PageLink> links, String picture) {}
