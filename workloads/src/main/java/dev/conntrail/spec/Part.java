package dev.conntrail.spec;

/** What an {@link Axis} says of a cell, in the order in which a title says it. */
public enum Part {
  /** What spreads connections, and what is set of that alone. */
  PLANE,
  /** Who calls, how, and how often. */
  CALLERS,
  /** When connections are opened. */
  OPENING,
  /** What is sent on idle connections; said after how long they are idle. */
  IDLING,
  /** What is done against imbalance beside the data plane. */
  CURE,
  /** How many pods and nodes there are. */
  SIZE,
  /** What else is set; said after what happens to the Service. */
  SETTINGS;

  /** Whether it is what clients do. */
  public boolean traffic() {
    return this == CALLERS || this == OPENING || this == IDLING || this == CURE;
  }
}
