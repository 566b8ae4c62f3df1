package dev.conntrail.report.finding;

import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Tone;
import java.util.List;

/**
 * What a reader must know first, in order. What casts doubt on where connections landed comes
 * before everything; then what people run into: pods that idle, that stay idle after a scale-out,
 * clients that share one connection, connections that end because they idled, and what a mode
 * costs. What describes the measurement comes last.
 */
enum Rank {
  NOT_CHANCE,
  PLANTED,
  LAW_BROKEN,
  NODES_NOT_CHANCE,
  CHANGED_POD,
  LOST,
  WITNESSES_DIFFER,
  DOUBTFUL,
  IDLE_PODS,
  EVENT,
  SILENCE,
  RETRIES,
  HOOKS,
  SCALE_OUT,
  CURE,
  SHARED_CLIENT,
  AGEING,
  LOOKUPS,
  EVENNESS,
  CHANCE,
  REMOVAL,
  PRICE,
  HELD,
  STAYING,
  TOO_FEW,
  LAW_KEPT,
  NODES,
  HASHING,
  NODES_TOGETHER,
  NEW_PODS,
  AUTOSCALER,
  WITHOUT_LOSS,
  PORTS_MOVED,
  PORT_REUSE,
  FULL_TABLE,
  OTHER_TESTBED,
  CONNECT,
  SCATTER,
  MARKS,
  WITNESSES,
  NOTHING_LOST,
  CLOSED_LOOP,
  NOT_JUDGED;

  private static final int STEP = 10;

  /** The weight of findings of this rank: the greater the sooner it is read. */
  int weight() {
    List<Rank> order = List.of(values());
    return STEP * (order.size() - order.indexOf(this));
  }

  /** A finding of this rank. */
  Finding finding(String id, Tone tone, Sentence text, Finding.Evidence evidence) {
    return new Finding(id, tone, text.text(), text.figures(), evidence, weight());
  }
}
