package dev.conntrail.experiment;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.Answer;
import dev.conntrail.agent.GuestWire;
import dev.conntrail.agent.Order;
import dev.conntrail.agent.Signals;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentYaml;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs cells of an experiment within a guest. */
public final class CellsAgent implements AgentLoop.Agent {
  /** The folder of its results, in the folder that the guest may write. */
  static final String RESULTS = "results";

  /** Progress as answers. */
  private record Told(Consumer<Answer> answers) implements Progress {
    @Override
    public void say(String line) {
      answers.accept(new Answer.Said(line));
    }

    @Override
    public void repetition(int done, int all, String what) {
      answers.accept(new Answer.Repetition(done, all, what));
    }
  }

  @Override
  public void carryOut(Order order, Signals signals, Consumer<Answer> answers) throws IOException {
    if (!(order instanceof Order.Cells cells)) {
      throw AgentLoop.refusal(order, "Cells");
    }
    Cancellation cancellation = new Cancellation();
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                signals.stop().await();
                cancellation.cancel();
              } catch (InterruptedException _) {
                // the run has ended
              }
            });
    try {
      Experiment experiment = experiment(cells);
      Placement placement =
          Placement.of(experiment, true, Probe.within(experiment, cells.kubeProxy()));
      ExperimentRun.Ended ended =
          ExperimentRun.run(experiment, options(cells, placement), new Told(answers), cancellation);
      answers.accept(new Answer.Measured(ended.folder().path().getFileName().toString()));
    } finally {
      watch.interrupt();
    }
  }

  static Experiment experiment(Order.Cells order) {
    Experiment whole =
        new ExperimentYaml("experiment.yaml", order.source()).read(Optional.of(TestbedKind.UML));
    List<Cell> all = whole.cells();
    return whole.only(order.cells().stream().map(all::get).toList(), TestbedKind.UML);
  }

  static RunOptions options(Order.Cells order, Placement placement) {
    return new RunOptions(
        GuestWire.THERE.resolve(RESULTS),
        order.edit(),
        order.echoDelay(),
        List.of("guest"),
        Build.here().version(),
        placement,
        Optional.empty(),
        ClusterOptions.DEFAULT,
        order.run());
  }
}
