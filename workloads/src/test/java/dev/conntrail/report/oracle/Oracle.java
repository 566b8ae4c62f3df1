package dev.conntrail.report.oracle;

import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.Answer;
import java.util.Optional;

/**
 * Says of every sentence of a report whether the tables bear it out. It knows the forms of
 * sentences and works every figure out anew; a sentence of a form that it does not know is a
 * failure.
 */
final class Oracle {
  private final Optional<Facts> beside;
  private final OfVerdicts verdicts;
  private final OfPods pods;
  private final OfTimes times;
  private final OfEffects effects;
  private final Facts facts;
  private final OfEvents events;
  private final OfRecord record;
  private final OfAnswer answer;
  private final OfSections sections;
  private final OfCures cures;

  /**
   * Of a run.
   *
   * @param beside a run on netns that lies beside it
   */
  Oracle(CsvText text, Optional<CsvText> beside) {
    this.facts = new Facts(text);
    Judge judge = new Judge(facts);
    this.beside = beside.map(Facts::new);
    this.verdicts = new OfVerdicts(facts, judge);
    this.pods = new OfPods(facts);
    this.times = new OfTimes(facts);
    this.effects = new OfEffects(facts);
    this.events = new OfEvents(facts);
    this.record = new OfRecord(facts);
    this.answer = new OfAnswer(facts, judge);
    this.cures = new OfCures(facts, judge);
    this.sections = OfSections.of(facts, judge, this.beside);
  }

  void check(Answer said) {
    answer.check(said);
  }

  void check(Answer.Line line) {
    answer.check(line);
  }

  void check(PageText text) {
    sections.check(text);
  }

  void check(Finding finding) {
    String text = finding.text();
    String id = finding.id();
    if (id.startsWith("cure-")) {
      cures.finding(id, text);
      return;
    }
    switch (id.replaceAll("-[0-9a-f]{8}(-\\d+)?$", "")) {
      case "not-chance" -> verdicts.notChance(text);
      case "chance" -> verdicts.chance(text);
      case "too-few" -> verdicts.tooFew(text);
      case "law-broken" -> verdicts.lawBroken(text);
      case "law-kept" -> verdicts.lawKept(text);
      case "law-untold" -> verdicts.lawUntold(text);
      case "planted-rules" -> verdicts.planted(text);
      case "not-judged" -> verdicts.notJudged(text);
      case "nodes" -> verdicts.nodes(text, false);
      case "nodes-not-chance" -> verdicts.nodes(text, true);
      case "nodes-not-tested" -> verdicts.nodesNotTested(text);
      case "idle-pods" -> pods.idle(text);
      case "evenness" -> pods.evenness(text);
      case "staying" -> pods.staying(text);
      case "shared-clients" -> pods.shared(text);
      case "hashing" -> pods.hashing(text);
      case "nodes-together" -> pods.nodesTogether(text);
      case "port-reuse" -> pods.portReuse(text);
      case "connect" -> times.connect(text);
      case "scatter" -> times.scatter(text);
      case "price" -> times.price(text);
      case "closed-loop" -> times.closedLoop(text);
      case "other-testbed" -> times.otherTestbed(text, beside.orElseThrow());
      case "other-testbed-times" -> times.otherTestbedTimes(text, beside.orElseThrow());
      case "scale-out" -> effects.scaleOut(id, text);
      case "event" -> events.cost(id, text);
      case "event-without-loss" -> new OfFreeEvents(facts).check(text);
      case "retries" -> new OfRetries(facts).check(id, text);
      case "pre-stop" -> new OfHooks(facts).check(id, text);
      case "silence" -> new OfSilence(facts).check(id, text);
      case "autoscaler" -> new OfAutoscaler(facts).check(text, events.side(id));
      case "autoscaler-alike" -> new OfAutoscaler(facts).alike(text);
      case "new-pods" -> events.joined(id, text);
      case "slow" -> cures.slow(id, text);
      case "anew" -> new OfRenewals(facts).finding(id, text);
      case "herd" -> new OfHerds(facts).finding(id, text);
      case "hunt" -> new OfHunts(facts).finding(id, text);
      case "proxies" -> cures.proxies(id, text);
      case "sidecars" -> new OfSidecars(facts).finding(id, text);
      case "held" -> new OfHeld(facts).finding(id, text);
      case "removal" -> effects.removal(id, text, "remove-endpoints");
      case "deletion" -> effects.removal(id, text, "delete-endpoints");
      case "ports-moved" -> effects.portsMoved(id, text);
      case "idle-connections" -> effects.idle(id, text);
      case "full-table" -> effects.fullTable(text);
      case "lost-requests" -> record.lost(text);
      case "witnesses" -> record.witnesses(text);
      case "proxy-counts" -> new OfMiddle(facts).finding(text);
      case "marks" -> record.marks(text);
      default -> throw new AssertionError("nobody knows whether it is true: " + id + ": " + text);
    }
  }

  /** The same finding with another text. */
  static Finding saying(Finding f, String text) {
    return new Finding(f.id(), f.tone(), text, f.figures(), f.evidence(), f.weight());
  }
}
