package dev.conntrail.spec;

/**
 * How many pods a Service has.
 *
 * @param now behind it
 * @param ever that were behind it at any time, those of now included
 */
public record PodNumbers(int now, int ever) {
  /** That many more, of those that were there before as far as there are any. */
  PodNumbers more(int pods) {
    return new PodNumbers(now + pods, Math.max(ever, now + pods));
  }

  /** That many more, all new. */
  PodNumbers fresh(int pods) {
    return new PodNumbers(now + pods, ever + pods);
  }

  /** That many less. */
  PodNumbers less(int pods) {
    return new PodNumbers(now - pods, ever);
  }
}
