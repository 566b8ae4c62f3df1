package dev.conntrail.experiment;

import dev.conntrail.agent.Load;
import dev.conntrail.analysis.Effects;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/** One repetition of a cell on a stage: rules, load, what all witnesses say, rows. */
final class RepetitionRun {
  private final Stage stage;
  private final TestbedKind testbed;
  private final RunRecord record;
  private final UnaryOperator<String> edit;
  private final Progress progress;
  private final Cancellation cancellation;

  /**
   * Those of a run on a stage.
   *
   * @param edit applied to the rules' text before it is loaded
   */
  RepetitionRun(
      Stage stage,
      TestbedKind testbed,
      RunRecord record,
      UnaryOperator<String> edit,
      Progress progress,
      Cancellation cancellation) {
    this.stage = stage;
    this.testbed = testbed;
    this.record = record;
    this.edit = edit;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /** A repetition that fails is kept under a name that says so, and the run goes on. */
  void attempt(Cell cell, int number) throws IOException {
    RepetitionFolder files = record.folder().repetition(cell.id(), number);
    Files.createDirectories(files.path());
    try {
      run(cell, record.at(cell, number), files);
    } catch (IOException | RuntimeException e) {
      files.fail(e.getMessage());
      record.log(Step.REPETITION_FAILED, String.valueOf(e.getMessage()));
      // Ctrl-C on a terminal ends programs that were just being started: that is no failure
      if (!cancellation.cancelled()) {
        String why = cell.title() + ", repetition " + number + ": " + e.getMessage();
        record.failed(why);
        progress.say("FAILED " + why);
      }
    }
  }

  private void run(Cell cell, At at, RepetitionFolder files) throws IOException {
    record.begins(at);
    try (Stage.Service service = stage.service(cell, edit);
        ProcessMeters meters = new ProcessMeters(cell, at, stage, service);
        EventTimeline events = new EventTimeline(cell, at, service, cancellation)) {
      record.log(Step.RULES_READY, cell.dataPlane().word());
      if (!service.rules().isEmpty()) {
        Files.writeString(files.rules(), service.rules());
      }
      LongConsumer begins =
          epochMs -> {
            events.start(epochMs);
            meters.start(epochMs);
          };
      Load.Outcome load = load(cell, at, service::targets, files, begins);
      List<EventRow> happened = events.finish();
      Witnessed witnessed =
          new Witnessed(
              cell,
              at,
              stage.pods(cell),
              stage.clients(),
              load,
              happened,
              service.kernel(),
              service.ipvs(),
              service.helpers(),
              Witnessed.Processes.of(meters.finish(), stage.load().use(cell.clients())),
              stage.echo().take());
      write(cell, RepetitionRows.merge(witnessed, files), happened);
      record.installed(testbed, cell, service.remove(at));
    }
  }

  private Load.Outcome load(
      Cell cell,
      At at,
      Function<Place, List<String>> targets,
      RepetitionFolder files,
      LongConsumer begins)
      throws IOException {
    record.log(Step.LOAD_START);
    Load.Outcome load = stage.load().run(cell, at, targets, files, begins);
    record.log(Step.LOAD_END);
    for (Map.Entry<Place, String> lost : load.lost().entrySet()) {
      progress.say("lost " + lost.getKey().name() + ": " + lost.getValue());
      record.log(Step.LOAD_LOST, lost.getValue());
    }
    return load;
  }

  private void write(Cell cell, RepetitionRows rows, List<EventRow> happened) throws IOException {
    RunFolder folder = record.folder();
    folder.append(Tables.CONNECTIONS, rows.connections());
    folder.append(Tables.DISTRIBUTION, rows.distribution());
    folder.append(Tables.DISAGREEMENTS, rows.disagreements());
    folder.append(Tables.EVENTS, happened);
    folder.append(
        Tables.EFFECTS,
        Effects.of(
            cell,
            happened,
            new Effects.Seen(rows.summary().at(), rows.connections(), rows.intervals())));
    folder.append(Tables.SUMMARY, List.of(rows.summary()));
  }
}
