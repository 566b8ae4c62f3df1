package dev.conntrail.spec;

/** Where the pods are. */
public enum TestbedKind implements Named {
  /** Netns for the blocks of a matrix that this kernel can run, uml for the others. */
  AUTO("auto"),
  /** Network namespaces of this machine's own kernel: real rules, no cluster. */
  NETNS("netns"),
  /** The same within a User-mode Linux kernel, which has ip_vs and needs no root. */
  UML("uml"),
  /** Ports of 127.0.0.1: no rules, no privileges; data plane {@code direct} only. */
  LOOPBACK("loopback"),
  /** Clusters of kind, one for each kube-proxy mode, made and removed by the run. */
  KIND("kind"),
  /** The cluster that a kubeconfig names. */
  CLUSTER("cluster");

  private final String word;

  TestbedKind(String word) {
    this.word = word;
  }

  /** Whether it is a Kubernetes cluster, where kube-proxy makes the rules. */
  public boolean kubernetes() {
    return this == KIND || this == CLUSTER;
  }

  @Override
  public String word() {
    return word;
  }
}
