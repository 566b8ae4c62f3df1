package dev.conntrail.spec;

/** A program that stands between clients and pods, ends connections and opens its own. */
public enum ProxyProgram implements Named {
  /** HAProxy, of Debian. */
  HAPROXY("haproxy", Ability.HAPROXY),
  /** Envoy. */
  ENVOY("envoy", Ability.ENVOY);

  private final String word;

  private final Ability ability;

  ProxyProgram(String word, Ability ability) {
    this.word = word;
    this.ability = ability;
  }

  /** What takes it of a testbed. */
  public Ability ability() {
    return ability;
  }

  @Override
  public String word() {
    return word;
  }
}
