package dev.conntrail.report.block;

import java.util.List;
import java.util.Map;

/** A figure that a sentence shows, as it was before it was rounded for people. */
public sealed interface Figure {
  /** A count, a share, a time in nanoseconds, or milliseconds where its name says so. */
  record Value(double value) implements Figure {}

  /** How far a value spreads. */
  record Range(double low, double high) implements Figure {}

  /** A short name, such as a cell's. */
  record Name(String name) implements Figure {}

  /** Figures of a part of the sentence. */
  record Part(Map<String, Figure> figures) implements Figure {}

  /** Figures of parts that are alike, such as one for each cell. */
  record Parts(List<Part> parts) implements Figure {}
}
