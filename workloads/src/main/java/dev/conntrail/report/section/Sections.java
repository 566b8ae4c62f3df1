package dev.conntrail.report.section;

import java.util.List;

/** The sections of a report, in order. */
public final class Sections {
  private Sections() {}

  /** All of them. */
  public static List<Section> all() {
    return List.of(
        new AnswerSection(),
        new CellsSection(),
        new ChangesSection(),
        new CuresSection(),
        new MiddleSection(),
        new SideBySideSection(),
        new LatencySection(),
        new ConnectSection(),
        new NodesSection(),
        new OtherTestbedSection(),
        new LookupsSection(),
        new TimelineSection(),
        new RulesSection(),
        new WitnessSection(),
        new MethodSection(),
        new EnvironmentSection(),
        new LimitsSection());
  }
}
