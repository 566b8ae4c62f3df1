package dev.conntrail.calibration;

import dev.conntrail.experiment.GuestRun;
import dev.conntrail.result.Csv;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Beside;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Measures loads of rules in the kernel of a User-mode Linux guest. What runs beside them runs on
 * this machine, and only this machine sees it: from one load that the guest announces to the next.
 */
public final class GuestCalibration {
  private static final String FOUND = "found";
  private static final Duration LIMIT = Duration.ofHours(1);

  private GuestCalibration() {}

  /**
   * Boots a guest, measures, powers it off.
   *
   * @param run the run's name, which all rows carry
   * @param profile which says how long each load is measured
   * @param progress is told what the guest says
   */
  public static List<KernelRow> run(
      UmlGuest guest,
      String run,
      List<CalibrationPlan.Point> loads,
      CalibrationPlan.Profile profile,
      Consumer<String> progress)
      throws IOException {
    Path out = Files.createTempDirectory("conntrail-guest");
    List<MachineUse> uses = new ArrayList<>();
    try {
      UmlGuest.Done done =
          guest.run(
              GuestRun.java(command(loads, profile)),
              out,
              LIMIT,
              line -> {
                if (Calibration.begins(line)) {
                  uses.add(MachineUse.now());
                }
                progress.accept(line);
              });
      uses.add(MachineUse.now());
      Path found = out.resolve(FOUND).resolve(Tables.KERNEL.file());
      if (done.code() != 0 || !Files.exists(found)) {
        throw new TestbedException("the guest could not calibrate: it ended with " + done.code());
      }
      return Csv.read(found, KernelRow.class).stream()
          .map(r -> r.of(run).as(r.load(), beside(uses, r.load())))
          .toList();
    } finally {
      FileTrees.delete(out);
    }
  }

  private static List<String> command(
      List<CalibrationPlan.Point> loads, CalibrationPlan.Profile profile) {
    return List.of(
        "calibrate",
        "--profile",
        profile.word(),
        "--loads",
        loads.stream().map(CalibrationPlan.Point::word).collect(Collectors.joining(",")),
        GuestRun.THERE + FOUND);
  }

  private static Beside beside(List<MachineUse> uses, int load) {
    return load < uses.size() ? uses.get(load).since(uses.get(load - 1)) : Beside.UNKNOWN;
  }
}
