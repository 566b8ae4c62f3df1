package dev.conntrail.experiment;

import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs each protocol once with each client that speaks it, straight to the pods, and forgets what
 * was seen: the just-in-time compiler works now, and not while the first cells are measured.
 */
final class Priming {
  private static final int CONNECTIONS = 10;

  /** How often code is run decides when it is compiled, and not how long it takes. */
  private static final int RATE = 2000;

  private static final Course COURSE =
      new Course(
          new Phases(Duration.ZERO, Duration.ZERO, Duration.ofMillis(600), Duration.ofSeconds(1)),
          List.of(),
          1);

  private record Spoken(ClientKind by, Protocol protocol) {}

  private Priming() {}

  static void run(Stage stage, List<Cell> cells, RunRecord record, Cancellation cancellation)
      throws IOException {
    RepetitionFolder scratch = new RepetitionFolder(record.folder().path().resolve("priming"));
    int clients = stage.clients().size();
    Set<Spoken> primed = new LinkedHashSet<>();
    for (Cell cell : cells) {
      if (primed.add(new Spoken(cell.client(), cell.protocol())) && !cancellation.cancelled()) {
        Cell straight =
            Cell.of(COURSE)
                .with(Axes.DATA_PLANE, DataPlane.DIRECT)
                .with(Axes.PROTOCOL, cell.protocol())
                .with(Axes.CLIENT, cell.client())
                .with(Axes.CONNECTIONS, Math.max(CONNECTIONS, clients))
                .with(Axes.PODS, cell.pods())
                .with(Axes.CLIENTS, clients)
                .with(Axes.RATE, new LoadModel.Constant(RATE));
        stage
            .load()
            .run(
                straight,
                record.at(straight, 0),
                _ -> stage.echo().addresses(cell.protocol()),
                scratch,
                _ -> {});
      }
    }
    stage.echo().take();
    if (Files.exists(scratch.path())) {
      FileTrees.delete(scratch.path());
    }
  }
}
