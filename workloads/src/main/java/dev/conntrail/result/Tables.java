package dev.conntrail.result;

import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.ClockRow;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.EchoRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.ErrorRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.HerdRow;
import dev.conntrail.result.row.HuntRow;
import dev.conntrail.result.row.IndexRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.LegsRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.result.row.PodBin;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.VerdictRow;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of a result folder: one record each, one observation a row. {@code results/README.md}
 * explains every column.
 */
public final class Tables {
  public static final Table<IndexRow> INDEX = new Table<>("index.csv", IndexRow.class);
  public static final Table<CellRow> CELLS = new Table<>("cells.csv", CellRow.class);
  public static final Table<SummaryRow> SUMMARY = new Table<>("summary.csv", SummaryRow.class);
  public static final Table<DistributionRow> DISTRIBUTION =
      new Table<>("distribution.csv", DistributionRow.class);
  public static final Table<ConnectionRow> CONNECTIONS =
      new Table<>("connections.csv", ConnectionRow.class);
  public static final Table<DisagreementRow> DISAGREEMENTS =
      new Table<>("disagreements.csv", DisagreementRow.class);
  public static final Table<EventRow> EVENTS = new Table<>("events.csv", EventRow.class);
  public static final Table<EffectRow> EFFECTS = new Table<>("effects.csv", EffectRow.class);
  public static final Table<AroundRow> AROUND = new Table<>("around.csv", AroundRow.class);
  public static final Table<NewPodRow> NEW_PODS = new Table<>("new_pods.csv", NewPodRow.class);
  public static final Table<RecoveryRow> RECOVERY = new Table<>("recovery.csv", RecoveryRow.class);
  public static final Table<LogRow> LOG = new Table<>("log.csv", LogRow.class);
  public static final Table<ClockRow> CLOCKS = new Table<>("clocks.csv", ClockRow.class);
  public static final Table<InstallRow> INSTALLS = new Table<>("installs.csv", InstallRow.class);
  public static final Table<VerdictRow> VERDICTS = new Table<>("verdicts.csv", VerdictRow.class);
  public static final Table<MatrixRow> MATRICES = new Table<>("matrices.csv", MatrixRow.class);
  public static final Table<CureRow> CURES = new Table<>("cures.csv", CureRow.class);
  public static final Table<HerdRow> HERDS = new Table<>("herds.csv", HerdRow.class);
  public static final Table<NewShareRow> NEW_SHARES =
      new Table<>("new_shares.csv", NewShareRow.class);
  public static final Table<HuntRow> HUNTS = new Table<>("hunts.csv", HuntRow.class);
  public static final Table<LegsRow> LEGS = new Table<>("legs.csv", LegsRow.class);
  public static final Table<ProxyCountRow> PROXY_COUNTS =
      new Table<>("proxy_counts.csv", ProxyCountRow.class);
  public static final Table<KernelRow> KERNEL = new Table<>("kernel.csv", KernelRow.class);
  public static final Table<JmhRow> JMH = new Table<>("jmh.csv", JmhRow.class);
  public static final Table<GrowthRow> GROWTH = new Table<>("growth.csv", GrowthRow.class);
  public static final Table<RatioRow> RATIOS = new Table<>("ratios.csv", RatioRow.class);
  public static final Table<IntervalRow> INTERVALS =
      new Table<>("intervals.csv", IntervalRow.class);
  public static final Table<ErrorRow> ERRORS = new Table<>("errors.csv", ErrorRow.class);
  public static final Table<CounterRow> COUNTERS = new Table<>("counters.csv", CounterRow.class);
  public static final Table<EchoRow> ECHO = new Table<>("echo.csv", EchoRow.class);

  /** Where the route leads through a proxy. */
  public static final Table<ProxiedRow> PROXIED = new Table<>("proxied.csv", ProxiedRow.class);

  public static final Table<ProcessRow> PROCESSES = new Table<>("processes.csv", ProcessRow.class);

  public static final Table<PodsOverTimeRow> PODS_OVER_TIME =
      new Table<>("pods_over_time.csv", PodsOverTimeRow.class);

  /** Of cells with events, and of each client, for whom it does not stay. */
  public static final Table<DueRow> DUE = new Table<>("due.csv", DueRow.class);

  /** What a client writes for {@link #PODS_OVER_TIME}; it does not stay. */
  public static final Table<PodBin> POD_BINS = new Table<>("pod-bins.csv", PodBin.class);

  /** Written, row by row, while a run goes on. */
  public static final List<Table<?>> OF_A_RUN =
      List.of(
          SUMMARY,
          DISTRIBUTION,
          CONNECTIONS,
          DISAGREEMENTS,
          EVENTS,
          EFFECTS,
          LOG,
          CLOCKS,
          INSTALLS);

  /** In the folder of each repetition. */
  public static final List<Table<?>> OF_A_REPETITION =
      List.of(INTERVALS, ERRORS, COUNTERS, ECHO, PROXIED, PODS_OVER_TIME, PROCESSES, DUE);

  /** Made from the others, anew by each report. */
  public static final List<Table<?>> DERIVED =
      List.of(
          VERDICTS,
          MATRICES,
          AROUND,
          NEW_PODS,
          RECOVERY,
          CURES,
          HERDS,
          NEW_SHARES,
          HUNTS,
          LEGS,
          PROXY_COUNTS,
          JMH,
          GROWTH,
          RATIOS);

  private Tables() {}

  /** All of them. */
  public static List<Table<?>> all() {
    return Stream.of(OF_A_RUN, OF_A_REPETITION, DERIVED, List.of(INDEX, CELLS, KERNEL))
        .flatMap(List::stream)
        .toList();
  }
}
