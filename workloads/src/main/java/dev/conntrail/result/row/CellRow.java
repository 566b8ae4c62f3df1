package dev.conntrail.result.row;

import dev.conntrail.spec.Axes;
import dev.conntrail.spec.AxisValues;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.TestbedKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code cells.csv}: one row a cell, with all its axes. */
public record CellRow(
    String run,
    CellId cellId,
    int number,
    String title,
    String cell,
    int block,
    TestbedKind testbed,
    DataPlane dataPlane,
    Optional<IptablesBackend> iptablesBackend,
    Optional<IpvsScheduler> ipvsScheduler,
    Optional<KubeProxy> kubeProxy,
    @Inline AskedOf asked,
    @Inline Lengths lengths,
    int repetitionsCount) {

  /** What is asked of the data plane, whichever it is. */
  public record AskedOf(
      Protocol protocol,
      Pooling pooling,
      Opening opening,
      KeepAlive keepAlive,
      Cure cure,
      int connectionsCount,
      int podsCount,
      int clientsCount,
      int nodesCount,
      LoadModel rate,
      AxisValues settings,
      Events events) {
    public AskedOf {
      atLeastOne("connections_count", connectionsCount);
      atLeastOne("pods_count", podsCount);
      atLeastOne("clients_count", clientsCount);
      atLeastOne("nodes_count", nodesCount);
    }

    private static void atLeastOne(String column, int found) {
      if (found < 1) {
        throw new IllegalArgumentException(column + ": found " + found + "; allowed: 1 or more");
      }
    }
  }

  /** How long the phases are. */
  public record Lengths(long warmupMs, long idleMs, long measureMs, long drainMs) {}

  /**
   * The row of a cell.
   *
   * @param number its place in the run, from 1
   * @param block its block of the matrix, from 1
   */
  public static CellRow of(String run, int number, int block, TestbedKind testbed, Cell cell) {
    Phases p = cell.course().phases();
    return new CellRow(
        run,
        cell.id(),
        number,
        cell.title(),
        cell.key(),
        block,
        testbed,
        cell.dataPlane(),
        cell.plane().backend(),
        cell.plane().scheduler(),
        cell.find(Axes.KUBE_PROXY).filter(_ -> Axes.KUBE_PROXY.appliesTo(cell)),
        new AskedOf(
            cell.protocol(),
            cell.pooling(),
            cell.opening(),
            cell.keepAlive(),
            cell.cure(),
            cell.connections(),
            cell.pods(),
            cell.clients(),
            cell.nodes(),
            cell.load(),
            cell.settings(),
            new Events(cell.course().events())),
        new Lengths(
            p.warmup().toMillis(),
            p.idle().toMillis(),
            p.measure().toMillis(),
            p.drain().toMillis()),
        cell.course().repetitions());
  }

  /** The cell of the row. */
  public Cell toCell() {
    AxisValues values =
        asked
            .settings()
            .with(Axes.DATA_PLANE, dataPlane)
            .with(Axes.IPTABLES_BACKEND, iptablesBackend.orElse(IptablesBackend.AUTO))
            .with(Axes.IPVS_SCHEDULER, ipvsScheduler.orElse(IpvsScheduler.RR))
            .with(Axes.KUBE_PROXY, kubeProxy.orElse(KubeProxy.DEFAULT))
            .with(Axes.PROTOCOL, asked.protocol())
            .with(Axes.POOLING, asked.pooling())
            .with(Axes.OPENING, asked.opening())
            .with(Axes.KEEP_ALIVE, asked.keepAlive())
            .with(Axes.CURE, asked.cure())
            .with(Axes.CONNECTIONS, asked.connectionsCount())
            .with(Axes.PODS, asked.podsCount())
            .with(Axes.CLIENTS, asked.clientsCount())
            .with(Axes.NODES, asked.nodesCount())
            .with(Axes.RATE, asked.rate());
    Phases phases =
        new Phases(
            Duration.ofMillis(lengths.warmupMs()),
            Duration.ofMillis(lengths.idleMs()),
            Duration.ofMillis(lengths.measureMs()),
            Duration.ofMillis(lengths.drainMs()));
    return new Cell(values, new Course(phases, asked.events().list(), repetitionsCount));
  }

  /** What happens to the Service, as one column. */
  public record Events(List<Event> list) {
    /** What {@link #toString()} wrote. */
    public static Events parse(String text) {
      return new Events(Event.parse(text));
    }

    @Override
    public String toString() {
      return Event.text(list);
    }
  }
}
