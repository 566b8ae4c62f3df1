package dev.conntrail.calibration;

import dev.conntrail.agent.Answer;
import dev.conntrail.agent.GuestWire;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.Remote;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures loads of rules in the kernel of a User-mode Linux guest. What runs beside them runs on
 * this machine, and only this machine sees it: from one load that the guest announces to the next.
 */
public final class GuestCalibration {
  private static final String FOUND = "found";
  private static final Duration START = Duration.ofMinutes(3);
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
    try (Remote there = Remote.start("the guest", new GuestWire(guest, out, LIMIT), START)) {
      there.tell(
          new Order.Calibrate(
              profile.word(), loads.stream().map(CalibrationPlan.Point::word).toList()));
      Answer answer = there.await(LIMIT);
      while (answer instanceof Answer.Said(String line)) {
        uses.add(MachineUse.now());
        progress.accept(line);
        answer = there.await(LIMIT);
      }
      uses.add(MachineUse.now());
      ((Answer.Files) answer).unpack(out.resolve(FOUND));
      return new RunFolder(out.resolve(FOUND))
          .rows(Tables.KERNEL).stream()
              .map(r -> r.of(run).as(r.load(), beside(uses, r.load())))
              .toList();
    } finally {
      FileTrees.delete(out);
    }
  }

  private static OtherWork beside(List<MachineUse> uses, int load) {
    return load < uses.size() ? uses.get(load).since(uses.get(load - 1)) : OtherWork.UNKNOWN;
  }
}
