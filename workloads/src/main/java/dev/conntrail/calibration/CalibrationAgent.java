package dev.conntrail.calibration;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.Answer;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.Signals;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Measures loads of rules within a guest. */
public final class CalibrationAgent implements AgentLoop.Agent {
  private static final String RUN = "guest";

  @Override
  public void carryOut(Order order, Signals signals, Consumer<Answer> answers) throws IOException {
    if (!(order instanceof Order.Calibrate(String profile, List<String> loads))) {
      throw AgentLoop.refusal(order, "Calibrate");
    }
    Path folder = Files.createTempDirectory("conntrail-calibration");
    try {
      new RunFolder(folder)
          .write(
              Tables.KERNEL,
              Calibration.run(
                  RUN,
                  loads.stream().map(CalibrationPlan.Point::parse).toList(),
                  CalibrationPlan.Profile.of(profile).effort(),
                  line -> answers.accept(new Answer.Said(line))));
      answers.accept(Answer.Files.of(folder));
    } finally {
      FileTrees.delete(folder);
    }
  }
}
