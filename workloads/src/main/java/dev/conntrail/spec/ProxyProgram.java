package dev.conntrail.spec;

/** A program that stands between clients and pods, ends connections and opens its own. */
public enum ProxyProgram implements Named {
  /** HAProxy, of Debian. */
  HAPROXY("haproxy", "HAProxy", Ability.HAPROXY),
  /** Envoy. */
  ENVOY("envoy", "Envoy", Ability.ENVOY);

  private final String word;

  private final String name;

  private final Ability ability;

  ProxyProgram(String word, String name, Ability ability) {
    this.word = word;
    this.name = name;
    this.ability = ability;
  }

  /** What takes it of a testbed. */
  public Ability ability() {
    return ability;
  }

  /** Its name in a sentence. */
  String title() {
    return name;
  }

  @Override
  public String word() {
    return word;
  }
}
