package dev.conntrail.spec;

/** A program that stands between clients and pods, ends connections and opens its own. */
public enum ProxyProgram implements Named {
  /** HAProxy, of Debian. */
  HAPROXY("haproxy"),
  /** Envoy. */
  ENVOY("envoy");

  private final String word;

  ProxyProgram(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
