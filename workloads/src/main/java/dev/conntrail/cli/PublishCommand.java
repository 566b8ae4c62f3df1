package dev.conntrail.cli;

import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.RunFolder;
import dev.conntrail.site.Site;
import dev.conntrail.site.SiteOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds runs to a static site. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Add runs to a static site: reports under addresses that stay, with their files, an index, trends with change points, a feed, badges and pictures. What was published stays as it is; nothing is measured. The site opens from a file, and from any web space under any path.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail publish results --to site    all runs of a folder",
      "  conntrail publish results/20261122T180000Z_default_netns_abc123 --to site",
      "  conntrail publish results --to site --cell 'nftables http1' --cell 1f351fa5"
    })
final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RESULTS",
      arity = "1..*",
      description = "Result folders, or folders of result folders.")
  private List<Path> results;

  @Option(
      names = "--to",
      paramLabel = "SITE",
      required = true,
      description = "The site's folder; made if it is not there.")
  private Path site;

  @Option(
      names = "--cell",
      paramLabel = "ID",
      description =
          "Follow this cell in trends: its id, or words of its title; up to seven times. auto: of each data plane a cell whose connections last and one whose do not (default: the choice before, else auto).")
  private List<String> cells = List.of();

  @Option(
      names = "--replace",
      paramLabel = "RUN",
      description = "Publish this run anew, though it was published and its folder is altered.")
  private Set<String> replace = Set.of();

  @Option(
      names = "--url",
      paramLabel = "ADDRESS",
      description =
          "Where the site will be: feed and pictures for previews then have whole addresses (default: as before, else none).")
  private String url;

  @Option(
      names = "--aa",
      paramLabel = "DIR",
      description =
          "Identical runs of this machine, as aa stores them: comparisons of neighbours then have verdicts on times (default: none).")
  private Path aa;

  @Override
  public Integer call() throws IOException {
    WritableFolder.require(spec, "--to", site);
    SiteOptions options =
        new SiteOptions(Optional.ofNullable(url), cells, replace, Optional.ofNullable(aa));
    Site.Outcome outcome = new Site(site, Clock.systemUTC()).publish(folders(), options);
    ResultOwner.give(site);
    PrintWriter err = spec.commandLine().getErr();
    outcome.lacking().forEach(line -> err.println("conntrail: " + line));
    outcome.refused().forEach(line -> err.println("conntrail: " + line));
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "site: %s (%s; %s new, %s there already)%n",
        site.resolve("index.html").toAbsolutePath().normalize(),
        Numbers.counted((long) outcome.runs(), "run"),
        Numbers.count(outcome.added().size()),
        Numbers.count(outcome.kept().size()));
    out.flush();
    return outcome.refused().isEmpty() ? ExitCode.OK : ExitCode.USAGE;
  }

  /** Result folders as they were named, or as they lie in those that were. */
  private List<RunFolder> folders() throws IOException {
    List<RunFolder> all = new ArrayList<>();
    for (Path named : results) {
      List<RunFolder> found =
          new RunFolder(named).exists() ? List.of(new RunFolder(named)) : RunFolder.in(named);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            named
                + ": found no manifest.json, nor a folder that has one; allowed: result folders, as `run` writes them");
      }
      all.addAll(found);
    }
    return all;
  }
}
