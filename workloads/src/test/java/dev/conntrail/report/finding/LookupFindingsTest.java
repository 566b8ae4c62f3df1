package dev.conntrail.report.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of lookups, from literal rows: as they are, and altered. */
class LookupFindingsTest {
  private static final GrowthRow WALK =
      TestRows.growth(Source.KERNEL, Lookup.IPTABLES_LEGACY, Target.LAST, 5.89, Trend.LINEAR);

  private static List<Finding> findings(List<GrowthRow> growth, RatioRow... ratios) {
    LookupRows rows = new LookupRows(growth, List.of(ratios));
    return Stream.of(WalkFindings.of(rows), HashFindings.of(rows)).flatMap(List::stream).toList();
  }

  private static Finding only(List<GrowthRow> growth, RatioRow... ratios) {
    assertThat(findings(growth, ratios)).hasSize(1);
    return findings(growth, ratios).getFirst();
  }

  private static GrowthRow doubted(Source source, Lookup lookup, Target target, Doubt doubt) {
    return TestRows.growth(
        source, lookup, Packet.FIRST, target, 5.89, Trend.CANNOT_TELL, Optional.of(doubt));
  }

  /** Every verdict, and every reason for none. */
  private static List<GrowthRow> every(Source source, Lookup lookup, Target target) {
    return Stream.concat(
            Arrays.stream(Trend.values())
                .filter(t -> t != Trend.CANNOT_TELL)
                .map(t -> TestRows.growth(source, lookup, target, 5.89, t)),
            Arrays.stream(Doubt.values()).map(d -> doubted(source, lookup, target, d)))
        .toList();
  }

  @Test
  void aWalkIsSaidWithItsPrice() {
    Finding finding =
        only(
            List.of(
                TestRows.growth(
                    Source.MODEL, Lookup.IPTABLES_LEGACY, Target.LAST, 4.5, Trend.GROWS),
                WALK));
    assertThat(finding.text())
        .isEqualTo(
            "In this machine's kernel a first packet pays for each Service before its own: through"
                + " iptables-legacy the cost of one to the last Service grows by 5.89 (5.88 to"
                + " 5.90) ns with each Service, from 1 to 2,000 Services. In the model it grows by"
                + " 4.50 (4.49 to 4.51) ns a Service on average, not along a line (3.50 to 5.50 ns"
                + " from one number of Services to the next), from 1 to 2,000 Services.");
    assertThat(finding.id()).isEqualTo("walk-iptables-legacy");
    assertThat(finding.tone()).isEqualTo(Tone.PLAIN);
    assertThat(finding.evidence().file()).isEqualTo("growth.csv");
    assertThat(finding.evidence().n())
        .contains(
            "this machine's kernel: 10 loads of rules of 5 numbers of Services",
            "the model: 10 forks of 5 numbers of Services");
  }

  /** The head is the verdict of the most real source; the others say theirs. */
  @Test
  void noHeadOfAWalkContradictsItsVerdict() {
    for (GrowthRow kernel : every(Source.KERNEL, Lookup.IPTABLES_NFT, Target.LAST)) {
      for (GrowthRow model : every(Source.MODEL, Lookup.IPTABLES_NFT, Target.LAST)) {
        Finding finding = only(List.of(model, kernel));
        String head = finding.text().substring(0, finding.text().indexOf(':'));
        assertThat(head)
            .as("%s %s", kernel.trend(), kernel.doubt())
            .isEqualTo(
                "In this machine's kernel "
                    + (kernel.grows()
                        ? "a first packet pays for each Service"
                        : kernel.trend() == Trend.CONSTANT
                            ? "a first packet does not pay for the Services"
                            : "it cannot be told whether a first packet pays for the Services")
                    + " before its own");
        assertThat(finding.text().contains("constant within"))
            .isEqualTo(kernel.trend() == Trend.CONSTANT || model.trend() == Trend.CONSTANT);
        assertThat(finding.text().contains("ns with each Service"))
            .isEqualTo(kernel.trend() == Trend.LINEAR || model.trend() == Trend.LINEAR);
        assertThat(finding.tone())
            .isEqualTo(
                kernel.grows()
                    ? Tone.PLAIN
                    : kernel.trend() == Trend.CONSTANT ? Tone.BAD : Tone.UNKNOWN);
      }
    }
  }

