package dev.conntrail.spec;

/** How the process in a pod ends. */
public enum PodEnding implements Named {
  /** At once, as one that is killed: the kernel closes its listeners and all of its sockets. */
  EXIT("exit"),
  /** Takes no more connections and serves those that are open until their clients close them. */
  DRAIN("drain"),
  /** Takes no more connections and tells clients to leave, each in its protocol's way. */
  GOODBYE("goodbye");

  private final String word;

  PodEnding(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
