package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.iptables.Match;
import dev.conntrail.model.iptables.RecentLists;
import dev.conntrail.model.iptables.Rule;
import dev.conntrail.model.iptables.RuleText;
import dev.conntrail.model.iptables.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What iptables-nft 1.8.9 makes of iptables rules ({@code iptables/nft-ipv4.c}, {@code
 * nft_ipv4_add}): for each rule expressions for the interface, the protocol, the source, the
 * destination, then its matches, a counter, and the target. Ports become a load and a compare;
 * other matches and targets stay xtables extensions, called through {@code nft_compat}. A rule for
 * another address ends at its fourth expression.
 */
public final class IptablesNft {
  private static final int ALL = -1;
  private static final int SHORT = 0xffff;

  private final NftTable table = new NftTable();
  private final RecentLists lists = new RecentLists(1);
  private final List<byte[]> recentNames = new ArrayList<>();

  /** Translates one table. */
  public IptablesNft(RuleText text) {
    text.chains().forEach(this::replace);
  }

  /** Gives a chain other rules; a new chain is made. */
  public void replace(String name, List<Rule> rules) {
    NftTable.Rules made = table.new Rules();
    rules.forEach(rule -> add(made, rule));
    table.rules(table.chain(name), made);
  }

  /** A machine that begins in a chain. */
  public NftRouter router(String chain, Draws draws) {
    if (!table.has(chain)) {
      throw new IllegalArgumentException("there is no chain " + chain);
    }
    return new NftRouter(table, chain, draws, lists, recentNames.toArray(byte[][]::new));
  }

  private void add(NftTable.Rules rules, Rule rule) {
    Rule.Header h = rule.header();
    rules.rule();
    if (!h.inInterface().isEmpty()) {
      throw new IllegalArgumentException("-i " + h.inInterface() + " is not modelled");
    }
    if (h.protocol() != 0) {
      rules.expression(NftTable.Expression.META_PROTOCOL, 0).compare(0, h.protocol(), ALL, true);
    }
    address(rules, NftTable.Field.SOURCE, h.source(), h.notSource());
    address(rules, NftTable.Field.DESTINATION, h.destination(), h.notDestination());
    rule.matches().forEach(m -> match(rules, m));
    rules.expression(NftTable.Expression.COUNTER);
    target(rules, rule.target());
  }

  private static void address(
      NftTable.Rules rules, NftTable.Field field, Rule.Net net, boolean inverted) {
    if (net.mask() != 0) {
      rules
          .payload(field, 0)
          .compare(
              0, Integer.reverseBytes(net.address()), Integer.reverseBytes(net.mask()), !inverted);
    }
  }

  private void match(NftTable.Rules rules, Match match) {
    switch (match) {
      case Match.Comment _, Match.Count _ -> rules.expression(NftTable.Expression.MATCH_LARGE);
      case Match.Port p -> {
        if (p.port() >= 0 && p.protocol() != Packet.SCTP) {
          rules
              .payload(NftTable.Field.DESTINATION_PORT, 0)
              .compare(0, Short.reverseBytes((short) p.port()) & SHORT, ALL, true);
        } else {
          rules.expression(NftTable.Expression.MATCH_PORT, p.protocol(), p.port());
        }
      }
      case Match.Random r -> rules.expression(NftTable.Expression.MATCH_RANDOM, r.probability());
      case Match.Mark m ->
          rules.expression(
              NftTable.Expression.MATCH_MARK, m.value(), m.mask(), m.inverted() ? 1 : 0);
      case Match.Recent r -> {
        byte[] name = (r.list() + "\0").getBytes(StandardCharsets.US_ASCII);
        lists.declare(name, 0);
        recentNames.add(name);
        rules.expression(
            NftTable.Expression.MATCH_RECENT,
            recentNames.size() - 1,
            RecentLists.flags(r),
            r.seconds());
      }
      case Match.State s ->
          rules.expression(NftTable.Expression.MATCH_STATE, s.states(), s.inverted() ? 1 : 0);
      case Match.Local l -> rules.expression(NftTable.Expression.MATCH_LOCAL, l.ofSource() ? 1 : 0);
      case Match.Nth _ -> throw new IllegalArgumentException("statistic nth is not modelled");
    }
  }

  private void target(NftTable.Rules rules, Target target) {
    switch (target) {
      case Target.Continue _ -> {}
      case Target.Jump j ->
          rules.verdict(j.returns() ? NftTable.JUMP : NftTable.GOTO, table.chain(j.chain()));
      case Target.Verdict v ->
          rules.verdict(
              switch (v.word()) {
                case "ACCEPT" -> NftTable.ACCEPT;
                case "DROP" -> NftTable.DROP;
                default -> NftTable.RETURN;
              },
              0);
      case Target.Mark m -> rules.expression(NftTable.Expression.TARGET_MARK, m.value(), m.mask());
      case Target.Dnat d ->
          rules.expression(NftTable.Expression.TARGET_DNAT, d.address(), d.port());
      case Target.Masquerade _ -> rules.expression(NftTable.Expression.TARGET_MASQUERADE);
      case Target.Reject _ -> rules.expression(NftTable.Expression.REJECT);
    }
  }
}
