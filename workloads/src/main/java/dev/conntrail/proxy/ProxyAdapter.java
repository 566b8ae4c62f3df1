package dev.conntrail.proxy;

import dev.conntrail.spec.ProxyProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** All that is particular to one program. */
interface ProxyAdapter {
  /** That of a program. */
  static ProxyAdapter of(ProxyProgram program) {
    return switch (program) {
      case HAPROXY -> new HaproxyAdapter();
      case ENVOY -> new EnvoyAdapter();
    };
  }

  /** How it is got where it is not there: one line. */
  String mend();

  /** Its version, as it says it itself. */
  String version(Path program);

  /** Writes its configuration to its folder: no pod is served yet. */
  void configure(ProxyPlan plan, Path folder) throws IOException;

  /** How it is started, in the foreground. */
  List<String> command(Path program, Path folder);

  /**
   * Whether it listens.
   *
   * @throws IOException if its door does not answer, so it does not yet
   */
  boolean ready(Path folder) throws IOException;

  /** Serves these pods from now on, and no others. */
  void serve(ProxyPlan plan, Path folder, Set<String> pods) throws IOException;

  /** The pods that it serves, as it says; those that it was told may follow a little later. */
  Set<String> serving(ProxyPlan plan, Path folder) throws IOException;

  /** What it counted; zero of a pod that it never served. */
  ProxyCounts counts(ProxyPlan plan, Path folder) throws IOException;

  /** Takes no new connections from now on, and says goodbye on those that are open. */
  void drain(Path folder, long pid) throws IOException;

  /** Whether none is open any more; one that ends then by itself need not say so. */
  default boolean drained(Path folder) throws IOException {
    return false;
  }
}
