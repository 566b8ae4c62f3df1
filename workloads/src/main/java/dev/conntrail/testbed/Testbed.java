package dev.conntrail.testbed;

import java.util.List;

/** Pods, clients and what may stand between them, for as long as it is open. */
public interface Testbed extends AutoCloseable {
  /** The pods, in order. */
  List<Place> pods();

  /** The client pods, in order. */
  List<Place> clients();

  /** Where proxies run that stand between clients and pods, in order; at last those of clients. */
  List<Place> proxies();

  /** Removes everything that it made. */
  @Override
  void close();
}
