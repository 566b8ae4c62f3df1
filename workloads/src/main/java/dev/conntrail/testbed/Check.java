package dev.conntrail.testbed;

/**
 * One thing that was looked for on this machine.
 *
 * @param name what
 * @param ok whether it is there
 * @param needed whether the testbed netns cannot do without
 * @param found what was found
 * @param mend the line that mends it; empty if all is well
 */
public record Check(String name, boolean ok, boolean needed, String found, String mend) {
  /** What the testbed netns can do without, tried by what refuses to go on without it. */
  public static Check tried(String name, Runnable requirement) {
    try {
      requirement.run();
      return new Check(name, true, false, "works", "");
    } catch (TestbedException e) {
      return new Check(name, false, false, e.why(), e.mend().orElse("see above"));
    }
  }
}
