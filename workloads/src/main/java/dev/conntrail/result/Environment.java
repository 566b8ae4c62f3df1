package dev.conntrail.result;

import java.util.List;
import java.util.Map;

/**
 * {@code environment.json}: the machine and the programs.
 *
 * @param conntrail version of this jar
 * @param git state of the checkout, {@code unknown} outside one
 * @param java version and vendor
 * @param jvmFlags of the load and echo processes
 * @param os name and version
 * @param kernel release
 * @param cpu model name
 * @param cpus logical CPUs
 * @param memoryBytes of the machine
 * @param tools programs and what they say of their version
 * @param sysctls that matter here, as found
 * @param cluster what was found out about the cluster, by name; empty without one
 * @param libraries of the clients, with their versions; empty where they were not recorded
 */
public record Environment(
    String conntrail,
    String git,
    String java,
    List<String> jvmFlags,
    String os,
    String kernel,
    String cpu,
    int cpus,
    long memoryBytes,
    Map<String, String> tools,
    Map<String, String> sysctls,
    Map<String, String> cluster,
    Map<String, String> libraries) {
  /** Nothing is known. */
  static final Environment UNKNOWN =
      new Environment(
          "unknown", "unknown", "unknown", List.of(), "unknown", "unknown", "unknown", 0, 0,
          Map.of(), Map.of(), Map.of(), Map.of());

  /** The processor, how many, and memory to a GiB: what a kernel keeps for itself is none of it. */
  public String machine() {
    return "%s, %d CPUs, %d GiB"
        .formatted(cpu, cpus, Math.round((double) memoryBytes / (1L << 30)));
  }

  public Environment {
    cluster = cluster == null ? Map.of() : cluster;
    libraries = libraries == null ? Map.of() : libraries;
  }
}