  /** Kernel rows missing, only a guest, only a model: no word of what is not there. */
  @Test
  void whatWasNotMeasuredIsNotSpokenOf() {
    for (Source source : Source.values()) {
      List<GrowthRow> growth = new ArrayList<>();
      for (Lookup lookup : Lookup.values()) {
        growth.add(TestRows.growth(source, lookup, Target.LAST, 1, Trend.CONSTANT));
        growth.add(TestRows.growth(source, lookup, Target.ANY, 1, Trend.CONSTANT));
      }
      assertThat(findings(growth))
          .hasSize(4)
          .allSatisfy(f -> {
            assertThat(f.text()).contains(GrowthText.source(source));
            Arrays.stream(Source.values())
                .filter(other -> other != source)
                .forEach(other ->
                    assertThat(f.text() + f.evidence().n())
                        .doesNotContain(GrowthText.source(other)));
          });
    }
    assertThat(findings(List.of())).isEmpty();
  }

  @Test
  void hashesAreToldByTheirVerdicts() {
    GrowthRow kernel =
        TestRows.growth(Source.KERNEL, Lookup.NFTABLES, Target.LAST, 0.02, Trend.CONSTANT);
    GrowthRow linear = TestRows.growth(Source.MODEL, Lookup.IPVS, Target.LAST, 3, Trend.LINEAR);
    GrowthRow unknown = doubted(Source.MODEL, Lookup.NFTABLES, Target.LAST, Doubt.DISTURBED);
    String subject =
        "Where Services are hashed, the first packet to one Service that is always the same ";
    assertThat(only(List.of(kernel)).text())
        .isEqualTo(
            subject
                + "does not pay for their number: nftables in this machine's kernel is constant"
                + " within 0.500 ns a Service: 0.0200 (0.0100 to 0.0300) ns, from 1 to 2,000"
                + " Services.");
    assertThat(only(List.of(kernel)).tone()).isEqualTo(Tone.GOOD);
    assertThat(only(List.of(kernel, unknown)).text())
        .startsWith(
            subject
                + "does not pay for their number in 1 of 2 measurements; of the others nothing can"
                + " be told: ")
        .contains("nftables in the model cannot be judged: other processes had CPU time");
    assertThat(only(List.of(kernel, unknown)).tone()).isEqualTo(Tone.UNKNOWN);
    assertThat(only(List.of(unknown)).text())
        .startsWith(subject + "may or may not pay for their number: nothing can be told: ");
    assertThat(only(List.of(kernel, linear)).text())
        .startsWith(subject + "pays for their number in 1 of 2 measurements: ")
        .contains("ipvs in the model grows by 3 (2.99 to 3.01) ns with each Service");
    assertThat(only(List.of(kernel, linear)).tone()).isEqualTo(Tone.BAD);
    assertThat(only(List.of(linear)).text()).startsWith(subject + "pays for their number: ");
  }

  /** Whatever the verdicts of two fits: the head says no more than they do. */
  @Test
  void noHeadOfHashesSaysMoreThanTheFits() {
    for (GrowthRow a : every(Source.KERNEL, Lookup.NFTABLES, Target.ANY)) {
      for (GrowthRow b : every(Source.GUEST_KERNEL, Lookup.IPVS, Target.ANY)) {
        Finding finding = only(List.of(a, b));
        String head = finding.text().substring(0, finding.text().indexOf(':'));
        assertThat(head.contains(" pays for their number")).isEqualTo(a.grows() || b.grows());
        assertThat(head.endsWith("does not pay for their number"))
            .isEqualTo(a.trend() == Trend.CONSTANT && b.trend() == Trend.CONSTANT);
        assertThat(finding.tone() == Tone.GOOD)
            .isEqualTo(a.trend() == Trend.CONSTANT && b.trend() == Trend.CONSTANT);
        assertThat(finding.tone() == Tone.PLAIN).isEqualTo(a.grows() || b.grows());
      }
    }
  }

