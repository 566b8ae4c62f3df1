package dev.conntrail.testbed;

import java.util.List;

/** Pods and clients, for as long as it is open. */
public interface Testbed extends AutoCloseable {
  /** The pods, in order. */
  List<Place> pods();

  /** The client pods, in order. */
  List<Place> clients();

  /** Removes everything that it made. */
  @Override
  void close();
}
