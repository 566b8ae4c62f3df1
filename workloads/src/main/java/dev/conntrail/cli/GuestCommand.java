package dev.conntrail.cli;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.Answer;
import dev.conntrail.agent.GuestWire;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.Signals;
import dev.conntrail.calibration.CalibrationAgent;
import dev.conntrail.experiment.CellsAgent;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;

/** This program within a User-mode Linux guest. */
@Command(
    name = "guest",
    hidden = true,
    description = "Take orders in a User-mode Linux guest, as files of the folder that it shares.")
final class GuestCommand implements Callable<Integer> {
  @Override
  public Integer call() throws InterruptedException {
    AgentLoop.serve(GuestWire.orders(), System.out::println, GuestCommand::carryOut);
    return ExitCode.OK;
  }

  private static void carryOut(Order order, Signals signals, Consumer<Answer> answers)
      throws IOException {
    switch (order) {
      case Order.Cells _ -> new CellsAgent().carryOut(order, signals, answers);
      case Order.Calibrate _ -> new CalibrationAgent().carryOut(order, signals, answers);
      default -> throw AgentLoop.refusal(order, "Cells, Calibrate");
    }
  }
}
