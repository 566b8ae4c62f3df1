package dev.conntrail.load.schedule;

/**
 * One client's requests of a schedule that all clients share. Callers take turns, and the callers
 * of all clients together have each request once.
 *
 * @param whole when the requests of all clients are due
 * @param callers of all clients
 * @param number of the client, from 0: caller {@code c} of it is caller {@code c * of + number} of
 *     all
 * @param of how many clients there are
 */
public record Slice(FireTimes whole, int callers, int number, int of) {
  /** The number in the whole schedule of the {@code k}-th request (from 0) of a caller. */
  public long request(int caller, long k) {
    return k * callers + (long) caller * of + number;
  }

  /** When the {@code k}-th request of a caller is due, in nanoseconds after the start. */
  public long dueNs(int caller, long k) {
    return whole.dueNs(request(caller, k));
  }
}
