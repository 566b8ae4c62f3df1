package dev.conntrail.analysis.growth;

/**
 * What one independent load of rules, or one fork of a benchmark, cost: the median of its rounds or
 * iterations. Rounds of one load share its place in memory and its moment, so they are not
 * independent of each other.
 *
 * @param services loaded
 * @param ns the cost: in a model of the lookup; in the kernel what a target costs more than the
 *     first Service
 * @param callNs the cost with all that is measured with it: in the kernel of the whole call. What
 *     scatters, scatters with this.
 * @param clockNs smallest step of the clock
 * @param disturbed whether others had CPU time beside it
 */
record Observation(long services, double ns, double callNs, double clockNs, boolean disturbed) {
  /** The same with the whole of what was measured as its cost. */
  Observation ofCall() {
    return new Observation(services, callNs, callNs, clockNs, disturbed);
  }
}
