package dev.conntrail.site;

import com.rometools.rome.feed.atom.Content;
import com.rometools.rome.feed.atom.Entry;
import com.rometools.rome.feed.atom.Link;
import com.rometools.rome.feed.atom.Person;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** The runs of a site as an Atom feed (RFC 4287), the last that came to it first. */
final class Feed {
  static final String FILE = "feed.xml";

  private static final int MOST = 50;
  private static final String HTML = "text/html";

  private Feed() {}

  /** Writes it. */
  static void write(List<PublishedRun> runs, SiteFile site, Path file) throws IOException {
    List<PublishedRun> latest =
        runs.stream()
            .sorted(Comparator.comparing(PublishedRun::published).reversed())
            .limit(MOST)
            .toList();
    com.rometools.rome.feed.atom.Feed feed = new com.rometools.rome.feed.atom.Feed("atom_1.0");
    feed.setEncoding("UTF-8");
    feed.setId("urn:uuid:" + site.feed());
    feed.setTitle("Conntrail: where connections through a Service land");
    feed.setUpdated(
        Date.from(latest.stream().map(PublishedRun::published).findFirst().orElse(Instant.EPOCH)));
    Person author = new Person();
    author.setName("Conntrail");
    feed.setAuthors(List.of(author));
    List<Link> links = new ArrayList<>(List.of(link("alternate", HTML, site.url() + "index.html")));
    if (!site.url().isEmpty()) {
      links.add(link("self", "application/atom+xml", site.url() + FILE));
    }
    feed.setAlternateLinks(links.subList(0, 1));
    feed.setOtherLinks(links.subList(1, links.size()));
    feed.setEntries(latest.stream().map(r -> entry(r, site)).toList());
    try {
      Files.writeString(file, new WireFeedOutput().outputString(feed));
    } catch (FeedException e) {
      throw new IllegalStateException("the feed cannot be written: " + e.getMessage(), e);
    }
  }

  private static Entry entry(PublishedRun run, SiteFile site) {
    Entry entry = new Entry();
    entry.setId(
        "urn:uuid:"
            + UUID.nameUUIDFromBytes(
                (site.feed() + "/" + run.id()).getBytes(StandardCharsets.UTF_8)));
    entry.setTitle(run.experiment() + " on " + run.testbed() + ": " + run.verdict().text());
    entry.setPublished(Date.from(run.published()));
    entry.setUpdated(Date.from(run.published()));
    entry.setAlternateLinks(List.of(link("alternate", HTML, site.url() + run.page())));
    Content summary = new Content();
    summary.setType("text");
    summary.setValue(
        run.headline()
            + " Begun "
            + run.minute()
            + " UTC, "
            + run.status().word()
            + "; kernel "
            + run.platform().kernel()
            + "; kube-proxy "
            + run.platform().kubeProxy()
            + ".");
    entry.setSummary(summary);
    return entry;
  }

  private static Link link(String relation, String type, String address) {
    Link link = new Link();
    link.setRel(relation);
    link.setType(type);
    link.setHref(address);
    return link;
  }
}
