package dev.conntrail.experiment;

import dev.conntrail.result.Adoption;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cells of a run that run within a guest: its results are taken over, whatever there is. */
final class GuestCells {
  /** How progress of a run is said where there is no terminal. */
  private static final Pattern REPETITION = Pattern.compile("\\d+/\\d+ (.*); [^;]* left");

  private final RunRecord record;
  private final Progress progress;
  private String lastSaid = "";

  private GuestCells(RunRecord record, Progress progress) {
    this.record = record;
    this.progress = progress;
  }

  /** Boots the guest, runs the cells in it, takes over what it leaves. */
  static void run(
      Experiment experiment,
      RunOptions options,
      RunRecord record,
      Progress progress,
      Cancellation cancellation)
      throws IOException {
    UmlGuest guest = options.guest().orElseThrow();
    GuestCells cells = new GuestCells(record, progress);
    progress.say("booting " + guest.kernel());
    double bootedMs = record.nowMs();
    record.log(Step.GUEST_BOOT, guest.kernel().getFileName().toString());
    List<Cell> asked = record.cells().askedOn(TestbedKind.UML);
    try {
      Optional<RunFolder> results =
          GuestRun.run(
              guest,
              new GuestRun.Order(
                  experiment, asked, record.run(), options.rulesEdit(), options.echoDelay()),
              record.folder().guest(),
              cancellation,
              cells::said);
      if (results.isEmpty()) {
        throw new TestbedException(
            "the guest gave no results"
                + (cells.lastSaid.isEmpty() ? "" : "; the last that it said: " + cells.lastSaid));
      }
      record.adopt(results.get(), bootedMs);
      FileTrees.delete(record.folder().guest());
    } finally {
      Adoption.adoptLeft(record.folder());
      record.log(Step.GUEST_OFF);
    }
  }

  /** A line of the run within the guest: its progress is this run's. */
  private void said(String line) {
    lastSaid = line;
    Matcher repetition = REPETITION.matcher(line);
    if (repetition.matches()) {
      progress.repetition(record.ended(), record.cells().tries(), repetition.group(1));
    } else {
      progress.say("guest: " + line);
    }
  }
}