  /** One hot Service and any Service: both are said, whichever way it came out. */
  @Test
  void anyServiceIsSaidAgainstOne() {
    List<GrowthRow> growth =
        List.of(
            TestRows.growth(Source.MODEL, Lookup.NFTABLES, Target.LAST, 0, Trend.CONSTANT),
            TestRows.growth(Source.MODEL, Lookup.NFTABLES, Target.ANY, 0.02, Trend.CONSTANT));
    List<Finding> both =
        findings(
            growth,
            TestRows.ratio(
                Comparison.ANY_TO_ONE_MODEL, Lookup.NFTABLES, Target.ANY, 10_000, 2.8, 2.6, 3),
            TestRows.ratio(
                Comparison.ANY_TO_ONE_KERNEL, Lookup.NFTABLES, Target.ANY, 2000, 1.01, 0.99, 1.03));
    assertThat(both)
        .extracting(Finding::id)
        .containsExactly("hashed-one-service", "hashed-any-service");
    assertThat(both.getLast().text())
        .contains("does not pay for their number")
        .endsWith(
            " Against one Service that is always the same, such a packet costs 2.80 times (2.60 to"
                + " 3) as much at 10,000 Services (the model of nftables); 1.01 times (0.990 to"
                + " 1.03) as much at 2,000 Services (nftables in this machine's kernel, of a whole"
                + " connect()), which may be no difference.");
    assertThat(both.getFirst().text()).doesNotContain("Against one Service");
  }

  @Test
  void layoutsOfNftablesAreToldWhereBothWereMeasured() {
    List<Finding> findings =
        findings(
            List.of(),
            TestRows.ratio(
                Comparison.LAYOUTS_MODEL, Lookup.NFTABLES_1_37, Target.LAST, 10_000, 1.4, 1.3, 1.5),
            TestRows.ratio(
                Comparison.LAYOUTS_KERNEL, Lookup.NFTABLES_1_37, Target.ANY, 2000, 1, 0.98, 1.02));
    assertThat(findings).extracting(Finding::id).containsExactly("nftables-layouts");
    assertThat(findings.getFirst().text())
        .isEqualTo(
            "In nftables mode a first packet costs in the layout of kube-proxy 1.34, against that of"
                + " 1.37: 1.40 times (1.30 to 1.50) as much to one Service at 10,000 Services (the"
                + " models); 1 times (0.980 to 1.02) as much to any Service at 2,000 Services (this"
                + " machine's kernel, of a whole connect()), which may be no difference.");
  }

  @Test
  void openConnectionsAreToldApart() {
    Finding finding =
        only(
            List.of(
                TestRows.growth(
                    Source.KERNEL,
                    Lookup.IPTABLES_NFT,
                    Packet.ESTABLISHED,
                    Target.LAST,
                    0.01,
                    Trend.CONSTANT,
                    Optional.empty()),
                TestRows.growth(
                    Source.KERNEL,
                    Lookup.IPTABLES_NFT,
                    Packet.ESTABLISHED,
                    Target.FIRST_AGAIN,
                    9,
                    Trend.LINEAR,
                    Optional.empty()),
                TestRows.growth(
                    Source.MODEL,
                    Lookup.IPVS,
                    Packet.ESTABLISHED,
                    Target.ANY,
                    0.01,
                    Trend.CONSTANT,
                    Optional.empty())));
    assertThat(finding.id()).isEqualTo("open-connection");
    assertThat(finding.text())
        .startsWith("A packet of an open connection does not pay for their number")
        .contains("iptables-nft in this machine's kernel", "ipvs in the model");
  }

  @Test
  void howLikeTheKernelAModelIsFollowsFromTheInterval() {
    assertThat(ratio(0.8, 0.77, 0.84))
        .isEqualTo(
            "The model of iptables-legacy grows 0.800 times (0.770 to 0.840) as much with each"
                + " Service as this machine's kernel: it is cheaper by 16 to 23 %.");
    assertThat(ratio(1.29, 1.1, 1.5)).endsWith(": it is dearer by 10 to 50 %.");
    assertThat(ratio(1.29, 0.9, 1.8))
        .endsWith(
            ": it is no dearer and no cheaper as far as can be told (from 10 % cheaper to 80 %"
                + " dearer).");
  }

  private static String ratio(double ratio, double low, double high) {
    return findings(
            List.of(WALK),
            TestRows.ratio(
                Comparison.MODEL_TO_KERNEL,
                Lookup.IPTABLES_LEGACY,
                Target.LAST,
                2000,
                ratio,
                low,
                high))
        .getLast()
        .text();
  }
}
